package dev.hone.loop;

import java.util.Locale;

/** The steps of a round, in their order. Each is done when its result is written down; done again before that, it comes to the same. */
public enum RoundStep {
    /** Labels become a frozen dataset. */
    DATASET("dataset of what was labelled", Results.DatasetMade.class),
    /** Models learn from it, and the best on the validation split is chosen. */
    TRAINING("training", Results.Trained.class),
    /** The model becomes a version. */
    REGISTRATION("version", Results.Registered.class),
    /** The version and the live one answer what neither learned from. */
    EVALUATION("evaluation beside the live version", Results.Evaluated.class),
    /** The gates of the charter judge the version. */
    GATES("gates", Results.Judged.class),
    /** A rollout of the version is asked for. */
    ROLLOUT("rollout", Results.Asked.class);

    private final String title;
    private final Class<? extends Record> type;

    RoundStep(String title, Class<? extends Record> type) {
        this.title = title;
        this.type = type;
    }

    /** What it comes to. */
    Class<? extends Record> type() {
        return type;
    }

    /** As people read it. */
    public String title() {
        return title;
    }

    /** As files and the store name it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name of its file. */
    String file() {
        return "%d-%s.json".formatted(ordinal() + 1, word());
    }
}
