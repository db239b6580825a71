package dev.hone.task;

import dev.hone.record.Split;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Gives whole groups to splits, so that nothing of a group can be in two. */
final class Splitter {
    /** No answer is so. */
    private static final String RARE = "\u0000rare";

    /** Shares are per cent. */
    private static final double ALL = 100;

    private final DatasetPlan plan;
    private final List<Candidate> candidates;
    private final List<String> places;
    private final List<List<Integer>> groups;
    private final @Nullable Split[] placed;
    private final boolean[] learned;

    /**
     * @param places of each candidate an order that has nothing to do with what it says
     * @param groups members that may not be parted, every candidate in one
     * @param placed the split of each candidate that an earlier dataset gave one; null for the others
     * @param learned those that are learned from, or left out; a place counts more
     */
    Splitter(
            DatasetPlan plan,
            List<Candidate> candidates,
            List<String> places,
            List<List<Integer>> groups,
            @Nullable Split[] placed,
            boolean[] learned) {
        this.plan = plan;
        this.candidates = candidates;
        this.places = places;
        this.groups = groups;
        this.placed = placed;
        this.learned = learned;
    }

    /** The split of each candidate; null for one that is left out. */
    @Nullable
    Split[] splits() {
        return switch (plan.kind()) {
            case GROUPED -> evenly(false);
            case STRATIFIED -> evenly(true);
            case TIME -> byTime();
        };
    }

    /** The largest groups first, each to the split that lacks most of its classes, then most of all. */
    private @Nullable Split[] evenly(boolean stratified) {
        List<String> strata =
                stratified ? strata() : candidates.stream().map(one -> "").toList();
        Map<String, Integer> totals = totals(strata);
        List<List<Integer>> order = new ArrayList<>(groups);
        order.sort(Comparator.comparingInt((List<Integer> group) -> group.size())
                .reversed()
                .thenComparing(this::place));
        List<Filling> fillings = Stream.of(Split.values())
                .filter(split -> plan.share(split) > 0)
                .map(split -> new Filling(split, plan.share(split) / 100.0))
                .toList();
        @Nullable Split[] splits = new @Nullable Split[candidates.size()];
        for (List<Integer> group : order) {
            Split bound = bound(group);
            if (bound != null) {
                for (int member : group) {
                    Split own = placed[member];
                    Split split = own == null ? bound : own;
                    if (own == null && learned[member] && split != Split.TRAIN) {
                        continue;
                    }
                    splits[member] = split;
                    fillings.stream()
                            .filter(filling -> filling.split == split)
                            .forEach(filling -> filling.add(List.of(strata.get(member))));
                }
            }
        }
        for (List<Integer> group : order) {
            if (bound(group) != null) {
                continue;
            }
            List<String> members = group.stream().map(strata::get).toList();
            Filling best = fillings.getFirst();
            for (Filling filling : fillings) {
                if (filling.lacks(members, totals, splits.length)
                        > best.lacks(members, totals, splits.length) + 1e-12) {
                    best = filling;
                }
            }
            best.add(members);
            for (int member : group) {
                splits[member] = best.split;
            }
        }
        return splits;
    }

    /**
     * The class of each candidate. Of small classes the largest split, which is learned from, has the first rows; but where most candidates are of classes of which
     * the smallest split would not get one, these are spread as one class: answers that are seldom the same would else nearly all be learned from, and few be judged by.
     */
    private List<String> strata() {
        List<String> strata =
                candidates.stream().map(candidate -> candidate.stratum(plan)).toList();
        Map<String, Integer> totals = totals(strata);
        double smallest = Stream.of(Split.values())
                .mapToInt(plan::share)
                .filter(share -> share > 0)
                .min()
                .orElseThrow();
        long rare = strata.stream()
                .filter(stratum -> totals.getOrDefault(stratum, 0) * smallest < ALL)
                .count();
        boolean seldom = 2 * rare > strata.size() && rare * smallest >= ALL;
        return strata.stream()
                .map(stratum -> seldom && totals.getOrDefault(stratum, 0) * smallest < ALL ? RARE : stratum)
                .toList();
    }

    private static Map<String, Integer> totals(List<String> strata) {
        Map<String, Integer> totals = new HashMap<>();
        strata.forEach(stratum -> totals.merge(stratum, 1, Integer::sum));
        return totals;
    }

    /**
     * Where a group goes that has members with a place, or that are learned from: nothing is judged by what is near to what was learned from. Null for one that has
     * none.
     */
    private @Nullable Split bound(List<Integer> group) {
        Split bound = null;
        for (int member : group) {
            Split split = placed[member];
            if (split != null && (bound == null || split.ordinal() < bound.ordinal())) {
                bound = split;
            }
        }
        return bound == null && group.stream().anyMatch(member -> learned[member]) ? Split.TRAIN : bound;
    }

    /** A split while it is filled. */
    private static final class Filling {
        /** What is lacking of the whole decides only between splits that lack as much of the classes. */
        private static final double WHOLE = 1e-3;

        private final Split split;
        private final double share;
        private final Map<String, Integer> given = new HashMap<>();
        private int size;

        Filling(Split split, double share) {
            this.split = split;
            this.share = share;
        }

        double lacks(List<String> members, Map<String, Integer> totals, int all) {
            double lacking = 0;
            for (String stratum : members) {
                lacking += share * totals.getOrDefault(stratum, 0) - given.getOrDefault(stratum, 0);
            }
            return lacking / members.size() + WHOLE * (share - (double) size / all);
        }

        void add(List<String> members) {
            members.forEach(stratum -> given.merge(stratum, 1, Integer::sum));
            size += members.size();
        }
    }

    private String place(List<Integer> group) {
        return group.stream().map(places::get).min(Comparator.naturalOrder()).orElseThrow();
    }

    /** Cut at two moments; a group keeps what it has in the earliest of its splits, the rest of it is left out. */
    private @Nullable Split[] byTime() {
        Instant[] times = candidates.stream().map(Candidate::occurred).sorted().toArray(Instant[]::new);
        Split[] byMoment = new Split[candidates.size()];
        for (int i = 0; i < byMoment.length; i++) {
            byMoment[i] = at(candidates.get(i).occurred(), times);
        }
        @Nullable Split[] splits = new @Nullable Split[candidates.size()];
        for (List<Integer> group : groups) {
            Split earliest = group.stream()
                    .map(member -> byMoment[member])
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
            for (int member : group) {
                splits[member] = byMoment[member] == earliest ? earliest : null;
            }
        }
        return splits;
    }

    /** Equal times are in one split: that of the first of them. */
    private Split at(Instant time, Instant[] times) {
        int first = Arrays.binarySearch(times, time);
        while (first > 0 && times[first - 1].equals(time)) {
            first--;
        }
        double part = 100.0 * first / times.length;
        if (part < plan.share(Split.TRAIN)) {
            return Split.TRAIN;
        }
        return part < plan.share(Split.TRAIN) + plan.share(Split.VALIDATION) ? Split.VALIDATION : Split.TEST;
    }
}
