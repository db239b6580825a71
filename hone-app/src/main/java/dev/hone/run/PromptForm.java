package dev.hone.run;

import dev.hone.train.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a model was taught to be asked. Written into a run's {@link Manifest} by training; read by whoever serves its model. */
public enum PromptForm {
    /** A conversation, through the chat template. */
    MESSAGES,
    /** The offered tools' names with digests and one sentence, to be answered by a call. */
    BRIEF_TOOLS;

    static final String SETTING = "prompt";

    /** Runs that began with the result of another, followed back at most so far. */
    private static final int MOST_RUNS = 16;

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

    /** As the folder's run was taught, or where its manifest does not say, the model that it began with. */
    public static PromptForm of(Path model) throws IOException {
        Path at = model;
        for (int run = 0; run < MOST_RUNS; run++) {
            Optional<Manifest> manifest = Files.isDirectory(at) ? Manifest.read(at) : Optional.empty();
            if (manifest.isEmpty()) {
                return MESSAGES;
            }
            String key = manifest.get().settings().get(SETTING);
            if (key != null) {
                return of(key);
            }
            try {
                at = StoredModel.below(at).orElse(Path.of(manifest.get().baseModel()));
            } catch (InvalidPathException e) {
                return MESSAGES;
            }
        }
        return MESSAGES;
    }
}
