package dev.hone.run;

import dev.hone.evaluate.Report;
import dev.hone.record.Task;
import dev.hone.train.BlockShape;
import dev.hone.train.MachineCeiling;
import java.io.IOException;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Optional;

/** Counts a loop's work in tokens, measures the machine, and writes down the {@link LoopPlan} that both allow. */
final class LoopPlanner {
    private final Loop.Options options;
    private final UseCase useCase;
    private final Loop.Listener listener;

    LoopPlanner(Loop.Options options, UseCase useCase, Loop.Listener listener) {
        this.options = options;
        this.useCase = useCase;
        this.listener = listener;
    }

    /**
     * The plan of an interrupted loop, or a new one for this machine.
     *
     * @param counts of the tasks in the base model's tokens
     */
    LoopPlan plan(LoadedModel base, RowCounts counts, List<Task> train, List<Task> test) throws IOException {
        Optional<LoopPlan> begun = LoopPlan.read(options, useCase.data().name());
        LoopPlan plan = begun.isPresent() ? begun.get() : measured(base, counts, train, test);
        listener.stage(power(plan.testRows(), asked(plan)));
        return plan;
    }

    /** Rows of whoever the tuned model is held against where nobody else is: the last way to prompt the base model that there is room for. */
    private static int asked(LoopPlan plan) {
        return plan.promptedRows().reversed().stream()
                .filter(rows -> rows > 0)
                .findFirst()
                .orElse(plan.testRows());
    }

    /** What the judged rows can show, in a sentence: better known before the work than after. */
    static String power(int rows, int promptedRows) {
        String prompted = promptedRows >= rows
                ? ""
                : "; with the first %d, which the prompted base model answers, %s"
                        .formatted(promptedRows, seen(promptedRows));
        return "With %d rows you can see %s between two contenders%s (8 times of 10, where exactly one of both is right on %.0f %% of them)"
                .formatted(rows, seen(rows), prompted, 100 * Report.Rows.DISCORDANT);
    }

    private static String seen(int rows) {
        double detectable = new Report.Rows(0, rows).detectable();
        return detectable < Report.Rows.DISCORDANT
                ? "a difference of ± %.0f points".formatted(100 * detectable)
                : "none of up to ± %.0f points".formatted(100 * Report.Rows.DISCORDANT);
    }

    private LoopPlan measured(LoadedModel base, RowCounts counts, List<Task> train, List<Task> test)
            throws IOException {
        listener.stage("Measuring this machine");
        MachineCeiling ceiling = MachineCeiling.inWorker(BlockShape.of(base.config()));
        long trained = counts.trained(train);
        List<LoopPlan.Tokens> prompted = useCase.prompted(train).stream()
                .map(way -> tokens(way, base, test, counts.mostOfQuestion()))
                .toList();
        LoopPlan.Work work = new LoopPlan.Work(
                test.size(),
                counts.demonstrations(train),
                trained,
                new LoopPlan.Tokens(counts.question(test), (double) trained / train.size()),
                prompted,
                useCase.isConstrained(),
                useCase.reward() != null);
        LoopPlan plan =
                LoopPlan.within(options, useCase.data().name(), work, base.config(), LoopTraining.ADAPTATION, ceiling);
        plan.write(options.out());
        listener.stage(
                "%.0f GFLOP/s: %s epochs, %d steps of reinforcement and %s requests of the prompted base model fit into %d minutes"
                        .formatted(
                                plan.gigaflops(),
                                plan.epochs(),
                                plan.reinforcementSteps(),
                                plan.requestsOfPrompted(),
                                options.budget().toMinutes()));
        return plan;
    }

    /** Of the rows that may be asked in this way; none where the model has no room for one of them. */
    private LoopPlan.Tokens tokens(UseCase.Prompted way, LoadedModel model, List<Task> test, int most) {
        IntSummaryStatistics prompts = Loop.first(test, LoopPlan.MOST_PROMPTED_ROWS).stream()
                .mapToInt(task -> model.prompt(way.ask().apply(task)).length)
                .summaryStatistics();
        if (prompts.getMax() > most) {
            listener.stage("Leaving out [%s]: the model has room for [%d] tokens of a question, and one has [%d]"
                    .formatted(way.name(), most, prompts.getMax()));
            return LoopPlan.Tokens.NONE;
        }
        return new LoopPlan.Tokens(prompts.getAverage(), way.answerTokens());
    }
}
