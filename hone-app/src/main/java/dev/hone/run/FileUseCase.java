package dev.hone.run;

import dev.hone.grade.NumericGrader;
import dev.hone.grade.StringCheckGrader;
import dev.hone.task.LabelledTasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

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
     * @throws IllegalArgumentException when there is nothing to learn and judge
     * @throws IOException when it cannot be read
     */
    public static UseCase read(Path file, String name, String responseKey) throws IOException {
        return of(LabelledTasks.read(file, responseKey), file, name);
    }

    static UseCase of(LabelledTasks read, Path file, String name) {
        if (read.tasks().size() < LEAST_ROWS) {
            throw new IllegalArgumentException(
                    "[%s] has [%d] rows to learn from and judge by, after leaving out %s: give at least [%d], better some hundreds"
                            .formatted(file, read.tasks().size(), read.excluded(), LEAST_ROWS));
        }
        UseCase.Data data = new UseCase.Data(name, read.tasks(), read.responses(), read.excluded());
        return switch (read.kind()) {
            case CALL -> new CallUseCase(data);
            case LABEL -> new LabelUseCase(data, LabelledTasks.PART, labels(read));
            case NUMBER -> new TextUseCase(data, new NumericGrader(TOLERANCE));
            case TEXT -> new TextUseCase(data, new StringCheckGrader(StringCheckGrader.Operation.EQ));
        };
    }

    private static Map<String, List<String>> labels(LabelledTasks read) {
        return read.tasks().stream()
                .map(task -> task.reference())
                .distinct()
                .collect(Collectors.toMap(Function.identity(), label -> List.of()));
    }
}
