package dev.hone.loop;

import dev.hone.loop.Results.DatasetMade;
import dev.hone.record.Dataset;
import dev.hone.record.DatasetTask;
import dev.hone.record.LabelledTrace;
import dev.hone.record.ModelVersion;
import dev.hone.record.Split;
import dev.hone.store.Database;
import dev.hone.store.Datasets;
import dev.hone.store.DrawnCalls;
import dev.hone.store.ModelVersions;
import dev.hone.store.Traces;
import dev.hone.task.DatasetBuilder;
import dev.hone.task.DatasetPlan;
import dev.hone.task.Demonstrations;
import dev.hone.task.FrozenDataset;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the dataset of a round of all that was labelled until it began. What a version has learned from stays in the training split, and what one was
 * judged by in the test split, so that no version is judged by what it, or the one that it is compared with, has learned from. Versions are judged by imported rows and
 * by calls that were drawn by chance: others were labelled because something looked bad, mostly an answer of the live version, which anything would look good beside.
 */
final class DatasetStep {
    private static final List<Integer> SHARES = List.of(70, 10, 20);

    private final Traces traces;
    private final Datasets datasets;
    private final ModelVersions versions;
    private final DrawnCalls drawn;
    private final List<String> retention;

    /** @param retention beginnings of the hashes of datasets that versions are judged by for what they may have forgotten */
    DatasetStep(Database database, List<String> retention) {
        this.retention = List.copyOf(retention);
        traces = new Traces(database);
        datasets = new Datasets(database);
        versions = new ModelVersions(database);
        drawn = new DrawnCalls(database);
    }

    /**
     * What a round works on.
     *
     * @param plan how it was made
     * @param frozen its tasks
     * @param earlier the split of each input that an earlier version's dataset has, but for what is not judged by any more
     */
    record Built(
            DatasetPlan plan,
            FrozenDataset frozen,
            Map<String, Split> earlier,
            Sources sources,
            int labels,
            int leftOut) {
        /** Whether an earlier version's dataset has a task. */
        boolean isEarlier(DatasetTask task) {
            return earlier.containsKey(task.input());
        }

        KnownTasks known() {
            return new KnownTasks(frozen.tasks().stream()
                    .filter(this::isEarlier)
                    .map(task -> task.trace().toString())
                    .collect(Collectors.toSet()));
        }

        DatasetMade made() {
            List<DatasetTask> train = frozen.of(Split.TRAIN);
            List<DatasetTask> test = frozen.of(Split.TEST);
            return new DatasetMade(
                    frozen.hash(),
                    labels,
                    leftOut,
                    train.size(),
                    (int) train.stream().filter(task -> !isEarlier(task)).count(),
                    frozen.of(Split.VALIDATION).size(),
                    test.size(),
                    (int) test.stream().filter(this::isEarlier).count(),
                    sources.imported(),
                    sources.drawn(),
                    sources.chosen().size());
        }
    }

    /**
     * Where labels come from.
     *
     * @param imported rows of files
     * @param drawn calls that were drawn by chance, and answered by who was asked
     * @param chosen inputs of all others
     */
    private record Sources(int imported, int drawn, Set<String> chosen) {
        static Sources of(List<LabelledTrace> traces, Set<UUID> drawn) {
            int imported = 0;
            int asked = 0;
            Set<String> chosen = new HashSet<>();
            for (LabelledTrace one : traces) {
                if (!one.trace().contentHash().isEmpty()) {
                    imported++;
                } else if (drawn.contains(one.trace().id())) {
                    asked++;
                } else {
                    chosen.add(one.trace().request());
                }
            }
            return new Sources(imported, asked, chosen);
        }
    }

