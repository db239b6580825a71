package dev.hone.run;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.grade.GoldCheck;
import dev.hone.grade.GraderDefinition;
import dev.hone.record.Task;
import dev.hone.task.DemonstratedTask;
import dev.hone.task.LabelledFile;
import dev.hone.task.LineFault;
import dev.hone.task.OfferedCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads charters, and tries their graders on labelled rows. */
public final class CharterCheck {
    private CharterCheck() {}

    /**
     * The charters of a folder in the order of their names, or the one of a file.
     *
     * @throws IllegalArgumentException when one of them is none, with a line for each; or there is none
     */
    public static List<Charter> read(Path fileOrFolder) throws IOException {
        if (!Files.exists(fileOrFolder)) {
            throw new NoSuchFileException(fileOrFolder.toString());
        }
        List<Charter> charters = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (Path file : files(fileOrFolder)) {
            try {
                charters.add(CharterReader.read(file));
            } catch (IllegalArgumentException e) {
                wrong.add(e.getMessage());
            }
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator() + "  ", wrong));
        }
        return charters;
    }

    /** Whether there is one: in a folder, or a file that is. */
    public static boolean hasCharters(Path fileOrFolder) throws IOException {
        return Files.isDirectory(fileOrFolder) ? !inFolder(fileOrFolder).isEmpty() : Files.exists(fileOrFolder);
    }

    private static List<Path> inFolder(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> files(Path fileOrFolder) throws IOException {
        if (!Files.isDirectory(fileOrFolder)) {
            return List.of(fileOrFolder);
        }
        List<Path> files = inFolder(fileOrFolder);
        if (files.isEmpty()) {
            throw new IllegalArgumentException("[%s] has no charter: write one to [%s]"
                    .formatted(fileOrFolder, fileOrFolder.resolve("NAME" + CharterReader.END)));
        }
        return files;
    }

    /**
     * Tries a charter's grader on the references of a file of labelled rows.
     *
     * @param responseKey of the column with what production answered
     * @throws IllegalArgumentException when a line is bad, or there is none
     */
    public static GoldCheck.Result gold(Charter charter, Path data, String responseKey) throws IOException {
        List<Task> tasks = new ArrayList<>();
        LineFaults bad = new LineFaults();
        try (LabelledFile lines = new LabelledFile(data, responseKey)) {
            for (LabelledFile.@Nullable Line line = lines.next(); line != null; line = lines.next()) {
                switch (line) {
                    case LabelledFile.Row row -> tasks.add(DemonstratedTask.of(row.labelled(), row.number()));
                    case LineFault fault -> bad.add(fault);
                }
            }
        }
        bad.requireNone(data, tasks.size());
        return charter.good() instanceof GraderDefinition.ToolCall
                ? GoldCheck.of(charter.good(), tasks, CharterCheck::refusal)
                : GoldCheck.of(charter.good(), tasks);
    }

    /** Calls obey what their row offers; where that cannot be followed, the reason is that. */
    private static Optional<String> refusal(Task task) {
        try {
            return new Refusals(one -> OfferedCalls.of(one.input().tools()), Task::reference).apply(task);
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
