package dev.hone.run;

import dev.hone.record.Task;
import dev.hone.record.TokenizedChat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many tokens a model reads of each task as a use case asks it: counted once, for what there is room for and for the plan. */
final class RowCounts {
    /** Why a row is left out, in reports. */
    static final String TOO_LONG = "longer than %d tokens".formatted(LoopTraining.MOST_TOKENS);

    private final LoadedModel model;
    private final UseCase useCase;
    private final Map<Task, Count> counts = new HashMap<>();

    RowCounts(LoadedModel model, UseCase useCase) {
        this.model = model;
        this.useCase = useCase;
    }

    /**
     * Of one task.
     *
     * @param question tokens before the answer
     * @param demonstration tokens of both
     * @param trained of these, how many are learned from
     */
    record Count(int question, int demonstration, int trained) {}

    Count of(Task task) {
        return counts.computeIfAbsent(task, this::count);
    }

    private Count count(Task task) {
        TokenizedChat demonstration = model.demonstration(useCase.demonstrate(task));
        return new Count(
                model.prompt(useCase.ask(task)).length, demonstration.tokens().length, demonstration.trainedTokens());
    }

    /** Whether a demonstration has at most so many tokens, and model and answer have room for the question. */
    boolean fits(Task task, int most) {
        return of(task).demonstration() <= most && of(task).question() <= mostOfQuestion();
    }

    /**
     * Tasks that model and training have room for; the others are told.
     *
     * @param reference of the model, for messages
     * @throws IllegalArgumentException when there is none
     */
    List<Task> fitting(List<Task> tasks, String reference, Loop.Listener listener) {
        List<Task> fitting = tasks.stream()
                .filter(task -> fits(task, LoopTraining.MOST_TOKENS))
                .toList();
        int left = tasks.size() - fitting.size();
        if (left > 0) {
            listener.stage("Left out [%d] rows of more than [%d] tokens".formatted(left, LoopTraining.MOST_TOKENS));
        }
        if (fitting.isEmpty()) {
            throw new IllegalArgumentException(
                    "All of [%d] rows have more than [%d] tokens, or a question of more than [%d]: [%s] cannot learn them, take a model that reads more"
                            .formatted(tasks.size(), LoopTraining.MOST_TOKENS, mostOfQuestion(), reference));
        }
        return fitting;
    }

    /** Tokens that a question may have, so that there is room for its answer. */
    int mostOfQuestion() {
        return model.config().maxPositions() - useCase.maxTokens();
    }

    /** Tokens of all demonstrations. */
    long demonstrations(List<Task> tasks) {
        return tasks.stream().mapToLong(task -> of(task).demonstration()).sum();
    }

    /** Of these, how many are learned from. */
    long trained(List<Task> tasks) {
        return tasks.stream().mapToLong(task -> of(task).trained()).sum();
    }

    /** Mean tokens of a question; 0 of none. */
    double question(List<Task> tasks) {
        return tasks.stream().mapToInt(task -> of(task).question()).average().orElse(0);
    }
}
