package dev.hone.loop;

import dev.hone.loop.Results.DatasetMade;
import dev.hone.record.Dataset;
import dev.hone.record.DatasetTask;
import dev.hone.record.LabelledTrace;
import dev.hone.record.ModelVersion;
import dev.hone.record.Split;
import dev.hone.store.Database;
import dev.hone.store.Datasets;
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
 * judged by in the test split, so that no version is judged by what it, or the one that it is compared with, has learned from.
 */
final class DatasetStep {
    private static final List<Integer> SHARES = List.of(70, 10, 20);

    private final Traces traces;
    private final Datasets datasets;
    private final ModelVersions versions;
    private final List<String> retention;

    /** @param retention beginnings of the hashes of datasets that versions are judged by for what they may have forgotten */
    DatasetStep(Database database, List<String> retention) {
        this.retention = List.copyOf(retention);
        traces = new Traces(database);
        datasets = new Datasets(database);
        versions = new ModelVersions(database);
    }

    /**
     * What a round works on.
     *
     * @param plan how it was made
     * @param frozen its tasks
     * @param earlier the split of each input that an earlier version's dataset has
     */
    record Built(
            DatasetPlan plan,
            FrozenDataset frozen,
            Map<String, Split> earlier,
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
                    (int) test.stream().filter(this::isEarlier).count());
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
        Map<String, Split> earlier = earlier(useCase, until);
        DatasetPlan usual = DatasetPlan.of(DatasetPlan.Kind.STRATIFIED, seed);
        DatasetPlan plan =
                new DatasetPlan(usual.kind(), SHARES, seed, "", "", usual.duplicate(), usual.near(), usual.meaning());
        FrozenDataset frozen = new DatasetBuilder(plan, earlier).build(demonstrations.traces());
        return new Built(
                plan,
                frozen,
                earlier,
                labelled.size(),
                demonstrations.leftOut().size());
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

    /** Of the datasets that versions have learned from, or are judged by; what one has learned from is never judged by. */
    private Map<String, Split> earlier(UUID useCase, @Nullable Instant until) {
        Set<String> learned = new HashSet<>();
        for (ModelVersion version : versions.list(useCase)) {
            String dataset = version.dataset();
            if (dataset != null && (until == null || version.created().isBefore(until))) {
                learned.add(dataset);
            }
        }
        Map<String, Split> earlier = new HashMap<>();
        for (Dataset dataset : datasets.list(useCase)) {
            boolean judged = retention.stream().anyMatch(dataset.hash()::startsWith);
            if ((judged || learned.contains(dataset.hash()))
                    && (until == null || dataset.created().isBefore(until))) {
                for (DatasetTask task : datasets.tasks(dataset.id())) {
                    earlier.merge(task.input(), task.split(), (one, other) -> one.compareTo(other) <= 0 ? one : other);
                }
            }
        }
        return earlier;
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
