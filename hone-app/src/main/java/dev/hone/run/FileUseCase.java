package dev.hone.run;

import dev.hone.grade.GraderDefinition;
import dev.hone.grade.StringCheckGrader;
import dev.hone.task.LabelledTasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
     * @throws IllegalArgumentException when there is nothing to learn and judge
     * @throws IOException when it cannot be read
     */
    public static UseCase read(Path file, String name, String responseKey, @Nullable GraderDefinition good)
            throws IOException {
        LabelledTasks read = LabelledTasks.read(file, responseKey);
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
            case LABEL -> new LabelUseCase(data, LabelledTasks.PART, labels(read));
            case NUMBER -> new TextUseCase(data, new GraderDefinition.Numeric(TOLERANCE));
            case TEXT -> new TextUseCase(data, new GraderDefinition.StringCheck(StringCheckGrader.Operation.EQ));
        };
    }

    /** Calls and labels have a form of their own; whatever else is judged as it says. */
    private static UseCase of(LabelledTasks read, UseCase.Data data, GraderDefinition good, Path file) {
        boolean call = read.kind() == LabelledTasks.Kind.CALL;
        return switch (good) {
            case GraderDefinition.ToolCall() when call -> new CallUseCase(data);
            case GraderDefinition.Label(Map<String, List<String>> classes)
            when read.kind() == LabelledTasks.Kind.LABEL -> new LabelUseCase(data, LabelledTasks.PART, classes);
            case GraderDefinition other
            when !call && !(other instanceof GraderDefinition.ToolCall) -> new TextUseCase(data, other);
            case GraderDefinition other ->
                throw new IllegalArgumentException("The charter judges by [%s], and the rows of [%s] answer with a %s"
                        .formatted(other.kind(), file, read.kind().name().toLowerCase(Locale.ROOT)));
        };
    }

    private static Map<String, List<String>> labels(LabelledTasks read) {
        return read.tasks().stream()
                .map(task -> task.reference())
                .distinct()
                .collect(Collectors.toMap(Function.identity(), label -> List.of()));
    }
}
