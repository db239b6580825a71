package dev.hone.schema;

import dev.hone.schema.Automaton.Move;
import dev.hone.schema.CharacterSet.Span;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes an automaton of an expression: first one that may be in several states at once (Thompson 1968), then the deterministic one
 * whose states are sets of these. Texts belong to it that have a part which the expression describes.
 */
final class PatternCompiler {
    private static final int MOST_NODES = 20_000;

    /** Visits of nodes while sets are made. */
    private static final long MOST_VISITS = 2_000_000;

    private final String place;
    private final List<Node> nodes = new ArrayList<>();
    private long visits;

    /** What a node waits for on the way to the next. */
    private enum Edge {
        FREE,
        AT_BEGIN,
        AT_END,
        CHARACTER
    }

    /** A state of the first automaton. */
    private static final class Node {
        private final Edge edge;
        private final CharacterSet set;
        private final List<Integer> next = new ArrayList<>();

        private Node(Edge edge, CharacterSet set) {
            this.edge = edge;
            this.set = set;
        }
    }

    private PatternCompiler(String place) {
        this.place = place;
    }

    /**
     * @throws SchemaException when it is no expression that is supported, or too large
     * @return null when no text belongs to it
     */
    static @Nullable Automaton compile(String pattern, String place) {
        return new PatternCompiler(place).automaton(PatternParser.parse(pattern, place));
    }

    private @Nullable Automaton automaton(Expression expression) {
        int end = node(Edge.FREE, CharacterSet.ALL);
        int rest = node(Edge.CHARACTER, CharacterSet.ALL);
        nodes.get(rest).next.add(end);
        nodes.get(end).next.add(rest);
        int found = add(expression, end);
        int start = node(Edge.FREE, CharacterSet.ALL);
        int before = node(Edge.CHARACTER, CharacterSet.ALL);
        nodes.get(before).next.add(start);
        nodes.get(start).next.add(before);
        nodes.get(start).next.add(found);
        return deterministic(start, end);
    }

    private int node(Edge edge, CharacterSet set) {
        if (nodes.size() == MOST_NODES) {
            throw new SchemaException("[pattern] at [%s] is too large: more than [%d] parts, each repetition counted"
                    .formatted(place, MOST_NODES));
        }
        nodes.add(new Node(edge, set));
        return nodes.size() - 1;
    }

    private int node(Edge edge, CharacterSet set, int next) {
        int made = node(edge, set);
        nodes.get(made).next.add(next);
        return made;
    }

    /** Adds what leads through an expression to a node; returns where it begins. */
    private int add(Expression expression, int next) {
        return switch (expression) {
            case Expression.Characters(CharacterSet set) -> node(Edge.CHARACTER, set, next);
            case Expression.Begin() -> node(Edge.AT_BEGIN, CharacterSet.ALL, next);
            case Expression.End() -> node(Edge.AT_END, CharacterSet.ALL, next);
            case Expression.Sequence(List<Expression> parts) -> {
                int first = next;
                for (Expression part : parts.reversed()) {
                    first = add(part, first);
                }
                yield first;
            }
            case Expression.Choice(List<Expression> options) -> {
                int choice = node(Edge.FREE, CharacterSet.ALL);
                for (Expression option : options) {
                    int first = add(option, next);
                    nodes.get(choice).next.add(first);
                }
                yield choice;
            }
            case Expression.Repeat repeat -> add(repeat, next);
        };
    }

    private int add(Expression.Repeat repeat, int next) {
        int first = next;
        if (repeat.most() == Integer.MAX_VALUE) {
            int loop = node(Edge.FREE, CharacterSet.ALL, next);
            int again = add(repeat.part(), loop);
            nodes.get(loop).next.add(again);
            first = loop;
        } else {
            for (int i = repeat.least(); i < repeat.most(); i++) {
                int optional = node(Edge.FREE, CharacterSet.ALL, next);
                int once = add(repeat.part(), first);
                nodes.get(optional).next.add(once);
                first = optional;
            }
        }
        for (int i = 0; i < repeat.least(); i++) {
            first = add(repeat.part(), first);
        }
        return first;
    }

