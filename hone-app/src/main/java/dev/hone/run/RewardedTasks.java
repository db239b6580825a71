package dev.hone.run;

import dev.hone.charter.Charter;
import dev.hone.grade.GoldCheck;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import dev.hone.task.DemonstratedTask;
import dev.hone.task.LabelledFile;
import dev.hone.task.LineFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Tasks of a file with what a charter calls good, as a job for a model that learns from rewards ({@code hone train --method grpo}).
 *
 * @param useCase of the tasks that the charter's grader can judge by
 * @param sha256 of the file, by which a run's data is known again
 * @param badLines that were left out
 * @param gold what the grader says to the tasks' right answers
 */
public record RewardedTasks(UseCase useCase, String sha256, int badLines, GoldCheck.Result gold) {
    private static final String RESPONSE = "response";

    /**
     * Of a file as {@code hone tasks build} writes it, or {@code hone import} takes it.
     *
     * @param skipBad whether bad lines are left out instead of refused
     * @throws IllegalArgumentException when a line is bad and not left out, or the charter can judge none
     */
    public static RewardedTasks read(Path file, Charter charter, boolean skipBad) throws IOException {
        List<Task> tasks = new ArrayList<>();
        LineFaults bad = new LineFaults();
        String sha256;
        try (LabelledFile lines = new LabelledFile(file, RESPONSE)) {
            for (LabelledFile.@Nullable Line line = lines.next(); line != null; line = lines.next()) {
                switch (line) {
                    case LabelledFile.Row row -> tasks.add(task(row));
                    case LineFault fault -> bad.add(fault);
                }
            }
            sha256 = lines.sha256();
        }
        bad.requireGood(file, tasks.size(), skipBad);
        UseCase useCase = DatasetUseCase.ofTasks(charter.name(), charter.good(), tasks, Map.of());
        return new RewardedTasks(
                useCase,
                sha256,
                bad.count(),
                GoldCheck.of(charter.good(), useCase.data().tasks()));
    }

    /** Called like its trace, as in the dataset that it is of. */
    private static Task task(LabelledFile.Row row) {
        Task task = DemonstratedTask.of(row.labelled(), row.number());
        return row.trace().isBlank() ? task : new Task(row.trace(), task.input(), task.reference(), task.metadata());
    }

    /**
     * A job for a model: asked as it was taught, or if it was not trained yet, as the use case teaches it.
     *
     * @param tasks that were left out, since model and answer have no room for them
     */
    public record Fitted(ReinforcementRun.Job job, int tooLong) {}

    /**
     * The job of a model.
     *
     * @param maxTokens of an answer
     * @throws IllegalArgumentException when the model was taught to be asked otherwise than the tasks can be, or has no room for any
     */
    public Fitted fit(LoadedModel model, int maxTokens) throws IOException {
        Asked asked = asked(model);
        List<Task> all = useCase.data().tasks();
        int room = model.config().maxPositions() - maxTokens;
        List<Task> fitting = all.stream()
                .filter(task -> model.prompt(asked.ask().apply(task)).length <= room)
                .toList();
        if (fitting.isEmpty()) {
            throw new IllegalArgumentException(
                    "None of [%d] tasks leaves room for an answer of [%d] tokens in the model's [%d] positions: give a smaller --max-tokens, or take a model that reads more"
                            .formatted(all.size(), maxTokens, model.config().maxPositions()));
        }
        ToDoubleFunction<Grade> shaped = useCase.reward();
        ReinforcementRun.Job job = new ReinforcementRun.Job(
                fitting,
                sha256,
                asked.ask(),
                asked.constrain(),
                // With every part of its judgment, where reports need few.
                useCase.good().grader(),
                shaped == null ? Grade::score : shaped,
                Map.of(
                        "use-case",
                        useCase.data().name(),
                        "good",
                        new Identity().addValue(useCase.good()).hex()),
                asked.taught());
        return new Fitted(job, all.size() - fitting.size());
    }

    private record Asked(Function<Task, Conversation> ask, Function<Task, Constraint> constrain, Taught taught) {}

    private Asked asked(LoadedModel model) throws IOException {
        Path folder = model.weights();
        boolean trained = Files.isDirectory(folder) && Manifest.read(folder).isPresent();
        Taught taught = trained ? Taught.of(folder) : useCase.taught();
        UseCase own = taught.examples() == null ? useCase : DatasetUseCase.asTaught(useCase, folder);
        if (own.taught().form() == taught.form()) {
            return new Asked(own::ask, own::constrain, taught);
        }
        if (taught.form() == PromptForm.MESSAGES && !(own instanceof CallUseCase)) {
            return new Asked(Task::input, task -> new Constraint.None(), taught);
        }
        throw new IllegalArgumentException(
                "[%s] was taught to be asked as [%s], and tasks of [%s] are asked as [%s]: begin with a base model, or with one that learned them so"
                        .formatted(
                                folder,
                                taught.form().key(),
                                useCase.data().name(),
                                own.taught().form().key()));
    }
}
