package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Answer;
import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Report;
import dev.hone.grade.GraderDefinition;
import dev.hone.grade.StringCheckGrader.Operation;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.task.TaskFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Cells whose contenders are right in rows that are known. */
final class StudyReportTest {
    private static final int ROWS = 20;
    private static final UseCase USE_CASE = new TextUseCase(
            new UseCase.Data("known", tasks(0), Map.of(), Map.of()), new GraderDefinition.StringCheck(Operation.EQ));

    private static List<Task> tasks(int fold) {
        return IntStream.range(0, ROWS)
                .mapToObj(i -> new Task(
                        "f" + fold + "-" + i,
                        Conversation.of(ChatMessage.of("user", "q" + i)),
                        "yes",
                        Map.of(TaskFile.PART, "all")))
                .toList();
    }

    /** Right in the first rows of a fold. */
    private static Judged judged(String contender, int fold, int right) {
        List<Answer> answers = IntStream.range(0, ROWS)
                .mapToObj(i -> new Answer(i < right ? "yes" : "no", 10, 5))
                .toList();
        return Judged.of(tasks(fold), new Answers(contender, answers, 2, new double[] {0.5}), USE_CASE.grader());
    }

    private static Study.Result result(int fold, long seed, int... right) {
        List<Judged> judged = new ArrayList<>();
        for (int i = 0; i < right.length; i++) {
            judged.add(judged(Study.Arm.values()[i].contender(), fold, right[i]));
        }
        if (seed == 1) {
            judged.add(judged("nearest sentence", fold, 1));
        }
        return new Study.Result(new Study.Cell(fold, seed), judged);
    }

    private static List<Study.Trained> trainings(int fold, long seed, double seconds) {
        List<Study.Trained> trainings = new ArrayList<>();
        for (Study.Arm arm : Study.Arm.values()) {
            Manifest manifest = new Manifest(
                    Manifest.SCHEMA,
                    "base",
                    "data",
                    40,
                    Map.of(Manifest.MODEL_HASH, "hash"),
                    new Manifest.Training(10, 4, 1000, 100, 0.1, seconds, null, 1 << 20),
                    Map.of());
            trainings.add(new Study.Trained(
                    new Study.Cell(fold, seed),
                    arm,
                    manifest,
                    arm == Study.Arm.REWARDS
                            ? new Report.Reinforcement(10, 16, 8, 500, 50, 0.25 * (1 + fold), 0.5, 1, seconds)
                            : null));
        }
        return trainings;
    }

    private static StudyReport report() {
        List<Study.Trained> trainings = new ArrayList<>(trainings(0, 1, 7));
        trainings.addAll(trainings(1, 1, 7));
        trainings.addAll(trainings(0, 2, 100));
        return StudyReport.of(
                USE_CASE,
                new Study.Options("base", 2, 2, 0.05, Path.of("out")),
                Study.Amounts.STANDARD,
                "folds",
                List.of(result(0, 1, 6, 8, 14, 8, 15), result(1, 1, 6, 7, 12, 6, 15), result(0, 2, 20, 20, 20, 20, 20)),
                trainings);
    }

    private static Report.Comparison comparison(Study.Arm a, Study.Arm b) {
        return report().pooled().comparisons().stream()
                .filter(one -> one.a().equals(a.contender()) && one.b().equals(b.contender()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theFirstSeedsFoldsArePooledTaskByTask() {
        Report pooled = report().pooled();
        assertEquals(80, pooled.rows().train());
        assertEquals(40, pooled.rows().test());
        assertEquals(6, pooled.contenders().size());
        Report.Contender found = pooled.contenders().get(Study.Arm.FOUND.ordinal());
        assertEquals(Study.Arm.FOUND.contender(), found.name());
        assertEquals(26.0 / 40, found.quality().value(), 1e-12);
        Report.Comparison question = comparison(Study.Arm.FOUND, Study.Arm.AGAIN);
        assertEquals(12.0 / 40, question.difference(), 1e-12);
        // McNemar's exact test of 12 rows that one alone has right, against none: 2 / 2^12.
        assertEquals(2 / 4096.0, question.p(), 1e-12);
        assertTrue(question.pHolm() > question.p());
        assertEquals(3.0 / 40, comparison(Study.Arm.REWARDS, Study.Arm.WARM).difference(), 1e-12);
    }

    @Test
    void everyCellIsListedAndOnlyTheFirstSeedIsPooled() {
        StudyReport report = report();
        assertEquals(6 + 6 + 5, report.cells().size());
        assertEquals(
                List.of(20),
                report.cells().stream()
                        .filter(one -> one.seed() == 2 && one.contender().equals(Study.Arm.FOUND.contender()))
                        .map(StudyReport.CellQuality::right)
                        .toList());
        assertEquals(15, report.times().size());
        Report.Reinforcement reinforcement = report.pooled().reinforcement();
        assertEquals(0.375, reinforcement.firstReward(), 1e-12);
        assertEquals(2, reinforcement.alarms());
        assertEquals(1000, reinforcement.tokens());
        assertEquals(14, reinforcement.wallSeconds(), 1e-12);
        assertEquals(2000, report.pooled().training().tokens());
        assertEquals(5 * 14 + 5 * 100, report.pooled().wallSeconds(), 1e-9);
    }
}
