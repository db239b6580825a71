package dev.hone.improve;

import dev.hone.improve.Sampling.Purpose;
import dev.hone.record.Embedder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is most worth an expert's minute. Each reason has a strength from 0 to 1 and a weight; what a call is worth is 1 − Π(1 − weight · strength),
 * as if each reason by itself found a mistake with that probability: more reasons are worth more, and none alone outweighs all others. Calls that were drawn to
 * judge versions by stand among them by chance.
 */
public final class Queue {
    private static final double COMPLAINED = 0.7;
    private static final double DISAGREES = 0.6;
    private static final double GRADED = 0.6;
    private static final double NOVEL = 0.5;
    private static final double UNCERTAIN = 0.5;

    /** Worth of a call without any reason: so that what is asked for is not only what looks bad. */
    private static final double DRAWN = 0.05;

    /** Worth of a label whose second opinion is missing. */
    private static final double SECOND = 0.5;

    /** Worth of a third opinion where two people disagree: until then nobody learns from either. */
    private static final double DISPUTED = 0.7;

    /** Cosine above which two inputs are one to an expert. */
    private static final double ALIKE = 0.95;

    private Queue() {}

    /**
     * A call that could be labelled.
     *
     * @param input as a vector of length 1; of no numbers where there is none
     * @param uncertainty of the answer; null where it is not known
     * @param disagrees whether another version answered the same otherwise
     * @param novelty from 0 to 1; null where there is no reference
     * @param grade the lowest; null where there is none
     * @param complained whether feedback says that it was bad
     * @param labelledBy who has said what is right
     * @param skippedBy who did not want to
     * @param disputed whether two people say otherwise
     * @param drawn whether versions are to be judged by it, and nobody who was asked has answered
     */
    public record Candidate(
            UUID trace,
            float[] input,
            @Nullable Double uncertainty,
            boolean disagrees,
            @Nullable Double novelty,
            @Nullable Double grade,
            boolean complained,
            Set<String> labelledBy,
            Set<String> skippedBy,
            boolean disputed,
            boolean drawn) {
        public Candidate {
            labelledBy = Set.copyOf(labelledBy);
            skippedBy = Set.copyOf(skippedBy);
        }
    }

    /**
     * A call that waits.
     *
     * @param worth from 0 to 1
     * @param reasons in words, the strongest first
     * @param alike how many others are almost the same, and wait behind it
     * @param second whether somebody else has labelled it, and another opinion is wanted
     */
    public record Item(UUID trace, double worth, List<String> reasons, int alike, boolean second) {
        public Item {
            reasons = List.copyOf(reasons);
        }
    }

    private record Reason(double strength, String words) {}

    private record Ranked(Candidate candidate, Item item) {}

    /**
     * What waits, the most worth first.
     *
     * @param person for whom; null for anybody
     * @param secondLabels share of the labelled that a second person sees
     */
    public static List<Item> of(List<Candidate> candidates, @Nullable String person, double secondLabels, int most) {
        List<Ranked> ranked = candidates.stream()
                .filter(candidate -> waits(candidate, person, secondLabels))
                .map(candidate -> new Ranked(candidate, item(candidate)))
                .sorted(Comparator.comparingDouble((Ranked one) -> -one.item().worth())
                        .thenComparingDouble(
                                one -> Sampling.place(theirs(one.candidate().trace(), person), Purpose.ORDER)))
                .toList();
        List<Ranked> kept = new ArrayList<>();
        List<Integer> alike = new ArrayList<>();
        for (Ranked one : ranked) {
            int like = like(kept, one);
            if (like >= 0) {
                alike.set(like, alike.get(like) + 1);
            } else if (kept.size() < most) {
                kept.add(one);
                alike.add(0);
            }
        }
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            Item item = kept.get(i).item();
            items.add(new Item(item.trace(), item.worth(), item.reasons(), alike.get(i), item.second()));
        }
        return items;
    }

    private static boolean waits(Candidate candidate, @Nullable String person, double secondLabels) {
        if (person != null
                && (candidate.labelledBy().contains(person)
                        || candidate.skippedBy().contains(person))) {
            return false;
        }
        return candidate.drawn()
                || candidate.labelledBy().isEmpty()
                || candidate.labelledBy().size() == 1
                        && Sampling.isIn(candidate.trace(), Purpose.SECOND_LABEL, secondLabels)
                || candidate.labelledBy().size() == 2 && candidate.disputed();
    }

    /** Of calls that are worth the same each person is asked in an order of their own, so that two at once are not asked the same. */
    private static UUID theirs(UUID trace, @Nullable String person) {
        return person == null
                ? trace
                : new UUID(
                        trace.getMostSignificantBits() ^ person.hashCode() * 0x9E37_79B9_7F4A_7C15L,
                        trace.getLeastSignificantBits());
    }

    /**
     * Two opinions on one call are wanted: what waits for the second is like nothing else. Neither is what was drawn: what many ask is to be judged by as often as it
     * was drawn.
     */
    private static int like(List<Ranked> kept, Ranked one) {
        float[] input = one.candidate().input();
        if (input.length == 0 || one.item().second() || one.candidate().drawn()) {
            return -1;
        }
        for (int i = 0; i < kept.size(); i++) {
            float[] other = kept.get(i).candidate().input();
            if (other.length == input.length && Embedder.cosine(input, other) >= ALIKE) {
                return i;
            }
        }
        return -1;
    }

    /** What was drawn is worth what chance says, and not what is known of it: those that are asked first are no worse than the others. */
    private static Item item(Candidate candidate) {
        if (candidate.drawn()) {
            return new Item(
                    candidate.trace(),
                    Sampling.place(candidate.trace(), Purpose.ORDER),
                    List.of("drawn by chance"),
                    0,
                    false);
        }
        List<Reason> reasons = new ArrayList<>();
        if (candidate.complained()) {
            reasons.add(new Reason(COMPLAINED, "feedback says that it was bad"));
        }
        if (candidate.disagrees()) {
            reasons.add(new Reason(DISAGREES, "another version answered otherwise"));
        }
        Double grade = candidate.grade();
        if (grade != null && grade < 1) {
            reasons.add(new Reason(GRADED * (1 - grade), String.format(Locale.ROOT, "graded %.2f", grade)));
        }
        Double novelty = candidate.novelty();
        if (novelty != null && novelty >= 0.5) {
            reasons.add(new Reason(NOVEL * novelty, novelty >= 1 ? "like nothing before" : "unlike most before"));
        }
        Double uncertainty = candidate.uncertainty();
        if (uncertainty != null && uncertainty >= 0.05) {
            reasons.add(new Reason(
                    UNCERTAIN * uncertainty,
                    String.format(Locale.ROOT, "the model was %.0f %% sure", 100 * (1 - uncertainty))));
        }
        boolean second = !candidate.labelledBy().isEmpty();
        if (candidate.disputed()) {
            reasons.add(new Reason(DISPUTED, "two who labelled it disagree"));
        } else if (second) {
            reasons.add(new Reason(SECOND, "wants a second opinion"));
        }
        reasons.sort(Comparator.comparingDouble(reason -> -reason.strength()));
        double doubt = 1;
        for (Reason reason : reasons) {
            doubt *= 1 - reason.strength();
        }
        return reasons.isEmpty()
                ? new Item(candidate.trace(), DRAWN, List.of("drawn by chance"), 0, false)
                : new Item(
                        candidate.trace(),
                        1 - doubt,
                        reasons.stream().map(Reason::words).toList(),
                        0,
                        second);
    }
}
