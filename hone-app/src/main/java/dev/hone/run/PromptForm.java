package dev.hone.run;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a model was taught to be asked. Part of {@link Taught}. */
public enum PromptForm {
    /** A conversation, through the chat template. */
    MESSAGES,
    /** The offered tools' names with digests and one sentence, to be answered by a call. */
    BRIEF_TOOLS,
    /** The same after the nearest of the demonstrations that it learned from ({@link CallExamples}). */
    SHOWN_TOOLS,
    /** The last text of the user, to be answered by one of the model's labels. */
    BRIEF_LABEL;

    static final String SETTING = "prompt";

    /** Its name in settings and options. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException when there is none of this name */
    public static PromptForm of(String key) {
        return Arrays.stream(values())
                .filter(form -> form.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no prompt form [%s]: give one of [%s]"
                        .formatted(
                                key,
                                Arrays.stream(values()).map(PromptForm::key).collect(Collectors.joining(", ")))));
    }
}
