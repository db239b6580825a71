package dev.hone.schema;

import dev.hone.schema.CharacterSet.Span;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A set of texts as a deterministic automaton over characters. It begins in state 0; from every state some text of the set can
 * be completed. Equal only to itself.
 */
final class Automaton {
    /** Of one automaton. */
    static final int MOST_STATES = 5_000;

    private static final int MOST_MOVES = 200_000;

    private final Move[][] moves;
    private final BitSet ends;

    /** From a state on the characters of a span; those of a state rise and do not meet. */
    record Move(Span span, int target) {}

    private Automaton(Move[][] moves, BitSet ends) {
        this.moves = moves;
        this.ends = ends;
    }

    /**
     * Of moves that may lead nowhere.
     *
     * @param moves of each state, rising and apart from each other
     * @return null when no text can be completed
     */
    static @Nullable Automaton of(List<List<Move>> moves, BitSet ends) {
        BitSet live = live(moves, ends);
        if (!live.get(0)) {
            return null;
        }
        int[] numbers = new int[moves.size()];
        int count = 0;
        for (int state = 0; state < numbers.length; state++) {
            numbers[state] = live.get(state) ? count++ : -1;
        }
        Move[][] kept = new Move[count][];
        BitSet keptEnds = new BitSet();
        for (int state = live.nextSetBit(0); state >= 0; state = live.nextSetBit(state + 1)) {
            List<Move> some = new ArrayList<>();
            for (Move move : moves.get(state)) {
                if (live.get(move.target())) {
                    add(some, new Move(move.span(), numbers[move.target()]));
                }
            }
            kept[numbers[state]] = some.toArray(Move[]::new);
            keptEnds.set(numbers[state], ends.get(state));
        }
        return new Automaton(kept, keptEnds);
    }

    /** Joins a move to the one before it where both are one. */
    private static void add(List<Move> moves, Move next) {
        if (!moves.isEmpty()
                && moves.getLast().target() == next.target()
                && moves.getLast().span().high() + 1 == next.span().low()) {
            Span before = moves.removeLast().span();
            moves.add(new Move(new Span(before.low(), next.span().high()), next.target()));
        } else {
            moves.add(next);
        }
    }

    /** States from which an end can be reached. */
    private static BitSet live(List<List<Move>> moves, BitSet ends) {
        List<List<Integer>> sources = new ArrayList<>();
        moves.forEach(any -> sources.add(new ArrayList<>()));
        for (int state = 0; state < moves.size(); state++) {
            for (Move move : moves.get(state)) {
                sources.get(move.target()).add(state);
            }
        }
        BitSet live = (BitSet) ends.clone();
        List<Integer> open = new ArrayList<>(ends.stream().boxed().toList());
        while (!open.isEmpty()) {
            for (int source : sources.get(open.removeLast())) {
                if (!live.get(source)) {
                    live.set(source);
                    open.add(source);
                }
            }
        }
        return live;
    }

    /** Texts of at least and at most some characters. */
    static Automaton lengths(int least, int most) {
        List<List<Move>> moves = new ArrayList<>();
        BitSet ends = new BitSet();
        int states = most == Integer.MAX_VALUE ? least + 1 : most + 1;
        for (int length = 0; length < states; length++) {
            boolean last = length == states - 1;
            int target = last ? length : length + 1;
            moves.add(
                    last && most != Integer.MAX_VALUE
                            ? List.of()
                            : CharacterSet.ALL.spans().stream()
                                    .map(span -> new Move(span, target))
                                    .toList());
            ends.set(length, length >= least);
        }
        return new Automaton(
                moves.stream().map(some -> some.toArray(Move[]::new)).toArray(Move[][]::new), ends);
    }

    /** After one more character; -1 when no text goes on so. */
    int next(int state, int character) {
        Move[] some = moves[state];
        int low = 0;
        int high = some.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Span span = some[middle].span();
            if (character < span.low()) {
                high = middle - 1;
            } else if (character > span.high()) {
                low = middle + 1;
            } else {
                return some[middle].target();
            }
        }
        return -1;
    }

    /** Whether a text goes on with one of the characters between two, both included. */
    boolean goesOn(int state, int low, int high) {
        for (Move move : moves[state]) {
            if (move.span().meets(low, high)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the text may end here. */
    boolean mayEnd(int state) {
        return ends.get(state);
    }

    boolean accepts(String text) {
        int state = 0;
        for (int i = 0; i < text.length() && state >= 0; i += Character.charCount(text.codePointAt(i))) {
            state = next(state, text.codePointAt(i));
        }
        return state >= 0 && mayEnd(state);
    }

    /**
     * The texts that both have.
     *
     * @param place for the message when there are too many states
     * @return null when there is none
     */
    @Nullable
    Automaton and(Automaton other, String place) {
        Map<Long, Integer> numbers = new HashMap<>();
        List<long[]> pairs = new ArrayList<>();
        List<List<Move>> both = new ArrayList<>();
        BitSet bothEnd = new BitSet();
        int count = 0;
        numbers.put(0L, 0);
        pairs.add(new long[] {0, 0});
        while (both.size() < pairs.size()) {
            int a = (int) pairs.get(both.size())[0];
            int b = (int) pairs.get(both.size())[1];
            List<Move> some = new ArrayList<>();
            for (int i = 0, j = 0; i < moves[a].length && j < other.moves[b].length; ) {
                Move one = moves[a][i];
                Move two = other.moves[b][j];
                int low = Math.max(one.span().low(), two.span().low());
                int high = Math.min(one.span().high(), two.span().high());
                if (low <= high) {
                    long key = (long) one.target() << 32 | two.target();
                    Integer target = numbers.putIfAbsent(key, pairs.size());
                    if (target == null) {
                        target = pairs.size();
                        pairs.add(new long[] {one.target(), two.target()});
                    }
                    some.add(new Move(new Span(low, high), target));
                }
                if (one.span().high() < two.span().high()) {
                    i++;
                } else {
                    j++;
                }
            }
            bothEnd.set(both.size(), mayEnd(a) && other.mayEnd(b));
            both.add(some);
            count += some.size();
            requireSize(pairs.size(), count, place);
        }
        return of(both, bothEnd);
    }

    static void requireSize(int states, int moves, String place) {
        if (states > MOST_STATES || moves > MOST_MOVES) {
            throw new SchemaException(
                    "The text at [%s] needs an automaton of more than [%d] states or [%d] moves: anchor its [pattern] by [^] and [$], repeat less, or leave [minLength] and [maxLength] out"
                            .formatted(place, MOST_STATES, MOST_MOVES));
        }
    }
}
