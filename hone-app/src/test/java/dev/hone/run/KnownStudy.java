package dev.hone.run;

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
import java.util.Set;
import java.util.stream.IntStream;

/** A study whose contenders are right in rows that are known: two folds, and the first one with a second seed. */
public final class KnownStudy {
    private static final int ROWS = 20;
    private static final UseCase USE_CASE = new TextUseCase(
            new UseCase.Data("known", tasks(0), Map.of(), Map.of()), new GraderDefinition.StringCheck(Operation.EQ));

    private KnownStudy() {}

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

    /** Every training takes so long, and the controls twice that. */
    private static List<Study.Trained> trainings(int fold, long seed, double seconds) {
        List<Study.Trained> trainings = new ArrayList<>();
        for (Study.Arm arm : Study.Arm.values()) {
            double took = arm == Study.Arm.AGAIN || arm == Study.Arm.ALL ? 2 * seconds : seconds;
            Manifest manifest = new Manifest(
                    Manifest.SCHEMA,
                    "base",
                    "data",
                    40,
                    Map.of(Manifest.MODEL_HASH, "hash"),
                    // The process that ended it had but a second left.
                    new Manifest.Training(10, 4, 1000, 1000 / took, 0.1, 1, null, 1 << 20),
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

    /** @param chosenBy folds by which settings were chosen */
    public static StudyOutcome outcome(Set<Integer> chosenBy) {
        List<Study.Trained> trainings = new ArrayList<>(trainings(0, 1, 7));
        trainings.addAll(trainings(1, 1, 7));
        trainings.addAll(trainings(0, 2, 100));
        return StudyReport.of(
                new StudyReport.Subject(
                        USE_CASE,
                        new Study.Options("base", 2, 2, LetterUseCase.PRICES, Path.of("out")),
                        Study.Amounts.STANDARD,
                        "folds",
                        chosenBy),
                List.of(result(0, 1, 6, 8, 14, 8, 15), result(1, 1, 6, 7, 12, 6, 15), result(0, 2, 20, 20, 20, 20, 20)),
                trainings);
    }
}
