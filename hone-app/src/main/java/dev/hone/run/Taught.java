package dev.hone.run;

import dev.hone.train.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a model was taught to be asked, with what that takes. Decided by a {@link UseCase}; written beside the weights by training, and read by whoever
 * serves them.
 *
 * @param examples where the form shows some; else null
 * @param labels of which the form's answer is one, in the order of their names; empty where it is none
 */
public record Taught(PromptForm form, @Nullable CallExamples examples, List<String> labels) {
    private static final String SHOWN = "shown";
    private static final String LABELS = "labels";

    /** Runs that began with the result of another, followed back at most so far. */
    private static final int MOST_RUNS = 16;

    public Taught {
        if ((form == PromptForm.SHOWN_TOOLS) != (examples != null)) {
            throw new IllegalArgumentException(
                    "The prompt form [%s] takes %s examples".formatted(form.key(), examples == null ? "" : "no"));
        }
        if ((form == PromptForm.BRIEF_LABEL) == labels.isEmpty()) {
            throw new IllegalArgumentException(
                    "The prompt form [%s] takes %s labels".formatted(form.key(), labels.isEmpty() ? "" : "no"));
        }
        labels = labels.stream().sorted().toList();
    }

    /** In a form that shows nothing. */
    public static Taught in(PromptForm form) {
        return new Taught(form, null, List.of());
    }

    static Taught beside(CallExamples examples) {
        return new Taught(PromptForm.SHOWN_TOOLS, examples, List.of());
    }

    /** To answer with one of some labels. */
    public static Taught among(Collection<String> labels) {
        return new Taught(PromptForm.BRIEF_LABEL, null, List.copyOf(labels));
    }

    /** What a run's manifest says of it. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put(PromptForm.SETTING, form.key());
        if (examples != null) {
            settings.put(SHOWN, Integer.toString(examples.shown()));
        }
        if (!labels.isEmpty()) {
            settings.put(LABELS, JsonMapper.shared().writeValueAsString(labels));
        }
        return settings;
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
                return switch (form) {
                    case MESSAGES, BRIEF_TOOLS -> in(form);
                    case SHOWN_TOOLS -> beside(CallExamples.read(at, shown(at, settings)));
                    case BRIEF_LABEL -> among(labels(at, settings));
                };
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

    private static List<String> labels(Path folder, Map<String, String> settings) {
        String labels = settings.getOrDefault(LABELS, "");
        try {
            JsonNode names = JsonMapper.shared().readTree(labels);
            if (names.isArray() && !names.isEmpty() && names.valueStream().allMatch(JsonNode::isString)) {
                return names.valueStream().map(JsonNode::stringValue).toList();
            }
        } catch (JacksonException e) {
            // Said below.
        }
        throw new IllegalArgumentException("[%s] in [%s] has [%s] under [%s], which is no list of labels"
                .formatted(Manifest.FILE, folder, labels, LABELS));
    }

    /**
     * The same in another form.
     *
     * @throws IllegalArgumentException when that takes examples or labels and there are none
     */
    public Taught as(PromptForm other) {
        return switch (other) {
            case MESSAGES, BRIEF_TOOLS -> in(other);
            case SHOWN_TOOLS -> {
                if (examples == null) {
                    throw new IllegalArgumentException(
                            "The model was not taught beside examples: [%s] takes those that it learned from"
                                    .formatted(other.key()));
                }
                yield beside(examples);
            }
            case BRIEF_LABEL -> {
                if (labels.isEmpty()) {
                    throw new IllegalArgumentException(
                            "The model was not taught labels: [%s] takes those that it learned".formatted(other.key()));
                }
                yield among(labels);
            }
        };
    }
}
