package dev.hone.loop;

import dev.hone.fetch.FetchListener;
import dev.hone.grade.GraderDefinition;
import dev.hone.record.DatasetTask;
import dev.hone.record.Split;
import dev.hone.record.Task;
import dev.hone.run.DatasetUseCase;
import dev.hone.run.LoadedModel;
import dev.hone.run.UseCase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tasks of a round's dataset, as its use case asks and judges them: those whose question the base model has room for.
 *
 * @param useCase of all of them
 * @param hash of the dataset
 * @param splits of each task, by its id
 * @param earlier ids of those that an earlier version's dataset has
 * @param overLong how many were left out because their question is too long
 */
record RoundTasks(UseCase useCase, String hash, Map<String, Split> splits, Set<String> earlier, int overLong) {
    RoundTasks {
        splits = Map.copyOf(splits);
        earlier = Set.copyOf(earlier);
    }

    /**
     * @param hash of the dataset
     * @param frozen its tasks
     * @param recorded what production answered, by trace; tasks without are missing
     * @param model whose room counts
     */
    static RoundTasks of(
            String name,
            GraderDefinition good,
            String hash,
            List<DatasetTask> frozen,
            KnownTasks known,
            Map<String, String> recorded,
            String model,
            FetchListener listener)
            throws IOException {
        UseCase useCase = DatasetUseCase.of(name, good, frozen, recorded);
        Set<String> fitting = new HashSet<>();
        try (LoadedModel base = LoadedModel.open(model, listener)) {
            int most = base.config().maxPositions()
                    - Math.min(useCase.maxTokens(), base.config().maxPositions() / 2);
            for (Task task : useCase.data().tasks()) {
                if (base.prompt(useCase.ask(task)).length <= most) {
                    fitting.add(task.id());
                }
            }
        }
        Map<String, Split> splits = new HashMap<>();
        Set<String> earlier = new HashSet<>();
        int overLong = 0;
        Set<String> judgeable = new HashSet<>();
        useCase.data().tasks().forEach(task -> judgeable.add(task.id()));
        for (DatasetTask task : frozen) {
            String id = task.trace().toString();
            if (!judgeable.contains(id)) {
                continue;
            }
            if (!fitting.contains(id)) {
                overLong++;
                continue;
            }
            splits.put(id, task.split());
            if (known.traces().contains(id)) {
                earlier.add(id);
            }
        }
        return new RoundTasks(useCase, hash, splits, earlier, overLong);
    }

    /** The tasks of a split, in the dataset's order. */
    List<Task> of(Split split) {
        List<Task> tasks = new ArrayList<>();
        for (Task task : useCase.data().tasks()) {
            if (splits.get(task.id()) == split) {
                tasks.add(task);
            }
        }
        return tasks;
    }

    /** Whether an earlier version's dataset has a task. */
    boolean isEarlier(Task task) {
        return earlier.contains(task.id());
    }
}
