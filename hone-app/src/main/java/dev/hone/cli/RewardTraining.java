package dev.hone.cli;

import dev.hone.algorithm.GrpoListener;
import dev.hone.algorithm.Rollouts;
import dev.hone.grade.GoldCheck;
import dev.hone.run.Manifest;
import dev.hone.run.ReinforcementForecast;
import dev.hone.run.ReinforcementRun;
import dev.hone.run.RewardedTasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code hone train --method grpo}, once it is known what is learned from: says what will be, trains, and says what came of it. */
final class RewardTraining {
    private final RewardedTasks tasks;
    private final int tooLong;
    private final ReinforcementRun run;
    private final Path out;

    /**
     * @param tooLong tasks that were left out, since there is no room for them
     * @param out folder of the result
     */
    RewardTraining(RewardedTasks tasks, int tooLong, ReinforcementRun run, Path out) {
        this.tasks = tasks;
        this.tooLong = tooLong;
        this.run = run;
        this.out = out;
    }

    /** The object of {@code --json}. */
    record Result(
            int schemaVersion,
            String status,
            String out,
            ReinforcementForecast plan,
            LeftOut leftOut,
            Gold gold,
            @Nullable Manifest run) {}

    /**
     * Rows of the file that are not asked.
     *
     * @param excluded that the charter's grader cannot judge by, by the reason
     */
    record LeftOut(int badLines, Map<String, Integer> excluded, int tooLong) {}

    /** What the grader says to right answers and to corrupted ones. */
    record Gold(int tasks, int corrupted, int failures) {}

    Result dry() {
        ReinforcementForecast forecast = told();
        return result("dry-run", forecast, null);
    }

    Result train() throws IOException {
        ReinforcementForecast forecast = told();
        try (Interruption interruption = new Interruption();
                Progress progress = new Progress("reinforcing")) {
            Optional<Manifest> manifest = run.run(new Course(progress), interruption::requested);
            progress.close();
            if (manifest.isEmpty()) {
                System.err.println(
                        "Stopped; a checkpoint is in [" + out + "]. Go on with the same command and --resume");
                return result("stopped", forecast, null);
            }
            TrainReport.print(manifest.get(), out);
            return result("finished", forecast, manifest.get());
        }
    }

    private Result result(String status, ReinforcementForecast forecast, @Nullable Manifest manifest) {
        GoldCheck.Result gold = tasks.gold();
        return new Result(
                1,
                status,
                out.toString(),
                forecast,
                new LeftOut(tasks.badLines(), tasks.useCase().data().excluded(), tooLong),
                new Gold(gold.tasks(), gold.corrupted(), gold.failures().size()),
                manifest);
    }

    /** What will be, once it was said. */
    private ReinforcementForecast told() {
        ReinforcementForecast forecast = run.forecast();
        System.err.printf(
                "%d tasks of [%s], prompts of %,d tokens on average and %,d at most; %d steps of %d answers; %,d trained values%n",
                forecast.tasks(),
                tasks.useCase().data().name(),
                forecast.promptTokens(),
                forecast.longestPrompt(),
                forecast.steps(),
                forecast.samplesPerStep(),
                forecast.trainedParameters());
        left(tasks.badLines(), "bad lines");
        tasks.useCase().data().excluded().forEach((reason, rows) -> left(rows, "tasks: " + reason));
        left(tooLong, "tasks without room for an answer");
        GoldCheck.Result gold = tasks.gold();
        System.err.printf(
                "the grader [%s] was tried on %d right answers and %d corrupted ones: it fails on %d%s%n",
                tasks.useCase().good().kind(),
                gold.tasks(),
                gold.corrupted(),
                gold.failures().size(),
                gold.failures().isEmpty()
                        ? ""
                        : ", first [%s]: %s"
                                .formatted(
                                        gold.failures().getFirst().task(),
                                        gold.failures().getFirst().reason()));
        System.err.printf(
                "about %,d MiB of memory needed, %,d MiB available%n",
                forecast.memoryBytes() >> 20, forecast.availableBytes() >> 20);
        System.err.println(forecast.settings().entrySet().stream()
                .map(setting -> setting.getKey() + " " + setting.getValue())
                .collect(Collectors.joining(", ")));
        return forecast;
    }

    private static void left(int count, String what) {
        if (count > 0) {
            System.err.printf("left out %d %s%n", count, what);
        }
    }

    /** A bar with the rewards so far; what a person should look at has a line of its own. */
    private static final class Course implements GrpoListener {
        private final Progress progress;
        private final Sparkline rewards = new Sparkline(TrainReport.COURSE);

        Course(Progress progress) {
            this.progress = progress;
        }

        @Override
        public void stepped(Step step, List<Rollouts> rollouts) {
            rewards.add(step.rewards().reward().mean());
            if (!step.alarm().isEmpty()) {
                progress.close();
                System.err.println(TrainReport.alarm(step));
            }
            progress.update(step.step(), step.steps(), rewards.line() + "  " + TrainReport.detail(step));
        }
    }
}
