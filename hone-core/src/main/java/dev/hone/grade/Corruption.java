package dev.hone.grade;

import dev.hone.record.Task;
import java.util.List;

/** Makes a right output wrong, in the ways that fit a kind of grader. Each {@link GraderDefinition} declares its own. */
@FunctionalInterface
public interface Corruption {
    /**
     * A task's reference, made wrong.
     *
     * @return at least one
     * @throws IllegalArgumentException when the task has no reference of this kind
     */
    List<Corrupted> of(Task task);

    /**
     * One way to be wrong.
     *
     * @param kind in a few words
     * @param outputs at least one of these must not be called right
     */
    record Corrupted(String kind, List<String> outputs) {
        public Corrupted {
            outputs = List.copyOf(outputs);
        }

        static Corrupted of(String kind, String output) {
            return new Corrupted(kind, List.of(output));
        }
    }
}
