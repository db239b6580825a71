package dev.hone.run;

import dev.hone.grade.GraderDefinition;
import dev.hone.grade.LabelGrader;
import dev.hone.grade.StringCheckGrader;
import dev.hone.record.Grader;
import dev.hone.record.Task;
import dev.hone.task.Faults;
import dev.hone.task.TaskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A use case of a file of one's own: {@code hone demo --data}. */
public final class FileUseCase {
    private static final int LEAST_ROWS = 20;
    private static final double TOLERANCE = 1e-6;

    private FileUseCase() {}

    /**
     * Of a file with one labelled call a line.
     *
     * @param name of the use case
     * @param responseKey of the column with what production answered
     * @param good what a good answer is; null to tell from the answers
     * @param told hears which lines are bad
     * @throws IllegalArgumentException when there is nothing to learn and judge
     * @throws IOException when it cannot be read
     */
    public static UseCase read(
            Path file, String name, String responseKey, @Nullable GraderDefinition good, Consumer<String> told)
            throws IOException {
        TaskFile read = TaskFile.read(file, responseKey);
        if (!read.bad().isEmpty()) {
            told.accept("[%s] has [%d] bad lines, which are left out:%n%s"
                    .formatted(file, read.bad().size(), new Faults(read.bad()).shown()));
        }
        if (read.tasks().size() < LEAST_ROWS) {
            throw new IllegalArgumentException(
                    "[%s] has [%d] rows to learn from and judge by, after leaving out %s: give at least [%d], better some hundreds"
                            .formatted(file, read.tasks().size(), read.excluded(), LEAST_ROWS));
        }
        UseCase.Data data = new UseCase.Data(name, read.tasks(), read.responses(), read.excluded());
        if (good != null) {
            return of(read, data, good, file);
        }
        return switch (read.kind()) {
            case CALL -> new CallUseCase(data);
            case LABEL -> new LabelUseCase(data, TaskFile.PART, labels(read));
            case NUMBER -> new TextUseCase(data, new GraderDefinition.Numeric(TOLERANCE));
            case TEXT -> new TextUseCase(data, new GraderDefinition.StringCheck(StringCheckGrader.Operation.EQ));
        };
    }

    /** Calls and labels have a form of their own; whatever else is judged as it says. */
    private static UseCase of(TaskFile read, UseCase.Data data, GraderDefinition good, Path file) {
        boolean call = read.kind() == TaskFile.Kind.CALL;
        return switch (good) {
            case GraderDefinition.ToolCall() when call -> new CallUseCase(data);
            case GraderDefinition.Label(Map<String, List<String>> classes)
            when read.kind() == TaskFile.Kind.LABEL -> new LabelUseCase(named(data, classes), TaskFile.PART, classes);
            case GraderDefinition other
            when !call && !(other instanceof GraderDefinition.ToolCall) ->
                new TextUseCase(judgeable(data, other.grader()), other);
            case GraderDefinition other ->
                throw new IllegalArgumentException("The charter judges by [%s], and the rows of [%s] answer with a %s"
                        .formatted(other.kind(), file, read.kind().name().toLowerCase(Locale.ROOT)));
        };
    }

    /** Rows by the names of their classes, where they were given by others; rows of no class are left out. */
    private static UseCase.Data named(UseCase.Data data, Map<String, List<String>> classes) {
        LabelGrader grader = new LabelGrader(classes);
        List<Task> tasks = new ArrayList<>();
        for (Task task : data.tasks()) {
            String name = grader.classOf(task.reference());
            if (name != null) {
                Map<String, String> metadata = new HashMap<>(task.metadata());
                metadata.put(TaskFile.PART, name);
                tasks.add(new Task(task.id(), task.input(), name, metadata));
            }
        }
        return left(data, tasks, "none of the charter's classes");
    }

    private static UseCase.Data judgeable(UseCase.Data data, Grader grader) {
        List<Task> tasks = new ArrayList<>();
        for (Task task : data.tasks()) {
            try {
                grader.grade(task, task.reference());
                tasks.add(task);
            } catch (IllegalArgumentException e) {
                // Counted below.
            }
        }
        return left(data, tasks, "the grader cannot judge by its reference");
    }

    /** What is left of the rows, with the number of those that are not. */
    private static UseCase.Data left(UseCase.Data data, List<Task> tasks, String reason) {
        int missing = data.tasks().size() - tasks.size();
        Map<String, Integer> excluded = new HashMap<>(data.excluded());
        if (missing > 0) {
            excluded.put(reason, missing);
        }
        if (tasks.size() < LEAST_ROWS) {
            throw new IllegalArgumentException("Only [%d] rows are left, after leaving out %s: give at least [%d]"
                    .formatted(tasks.size(), excluded, LEAST_ROWS));
        }
        return new UseCase.Data(data.name(), tasks, data.recorded(), excluded);
    }

    private static Map<String, List<String>> labels(TaskFile read) {
        return read.tasks().stream()
                .map(task -> task.reference())
                .distinct()
                .collect(Collectors.toMap(Function.identity(), label -> List.of()));
    }
}
