package dev.hone.improve;

import dev.hone.evaluate.Holm;
import dev.hone.improve.Evidence.Side;
import dev.hone.improve.Look.Novelty;
import dev.hone.improve.Look.Region;
import dev.hone.record.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Whether production is still what the reference was: inputs by cluster and by distance, answers by name and by length, feedback, grades. What decides
 * is the {@link Evidence} of each, which may be looked at as often as anybody likes, corrected for all of them together (Holm); what describes is a
 * test of the window against the reference. Feedback and grades drift where they became worse; that they became better is told, with evidence of its own that is
 * corrected by itself. A pure function: the same calls have the same findings.
 */
public final class Drift {
    /** Without so many calls in the reference nothing is said. */
    public static final int LEAST = 100;

    /** Numbers of which a series needs at least in its reference. */
    public static final int LEAST_NUMBERS = 20;

    private static final int PARTS = 10;
    private static final int NEWEST = 20;
    private static final int NAMED = 20;

    private final List<Sight> reference;
    private final List<Sight> since;
    private final List<Sight> window;
    private final long seed;
    private final Regions regions;
    private final List<Draft> drafts = new ArrayList<>();
    private final List<String> few = new ArrayList<>();

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
        series.forEach(drift::numbers);
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
                since.size(),
                window.size(),
                TwoSamples.counts(then, now, seed(1)),
                categories(cluster, regions.clusters().size(), seed(2)),
                null,
                stretch -> Shares.moved(
                        Shares.numbered("cluster", then.length),
                        regions.counts(stretch.then(regions.held(), since)),
                        regions.counts(stretch.now(since)),
                        stretch.where())));
        Evidence far = new Evidence(regions.distances(), Evidence.even(PARTS), seed(3));
        Arrays.stream(regions.distances(since)).forEach(far::add);
        drafts.add(new Draft(
                "inputs: meaning",
                regions.held().size(),
                since.size(),
                window.size(),
                TwoSamples.vectors(
                        regions.held().stream().map(Sight::input).toList(),
                        window.stream().map(Sight::input).toList(),
                        seed(4)),
                far,
                null,
                stretch -> "%s%s like nothing before, %s expected"
                        .formatted(
                                Shares.percent(
                                        regions.novel(stretch.now(since)),
                                        stretch.now(since).size()),
                                stretch.where(),
                                Shares.percent(Regions.NOVEL))));
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
        Function<List<Sight>, int[]> counts = sights -> {
            int[] count = new int[names.size()];
            sights.forEach(sight -> count[name.applyAsInt(sight)]++);
            return count;
        };
        if (names.size() > 1) {
            drafts.add(new Draft(
                    "answers: names",
                    reference.size(),
                    since.size(),
                    window.size(),
                    TwoSamples.counts(counts.apply(reference), counts.apply(window), seed(5)),
                    categories(name, names.size(), seed(6)),
                    null,
                    stretch -> Shares.moved(
                            names,
                            counts.apply(stretch.then(reference, since)),
                            counts.apply(stretch.now(since)),
                            stretch.where())));
        }
        double[] before = lengths(reference);
        double[] after = lengths(window);
        Evidence lengths = new Evidence(before, Evidence.even(PARTS), seed(7));
        since.forEach(sight -> lengths.add(sight.length()));
        drafts.add(new Draft(
                "answers: length",
                before.length,
                since.size(),
                after.length,
                TwoSamples.numbers(before, after),
                lengths,
                null,
                stretch -> String.format(
                        Locale.ROOT,
                        "median of %.0f characters%s, %.0f before",
                        median(lengths(stretch.now(since))),
                        stretch.where(),
                        median(lengths(stretch.then(reference, since))))));
    }

    private static double[] lengths(List<Sight> sights) {
        return sights.stream().mapToDouble(Sight::length).toArray();
    }

    private void numbers(Series series) {
        double[] reference = series.reference();
        if (reference.length < LEAST_NUMBERS) {
            few.add("%s (%d of %d values)".formatted(series.of(), reference.length, LEAST_NUMBERS));
            return;
        }
        double[] all = series.since();
        double[] last = Stretch.last(series.window(), all.length).now(all);
        int place = 8 + series.of().hashCode();
        drafts.add(new Draft(
                series.of(),
                reference.length,
                all.length,
                last.length,
                TwoSamples.means(reference, last, seed(place + 1)),
                switch (series.better()) {
                    case HIGHER -> evidence(series, place, Side.LOWER);
                    case LOWER -> evidence(series, place, Side.HIGHER);
                    case UNKNOWN -> evidence(series, place, Side.ANY);
                },
                switch (series.better()) {
                    case HIGHER ->
                        new Draft.Good(
                                evidence(series, place + 2, Side.HIGHER),
                                stretch -> mean(stretch.now(all)) - mean(stretch.then(reference, all)));
                    case LOWER ->
                        new Draft.Good(
                                evidence(series, place + 2, Side.LOWER),
                                stretch -> mean(stretch.then(reference, all)) - mean(stretch.now(all)));
                    case UNKNOWN -> null;
                },
                stretch -> String.format(
                        Locale.ROOT,
                        "mean %.3f%s, %.3f before",
                        mean(stretch.now(all)),
                        stretch.where(),
                        mean(stretch.then(reference, all)))));
    }

    private Evidence evidence(Series series, int place, Side side) {
        Evidence evidence = new Evidence(series.reference(), Evidence.even(PARTS), seed(place), side);
        Arrays.stream(series.since()).forEach(evidence::add);
        return evidence;
    }

    private Look look(double level) {
        double[] once = Holm.correct(
                drafts.stream().mapToDouble(draft -> draft.result().p()).toArray());
        double[] ever = Holm.correct(
                drafts.stream().mapToDouble(draft -> draft.evidence().p()).toArray());
        Map<String, String> better = better(level);
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < drafts.size(); i++) {
            Draft draft = drafts.get(i);
            boolean drifted = ever[i] <= level && draft.counts(draft.evidence());
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
                    drifted,
                    drifted ? draft.told(draft.evidence()) : draft.toldOfWindow(),
                    better.get(draft.of())));
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
                fresh(Sight::offered),
                few);
    }

    /** What has changed for the better, in words. That is no alarm: it costs those none of their level, and has the same for itself. */
    private Map<String, String> better(double level) {
        List<Draft> good = drafts.stream().filter(draft -> draft.good() != null).toList();
        double[] ever = Holm.correct(good.stream()
                .mapToDouble(
                        draft -> Objects.requireNonNull(draft.good()).evidence().p())
                .toArray());
        Map<String, String> better = new HashMap<>();
        for (int i = 0; i < ever.length; i++) {
            Draft draft = good.get(i);
            Evidence evidence = Objects.requireNonNull(draft.good()).evidence();
            if (ever[i] <= level && draft.isBetter(evidence)) {
                better.put(draft.of(), draft.told(evidence));
            }
        }
        return better;
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
    private List<String> fresh(Function<Sight, Set<String>> names) {
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

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
