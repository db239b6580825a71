package dev.hone.advise;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a break-even is worked out from. */
public enum Input {
    CALLS("calls a month", true),
    PRICE("price of a call now", true),
    PROMPT_TOKENS("tokens of a prompt that a tuned model needs", true),
    ANSWER_TOKENS("tokens of an answer", true),
    ROWS_THERE("right answers that are there", true),
    PROMPT_TOKENS_PER_SECOND("tokens of prompts that the machine reads in a second", false),
    TOKENS_PER_SECOND("tokens of answers that the machine writes in a second", false),
    MACHINE_HOUR("price of a machine's hour", false),
    BUSY("share of the time that a machine may be busy", false),
    ROWS("right answers to learn from", false),
    MINUTES_PER_ROW("minutes of an expert for one of them", false),
    EXPERT_HOUR("price of an expert's hour", false),
    ROWS_A_MONTH("right answers that are added in a month", false),
    EPOCHS("times that each is learned from", false),
    TRAINING_TOKENS_PER_SECOND("tokens learned from in a second", false),
    FIRST_RUNS("training runs until the first good one", false),
    RUNS_A_MONTH("training runs in a month", false),
    SETUP_HOURS("hours of an engineer to begin", false),
    ENGINEER_HOUR("price of an engineer's hour", false),
    GAIN("share of answers that the tuned model has right, less that of today's", false),
    WRONG_ANSWER("cost of a wrong answer", false);

    private final String said;
    private final boolean traced;

    Input(String said, boolean traced) {
        this.said = said;
        this.traced = traced;
    }

    /** As files and addresses write it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** In words. */
    public String said() {
        return said;
    }

    /** Whether traces say it, and no file. */
    public boolean isTraced() {
        return traced;
    }

    /** Whether it may be below 0, and its spread is a sum and no factor. */
    boolean isDifference() {
        return this == GAIN;
    }

    /** Whether it is no more than 1. */
    boolean isShare() {
        return this == GAIN || this == BUSY;
    }

    /** Whether something is divided by it. */
    boolean isRate() {
        return switch (this) {
            case PROMPT_TOKENS_PER_SECOND, TOKENS_PER_SECOND, BUSY, TRAINING_TOKENS_PER_SECOND -> true;
            default -> false;
        };
    }

    static Optional<Input> find(String key) {
        return Stream.of(values()).filter(input -> input.key().equals(key)).findFirst();
    }
}
