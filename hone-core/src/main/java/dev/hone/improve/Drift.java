package dev.hone.improve;

import dev.hone.evaluate.Holm;
import dev.hone.improve.Look.Novelty;
import dev.hone.improve.Look.Region;
import dev.hone.improve.TwoSamples.Result;
import dev.hone.record.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.ToIntFunction;

/**
 * Whether production is still what the reference was: inputs by cluster and by distance, answers by name and by length, feedback, grades. What decides
 * is the {@link Evidence} of each, which may be looked at as often as anybody likes, corrected for all of them together (Holm); what describes is a
 * test of the window against the reference. A pure function: the same calls have the same findings.
 */
public final class Drift {
    /** Without so many calls in the reference nothing is said. */
    public static final int LEAST = 100;

    /** Numbers of which a series needs at least in its reference. */
    private static final int LEAST_NUMBERS = 20;

    private static final int PARTS = 10;
    private static final int NEWEST = 20;
    private static final int NAMED = 20;

    private final List<Sight> reference;
    private final List<Sight> since;
    private final List<Sight> window;
    private final long seed;
    private final Regions regions;
    private final List<Draft> drafts = new ArrayList<>();

    private record Draft(String of, int then, int now, Result result, Evidence evidence, String change) {}

    private Drift(List<Sight> reference, List<Sight> since, int window, long seed) {
        this.reference = reference;
        this.since = since;
        this.window = since.subList(since.size() - window, since.size());
        this.seed = seed;
        this.regions = Regions.of(reference, seed);
    }

    /**
     * Looks.
     *
     * @param reference calls, {@link #LEAST} at least
     * @param since calls after it, in the order in which they were watched
     * @param window how many of the last of these are of the window
     * @param series what else there is
     * @param level how probable a false alarm may be
     */
    public static Look look(
            List<Sight> reference, List<Sight> since, int window, List<Series> series, double level, long seed) {
        if (reference.size() < LEAST) {
            throw new IllegalArgumentException(
                    "A reference of [%d] calls is too small: it takes [%d]".formatted(reference.size(), LEAST));
        }
        Drift drift = new Drift(reference, since, window, seed);
        drift.inputs();
        drift.outputs();
        series.stream().filter(one -> one.reference().length >= LEAST_NUMBERS).forEach(drift::numbers);
        return drift.look(level);
    }

    private long seed(int place) {
        return Seeds.mix(seed, place);
    }

    private void inputs() {
        ToIntFunction<Sight> cluster = sight -> regions.clusters().of(sight.input());
        int[] then = regions.counts(regions.held());
        int[] now = regions.counts(window);
        drafts.add(new Draft(
                "inputs: clusters",
                regions.held().size(),
                window.size(),
                TwoSamples.counts(then, now, seed(1)),
                categories(cluster, regions.clusters().size(), seed(2)),
                share("cluster", then, now)));
        Evidence far = new Evidence(regions.distances(), Evidence.even(PARTS), seed(3));
        Arrays.stream(regions.distances(since)).forEach(far::add);
        int novel = regions.novel(window);
        drafts.add(new Draft(
                "inputs: meaning",
                regions.held().size(),
                window.size(),
                TwoSamples.vectors(
                        regions.held().stream().map(Sight::input).toList(),
                        window.stream().map(Sight::input).toList(),
                        seed(4)),
                far,
                "%s like nothing before, %s expected"
                        .formatted(percent(novel, window.size()), percent(Regions.NOVEL))));
    }

    /** By their share of the part that the rest knows nothing of. */
    private Evidence categories(ToIntFunction<Sight> category, int categories, long seed) {
        int[] counts = new int[categories];
        regions.fitted().forEach(sight -> counts[category.applyAsInt(sight)]++);
        Categories parts = Categories.of(counts);
        Evidence evidence = new Evidence(
                regions.held().stream()
                        .mapToDouble(sight -> parts.value(category.applyAsInt(sight)))
                        .toArray(),
                parts.widths(),
                seed);
        since.forEach(sight -> evidence.add(parts.value(category.applyAsInt(sight))));
        return evidence;
    }

