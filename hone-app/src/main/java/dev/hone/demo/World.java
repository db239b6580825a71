package dev.hone.demo;

import dev.hone.fetch.FetchListener;
import dev.hone.fetch.FileCache;
import dev.hone.model.ModelStore;
import dev.hone.record.Task;
import dev.hone.run.CallUseCase;
import dev.hone.run.LoadedModel;
import dev.hone.run.UseCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * What simulated users ask, and when. No sentence that is sent before the new version comes is sent after it: what it learned from is not what it is judged by.
 *
 * @param useCase of all tasks
 * @param good its grader, as a charter has it
 * @param model where the base model is
 * @param known parts (tools) that are there from the beginning
 * @param coming parts that come later
 * @param taught tasks of known parts that the first version learns from
 * @param oldBefore tasks of known parts that users send before the new version
 * @param oldAfter those that they send after it
 * @param newBefore tasks of coming parts that users send before the new version
 * @param newAfter those that they send after it
 */
public record World(
        UseCase useCase,
        String good,
        String model,
        Set<String> known,
        Set<String> coming,
        List<Task> taught,
        List<Task> oldBefore,
        List<Task> oldAfter,
        List<Task> newBefore,
        List<Task> newAfter) {
    /** Of the rows, that are of tools that come later. */
    private static final double COMING = 0.4;

    private static final double TAUGHT = 0.45;
    private static final double OLD_BEFORE = 0.25;
    private static final double NEW_BEFORE = 0.65;

    public World {
        known = Set.copyOf(known);
        coming = Set.copyOf(coming);
        taught = List.copyOf(taught);
        oldBefore = List.copyOf(oldBefore);
        oldAfter = List.copyOf(oldAfter);
        newBefore = List.copyOf(newBefore);
        newAfter = List.copyOf(newAfter);
    }

    /** Sentences that real users sent to the Berkeley function-calling leaderboard; two fifths of them are of tools that come later. */
    public static World assistantActions(long seed, FetchListener listener) throws IOException {
        // A path, since a round that the gateway begins has the demo's home, and no cache of models.
        Path model = new ModelStore(FileCache.standard()).resolve(LoadedModel.DEFAULT, listener);
        return of(
                CallUseCase.assistantActions(listener),
                "{kind: tool_call}",
                model.toAbsolutePath().toString(),
                Set.of(),
                seed);
    }

    /** Words of eight letters for a tiny model: first it repeats the first letter of each; words that begin with one of the later letters want their last. */
    public static World letters(Path model, long seed) {
        return of(LetterJob.useCase(), "{kind: string_check, operation: eq}", model.toString(), LetterJob.COMING, seed);
    }

    /** @param later parts that come later; drawn where none are given */
    private static World of(UseCase useCase, String good, String model, Set<String> later, long seed) {
        Map<String, List<Task>> parts = new TreeMap<>();
        for (Task task : useCase.data().tasks()) {
            parts.computeIfAbsent(task.require(useCase.part()), part -> new ArrayList<>())
                    .add(task);
        }
        Random random = new Random(seed);
        List<String> names = new ArrayList<>(parts.keySet());
        Collections.shuffle(names, random);
        Set<String> coming = new HashSet<>(later);
        int rows = 0;
        for (String name : names) {
            if (later.isEmpty() && rows < COMING * useCase.data().tasks().size()) {
                coming.add(name);
                rows += parts.getOrDefault(name, List.of()).size();
            }
        }
        List<Task> taught = new ArrayList<>();
        List<Task> oldBefore = new ArrayList<>();
        List<Task> oldAfter = new ArrayList<>();
        List<Task> newBefore = new ArrayList<>();
        List<Task> newAfter = new ArrayList<>();
        parts.forEach((name, tasks) -> {
            List<Task> shuffled = new ArrayList<>(tasks);
            Collections.shuffle(shuffled, random);
            int size = shuffled.size();
            if (coming.contains(name)) {
                int before = (int) Math.round(NEW_BEFORE * size);
                newBefore.addAll(shuffled.subList(0, before));
                newAfter.addAll(shuffled.subList(before, size));
            } else {
                int first = (int) Math.round(TAUGHT * size);
                int second = (int) Math.round((TAUGHT + OLD_BEFORE) * size);
                taught.addAll(shuffled.subList(0, first));
                oldBefore.addAll(shuffled.subList(first, second));
                oldAfter.addAll(shuffled.subList(second, size));
            }
        });
        Set<String> known = new HashSet<>(parts.keySet());
        known.removeAll(coming);
        for (List<Task> pool : List.of(taught, oldBefore, oldAfter, newBefore, newAfter)) {
            Collections.shuffle(pool, random);
        }
        return new World(useCase, good, model, known, coming, taught, oldBefore, oldAfter, newBefore, newAfter);
    }

    /** Whether a task is of a part that comes later. */
    boolean isNew(Task task) {
        return coming.contains(task.require(useCase.part()));
    }
}