    private @Nullable Automaton deterministic(int start, int end) {
        Map<BitSet, Integer> numbers = new HashMap<>();
        List<BitSet> sets = new ArrayList<>();
        List<List<Move>> moves = new ArrayList<>();
        BitSet ends = new BitSet();
        // The first state alone is where the text begins; no other leads to it.
        BitSet begin = new BitSet();
        reach(start, true, false, begin);
        sets.add(begin);
        int count = 0;
        while (moves.size() < sets.size()) {
            int state = moves.size();
            BitSet set = sets.get(state);
            BitSet atEnd = new BitSet();
            set.stream().forEach(node -> reach(node, state == 0, true, atEnd));
            ends.set(state, atEnd.get(end));
            List<Move> some = new ArrayList<>();
            for (Map.Entry<Span, BitSet> span : spans(set).entrySet()) {
                BitSet target = new BitSet();
                span.getValue().stream()
                        .forEach(node -> nodes.get(node).next.forEach(next -> reach(next, false, false, target)));
                if (target.get(end)) {
                    // Whatever follows, the text belongs to it.
                    target.clear();
                    reach(end, false, false, target);
                }
                Integer number = numbers.putIfAbsent(target, sets.size());
                if (number == null) {
                    number = sets.size();
                    sets.add(target);
                }
                some.add(new Move(span.getKey(), number));
            }
            moves.add(some);
            count += some.size();
            Automaton.requireSize(sets.size(), count, place);
        }
        return Automaton.of(moves, ends);
    }

    /** Adds the nodes that are reached without a character. */
    private void reach(int from, boolean atBegin, boolean atEnd, BitSet reached) {
        List<Integer> open = new ArrayList<>();
        open.add(from);
        while (!open.isEmpty()) {
            int node = open.removeLast();
            if (++visits > MOST_VISITS) {
                throw new SchemaException(
                        "[pattern] at [%s] takes too long to compile: make it simpler".formatted(place));
            }
            if (!reached.get(node)) {
                reached.set(node);
                boolean passes = switch (nodes.get(node).edge) {
                    case FREE -> true;
                    case AT_BEGIN -> atBegin;
                    case AT_END -> atEnd;
                    case CHARACTER -> false;
                };
                if (passes) {
                    open.addAll(nodes.get(node).next);
                }
            }
        }
    }

    /** The largest spans of characters on which the same nodes of a set go on, with these nodes, rising. */
    private Map<Span, BitSet> spans(BitSet set) {
        TreeSet<Integer> starts = new TreeSet<>();
        List<Integer> waiting = set.stream()
                .filter(node -> nodes.get(node).edge == Edge.CHARACTER)
                .boxed()
                .toList();
        for (int node : waiting) {
            for (Span span : nodes.get(node).set.spans()) {
                starts.add(span.low());
                starts.add(span.high() + 1);
            }
        }
        List<Integer> bounds = List.copyOf(starts);
        Map<Integer, Integer> places = new HashMap<>();
        for (int i = 0; i < bounds.size(); i++) {
            places.put(bounds.get(i), i);
        }
        List<BitSet> going = new ArrayList<>();
        bounds.forEach(bound -> going.add(new BitSet()));
        for (int node : waiting) {
            for (Span span : nodes.get(node).set.spans()) {
                int to = places.getOrDefault(span.high() + 1, bounds.size());
                for (int i = places.getOrDefault(span.low(), 0); i < to; i++) {
                    visits++;
                    going.get(i).set(node);
                }
            }
        }
        Map<Span, BitSet> spans = new LinkedHashMap<>();
        for (int i = 0; i + 1 < bounds.size(); i++) {
            if (!going.get(i).isEmpty()) {
                spans.put(new Span(bounds.get(i), bounds.get(i + 1) - 1), going.get(i));
            }
        }
        return spans;
    }
}
