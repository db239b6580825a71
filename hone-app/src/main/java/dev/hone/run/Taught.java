package dev.hone.run;

import dev.hone.train.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a model was taught to be asked, with what that takes. Decided by a {@link UseCase}; written beside the weights by training, and read by whoever
 * serves them.
 *
 * @param examples where the form shows some; else null
 */
public record Taught(PromptForm form, @Nullable CallExamples examples) {
    private static final String SHOWN = "shown";

    /** Runs that began with the result of another, followed back at most so far. */
    private static final int MOST_RUNS = 16;

    public Taught {
        if ((form == PromptForm.SHOWN_TOOLS) != (examples != null)) {
            throw new IllegalArgumentException(
                    "The prompt form [%s] takes %s examples".formatted(form.key(), examples == null ? "" : "no"));
        }
    }

    /** In a form that shows nothing. */
    public static Taught in(PromptForm form) {
        return new Taught(form, null);
    }

    static Taught beside(CallExamples examples) {
        return new Taught(PromptForm.SHOWN_TOOLS, examples);
    }

    /** What a run's manifest says of it. */
    Map<String, String> settings() {
        return examples == null
                ? Map.of(PromptForm.SETTING, form.key())
                : Map.of(PromptForm.SETTING, form.key(), SHOWN, Integer.toString(examples.shown()));
    }

    /** Writes what stands in no manifest into a model's folder. */
    void write(Path folder) throws IOException {
        if (examples != null) {
            examples.write(folder);
        }
    }

    /** As the folder's run was taught, or where its manifest does not say, the model that it began with. */
    public static Taught of(Path model) throws IOException {
        Path at = model;
        for (int run = 0; run < MOST_RUNS; run++) {
            Optional<Manifest> manifest = Files.isDirectory(at) ? Manifest.read(at) : Optional.empty();
            if (manifest.isEmpty()) {
                return in(PromptForm.MESSAGES);
            }
            Map<String, String> settings = manifest.get().settings();
            String key = settings.get(PromptForm.SETTING);
            if (key != null) {
                PromptForm form = PromptForm.of(key);
                return form == PromptForm.SHOWN_TOOLS ? beside(CallExamples.read(at, shown(at, settings))) : in(form);
            }
            try {
                at = StoredModel.below(at).orElse(Path.of(manifest.get().baseModel()));
            } catch (InvalidPathException e) {
                return in(PromptForm.MESSAGES);
            }
        }
        return in(PromptForm.MESSAGES);
    }

    private static int shown(Path folder, Map<String, String> settings) {
        String shown = settings.getOrDefault(SHOWN, "");
        if (!shown.matches("[1-9][0-9]{0,2}")) {
            throw new IllegalArgumentException("[%s] in [%s] has [%s] under [%s], which is no number of examples"
                    .formatted(Manifest.FILE, folder, shown, SHOWN));
        }
        return Integer.parseInt(shown);
    }

    /**
     * The same in another form.
     *
     * @throws IllegalArgumentException when that takes examples and there are none
     */
    public Taught as(PromptForm other) {
        if (other == PromptForm.SHOWN_TOOLS && examples == null) {
            throw new IllegalArgumentException(
                    "The model was not taught beside examples: [%s] takes those that it learned from"
                            .formatted(other.key()));
        }
        return new Taught(other, other == PromptForm.SHOWN_TOOLS ? examples : null);
    }
}