    private void outputs() {
        Map<String, Integer> numbers = new TreeMap<>();
        reference.forEach(sight -> numbers.putIfAbsent(sight.named(), 0));
        since.forEach(sight -> numbers.putIfAbsent(sight.named(), 0));
        List<String> names = List.copyOf(numbers.keySet());
        for (int i = 0; i < names.size(); i++) {
            numbers.put(names.get(i), i);
        }
        ToIntFunction<Sight> name = sight -> numbers.get(sight.named());
        int[] then = new int[names.size()];
        int[] now = new int[names.size()];
        reference.forEach(sight -> then[name.applyAsInt(sight)]++);
        window.forEach(sight -> now[name.applyAsInt(sight)]++);
        if (names.size() > 1) {
            drafts.add(new Draft(
                    "answers: names",
                    reference.size(),
                    window.size(),
                    TwoSamples.counts(then, now, seed(5)),
                    categories(name, names.size(), seed(6)),
                    share(names, then, now)));
        }
        double[] before = reference.stream().mapToDouble(Sight::length).toArray();
        double[] after = window.stream().mapToDouble(Sight::length).toArray();
        Evidence lengths = new Evidence(before, Evidence.even(PARTS), seed(7));
        since.forEach(sight -> lengths.add(sight.length()));
        drafts.add(new Draft(
                "answers: length",
                before.length,
                after.length,
                TwoSamples.numbers(before, after),
                lengths,
                String.format(Locale.ROOT, "median of %.0f characters, %.0f before", median(after), median(before))));
    }

    private void numbers(Series series) {
        double[] window =
                Arrays.copyOfRange(series.since(), series.since().length - series.window(), series.since().length);
        int place = 8 + series.of().hashCode();
        Evidence evidence = new Evidence(series.reference(), Evidence.even(PARTS), seed(place));
        Arrays.stream(series.since()).forEach(evidence::add);
        drafts.add(new Draft(
                series.of(),
                series.reference().length,
                window.length,
                TwoSamples.means(series.reference(), window, seed(place + 1)),
                evidence,
                String.format(Locale.ROOT, "mean %.3f, %.3f before", mean(window), mean(series.reference()))));
    }

    private Look look(double level) {
        double[] once = Holm.correct(
                drafts.stream().mapToDouble(draft -> draft.result().p()).toArray());
        double[] ever = Holm.correct(
                drafts.stream().mapToDouble(draft -> draft.evidence().p()).toArray());
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < drafts.size(); i++) {
            Draft draft = drafts.get(i);
            findings.add(new Finding(
                    draft.of(),
                    draft.then(),
                    draft.now(),
                    draft.result().test(),
                    draft.result().statistic(),
                    draft.result().p(),
                    once[i],
                    draft.evidence().most() / Math.log(10),
                    draft.evidence().p(),
                    ever[i],
                    ever[i] <= level,
                    draft.change()));
        }
        return new Look(
                reference.size(),
                since.size(),
                window.size(),
                level,
                findings,
                regionsSeen(),
                novelty(),
                fresh(Drift::named),
                fresh(Sight::offered));
    }

    private static Set<String> named(Sight sight) {
        return Set.of(sight.named());
    }

    private List<Region> regionsSeen() {
        int[] then = regions.counts(regions.held());
        int[] now = regions.counts(window);
        List<Region> seen = new ArrayList<>();
        for (int i = 0; i < then.length; i++) {
            seen.add(new Region(
                    regions.fitted().get(regions.clusters().medoid(i)).trace(), then[i], now[i]));
        }
        return seen;
    }

    private Novelty novelty() {
        double radius = regions.radius();
        List<UUID> newest = window.reversed().stream()
                .filter(sight -> regions.clusters().distance(sight.input()) > radius)
                .limit(NEWEST)
                .map(Sight::trace)
                .toList();
        return new Novelty(radius, Regions.NOVEL, regions.novel(window), newest);
    }

    /** What the window has and the reference never had, the most frequent first. */
    private List<String> fresh(java.util.function.Function<Sight, Set<String>> names) {
        Set<String> known = new HashSet<>();
        reference.forEach(sight -> known.addAll(names.apply(sight)));
        Map<String, Integer> counts = new HashMap<>();
        window.forEach(sight -> names.apply(sight).forEach(name -> {
            if (!known.contains(name)) {
                counts.merge(name, 1, Integer::sum);
            }
        }));
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(NAMED)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static String share(String what, int[] then, int[] now) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < then.length; i++) {
            names.add(what + " " + (i + 1));
        }
        return share(names, then, now);
    }

    /** The share that has moved most. */
    private static String share(List<String> names, int[] then, int[] now) {
        int first = Arrays.stream(then).sum();
        int second = Arrays.stream(now).sum();
        int at = 0;
        double most = -1;
        for (int i = 0; i < then.length; i++) {
            double moved = Math.abs((double) then[i] / Math.max(1, first) - (double) now[i] / Math.max(1, second));
            if (moved > most) {
                most = moved;
                at = i;
            }
        }
        return "[%s] has %s, %s before".formatted(names.get(at), percent(now[at], second), percent(then[at], first));
    }

    private static String percent(int part, int whole) {
        return whole == 0 ? "nothing" : percent((double) part / whole);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }
}
