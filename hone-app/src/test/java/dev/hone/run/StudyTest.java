package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Answers;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A random model is taught to repeat the first letter of a word. */
@Timeout(600)
final class StudyTest {
    private static final int TASKS = 40;
    private static final Study.Amounts AMOUNTS = new Study.Amounts(0.5, 2, 2, 2_000, 1, 1e-3);

    private final List<StudyOutcome> told = new ArrayList<>();

    @TempDir
    Path folder;

    private Study study(String model, Study.@Nullable Amounts amounts) {
        Path out = folder.resolve("study");
        return new Study(
                new Study.Options(model, 1, 1, LetterUseCase.PRICES, out),
                LetterUseCase.of(TASKS),
                amounts,
                LetterUseCase.SILENT);
    }

    private Optional<StudyReport> run(String model, BooleanSupplier stop) throws IOException {
        return study(model, AMOUNTS).run(stop, told::add).map(StudyOutcome::report);
    }

    /** Stopped in its first training and in its first judging, it goes on; every arm starts where it should, with the rows that it should. */
    @Test
    void aCellGoesOnAndItsArmsAreWhatTheySay() throws IOException {
        String model = TinyChatModel.write(folder.resolve("model")).toString();
        assertTrue(run(model, () -> true).isEmpty());
        Path cell = folder.resolve("study/fold-0-seed-1");
        Path trained = cell.resolve("warm").resolve(Manifest.FILE);
        assertTrue(run(model, () -> Files.exists(trained)).isEmpty());
        assertTrue(Files.exists(trained));
        assertFalse(Files.exists(cell.resolve("answers")));
        Path reported = folder.resolve("study").resolve(Study.REPORT);
        assertTrue(run(model, () -> Files.exists(reported)).isEmpty());
        assertEquals(
                4,
                JsonFile.read(reported, StudyReport.class).orElseThrow().times().size());
        assertEquals(1, told.size());
        assertNull(told.getFirst().report().verdict().experts());
        StudyReport report = run(model, () -> false).orElseThrow();
        Manifest warm = manifest(cell, Study.Arm.WARM);
        Manifest rewards = manifest(cell, Study.Arm.REWARDS);
        Manifest found = manifest(cell, Study.Arm.FOUND);
        Manifest again = manifest(cell, Study.Arm.AGAIN);
        Manifest all = manifest(cell, Study.Arm.ALL);
        assertEquals(TASKS * 4 / 5, all.rows());
        assertEquals(all.rows(), warm.rows() + rewards.rows());
        assertEquals(warm.rows(), again.rows());
        assertTrue(found.rows() >= warm.rows() && found.rows() <= all.rows(), "" + found.rows());
        assertEquals(model, warm.baseModel());
        assertEquals(cell.resolve("warm").toString(), rewards.baseModel());
        assertEquals(cell.resolve("rewards").toString(), found.baseModel());
        assertEquals(cell.resolve("warm").toString(), again.baseModel());
        assertEquals(cell.resolve("warm").toString(), all.baseModel());
        long equal =
                AMOUNTS.steps() * AMOUNTS.tokensPerStep() + found.training().tokens();
        assertEquals(equal, again.training().tokens(), 0.05 * equal);
        assertEquals(equal, all.training().tokens(), 0.05 * equal);
        assertEquals(
                List.of(8),
                report.cells().stream()
                        .filter(one -> one.contender().equals(Study.Arm.FOUND.contender()))
                        .map(StudyReport.CellQuality::rows)
                        .toList());
        assertEquals(5, report.times().size());
        assertEquals(
                5,
                JsonFile.read(reported, StudyReport.class).orElseThrow().times().size());
        assertNotNull(report.verdict().experts());
        assertEquals(
                report.pooled().contenders().size(), told.getLast().judged().size());
        for (StudyReport.Time time : report.times()) {
            assertEquals(time.tokens(), time.seconds() * time.tokensPerSecond(), 1e-6 * time.tokens());
        }
        Study.Amounts others = new Study.Amounts(0.5, 3, 2, 2_000, 1, 1e-3);
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> study(model, others).run(() -> false, told::add))
                .getMessage()
                .contains("choose another --out"));
    }

    /** With the cells' files alone, as on another machine, nothing is done twice; what is missing is done. */
    @Test
    void aFinishedCellIsItsFile() throws IOException {
        String model = TinyChatModel.write(folder.resolve("model")).toString();
        StudyReport report = run(model, () -> false).orElseThrow();
        Path cell = folder.resolve("study/fold-0-seed-1");
        Path file = folder.resolve("study/fold-0-seed-1.json");
        remove(cell);
        StudyReport again = run(model, () -> false).orElseThrow();
        assertEquals(report.cells(), again.cells());
        assertEquals(report.times(), again.times());
        assertFalse(Files.exists(cell));
        assertEquals(
                List.of(
                        "a quarter demonstrated",
                        "nearest sentence",
                        "nearest meaning, MiniLM",
                        "base, as asked",
                        "then rewards of the rest",
                        "then what it found",
                        "then what it found, free",
                        "then what it found, best of 9",
                        "the same again instead",
                        "all demonstrated instead"),
                JsonFile.read(file, StudyCell.Finished.class).orElseThrow().answers().stream()
                        .map(Answers::contender)
                        .toList());

        StudyCell.Finished finished =
                JsonFile.read(file, StudyCell.Finished.class).orElseThrow();
        JsonFile.write(
                file,
                new StudyCell.Finished(
                        finished.begun(),
                        finished.cell(),
                        finished.answers().stream()
                                .filter(one -> !one.contender().equals(Study.Arm.ALL.contender()))
                                .toList(),
                        finished.trainings().stream()
                                .filter(one -> one.arm() != Study.Arm.ALL)
                                .toList()));
        Path reported = folder.resolve("study").resolve(Study.REPORT);
        Files.delete(reported);
        assertTrue(run(model, () -> true).isEmpty());
        assertEquals(
                4,
                JsonFile.read(reported, StudyReport.class).orElseThrow().times().size(),
                "what is finished is reported before the rest is done");
        StudyReport completed = run(model, () -> false).orElseThrow();
        assertTrue(Files.exists(cell.resolve("all")));
        assertFalse(Files.exists(cell.resolve("rewards")));
        assertEquals(right(report), right(completed));

        JsonFile.write(
                file,
                new StudyCell.Finished(
                        finished.begun(), new Study.Cell(1, 1), finished.answers(), finished.trainings()));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> run(model, () -> false))
                .getMessage()
                .contains("fold-0-seed-1.json"));
    }

    /** What the amounts are for other data than those that they were made for: rewards of each row once. */
    @Test
    void amountsFollowTheData() throws IOException {
        String model = TinyChatModel.write(folder.resolve("model")).toString();
        assertTrue(study(model, null).run(() -> true, told::add).isEmpty());
        Study.Begun begun = JsonFile.read(folder.resolve("study/study.json"), Study.Begun.class)
                .orElseThrow();
        assertEquals(Study.Amounts.STANDARD.demonstrated(), begun.amounts().demonstrated());
        // Of 32 rows 24 are rewarded, in steps of 16.
        assertEquals(2, begun.amounts().steps());
        try (LoadedModel base = LoadedModel.open(model, LetterUseCase.SILENT)) {
            RowCounts counts = new RowCounts(base, LetterUseCase.of(TASKS));
            RowCounts.Count row =
                    counts.of(LetterUseCase.of(TASKS).data().tasks().getFirst());
            int answer = row.demonstration() - row.question();
            assertEquals(
                    1.5 * 16 * (row.question() + 8 * answer), begun.amounts().tokensPerStep(), 0.5);
        }
    }

    @Test
    void whatAnotherProcessDoesIsPassedOver() throws IOException {
        String model = TinyChatModel.write(folder.resolve("model")).toString();
        Path out = Files.createDirectories(folder.resolve("study"));
        try (FileChannel channel = FileChannel.open(
                        out.resolve(".fold-0-seed-1.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertTrue(held.isValid());
            assertTrue(run(model, () -> false).isEmpty());
            assertFalse(Files.exists(out.resolve("fold-0-seed-1")));
        }
    }

    private static List<String> right(StudyReport report) {
        return report.cells().stream()
                .map(one -> one.contender() + " " + one.right() + " of " + one.rows())
                .toList();
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> inside = Files.walk(folder)) {
            for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static Manifest manifest(Path cell, Study.Arm arm) throws IOException {
        return Manifest.read(cell.resolve(arm.name().toLowerCase(Locale.ROOT))).orElseThrow();
    }
}