    /**
     * Makes it, without a trace of it in the store.
     *
     * @param until labels that were given later, and datasets that were made later, are not looked at: a moment of the store's clock; null for all that there is
     * @throws IllegalArgumentException when there is nothing to learn from, or too little to judge by
     */
    Built build(UUID useCase, String name, @Nullable Instant until, long seed) {
        List<LabelledTrace> labelled = traces.labelled(useCase, until);
        Demonstrations demonstrations = Demonstrations.of(labelled);
        if (demonstrations.traces().isEmpty()) {
            throw nothing(useCase, name, demonstrations);
        }
        Sources sources = Sources.of(demonstrations.traces(), drawn.answered(useCase));
        if (sources.imported() + sources.drawn() == 0) {
            throw notJudgeable(name, labelled.size());
        }
        Map<String, Split> kept = new HashMap<>(earlier(learned(useCase, until), until, useCase));
        kept.entrySet()
                .removeIf(
                        one -> one.getValue() != Split.TRAIN && sources.chosen().contains(one.getKey()));
        earlier(retained(useCase), until, useCase)
                .forEach((input, split) -> kept.merge(input, split, DatasetStep::first));
        Map<String, Split> earlier = Map.copyOf(kept);
        DatasetPlan usual = DatasetPlan.of(DatasetPlan.Kind.STRATIFIED, seed);
        DatasetPlan plan =
                new DatasetPlan(usual.kind(), SHARES, seed, "", "", usual.duplicate(), usual.near(), usual.meaning());
        FrozenDataset frozen = new DatasetBuilder(plan, earlier, sources.chosen()).build(demonstrations.traces());
        return new Built(
                plan,
                frozen,
                earlier,
                sources,
                labelled.size(),
                demonstrations.leftOut().size());
    }

    static IllegalArgumentException notJudgeable(String name, long labels) {
        return new IllegalArgumentException(
                "By none of [%d] labels of [%s] a version may be judged: all were given to calls that somebody chose. Import labelled rows, or answer on the labelling page what is [drawn by chance] there ([judge] under [loop] in its charter says how much; docs/loop.md)"
                        .formatted(labels, name));
    }

    private IllegalArgumentException nothing(UUID useCase, String name, Demonstrations demonstrations) {
        long count = traces.count(useCase);
        if (count == 0) {
            return new IllegalArgumentException(
                    "[%s] has no traces, so there is nothing to learn: send its calls through hone serve, or import some by hone import --use-case %s FILE.jsonl"
                            .formatted(name, name));
        }
        return new IllegalArgumentException(
                demonstrations.leftOut().isEmpty()
                        ? "[%s] has [%d] traces and no labels, so there is nothing to learn: label some on the pages, or give demonstrations as feedback"
                                .formatted(name, count)
                        : "Of none of [%d] labelled traces of [%s] a task can be made%s"
                                .formatted(demonstrations.leftOut().size(), name, demonstrations.shownLeftOut()));
    }

    /** Hashes of the datasets that versions have learned from. */
    private Set<String> learned(UUID useCase, @Nullable Instant until) {
        Set<String> learned = new HashSet<>();
        for (ModelVersion version : versions.list(useCase)) {
            String dataset = version.dataset();
            if (dataset != null && isBefore(version.created(), until)) {
                learned.add(dataset);
            }
        }
        return learned;
    }

    /** Those of the datasets that the charter names: their tasks are judged by, however they were labelled. */
    private Set<String> retained(UUID useCase) {
        Set<String> hashes = new HashSet<>();
        for (Dataset dataset : datasets.list(useCase)) {
            if (retention.stream().anyMatch(dataset.hash()::startsWith)) {
                hashes.add(dataset.hash());
            }
        }
        return hashes;
    }

    /** The split of each input of some datasets; what is learned from in one is not judged by, whatever others say. */
    private Map<String, Split> earlier(Set<String> hashes, @Nullable Instant until, UUID useCase) {
        Map<String, Split> earlier = new HashMap<>();
        for (Dataset dataset : datasets.list(useCase)) {
            if (hashes.contains(dataset.hash()) && isBefore(dataset.created(), until)) {
                for (DatasetTask task : datasets.tasks(dataset.id())) {
                    earlier.merge(task.input(), task.split(), DatasetStep::first);
                }
            }
        }
        return earlier;
    }

    private static Split first(Split one, Split other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static boolean isBefore(Instant time, @Nullable Instant until) {
        return until == null || time.isBefore(until);
    }

    /** Keeps it, once. */
    void freeze(UUID useCase, Built built) {
        datasets.freeze(
                useCase,
                built.frozen().hash(),
                JsonMapper.shared().writeValueAsString(built.plan()),
                JsonMapper.shared().writeValueAsString(built.frozen().counts()),
                built.frozen().tasks());
    }
}
