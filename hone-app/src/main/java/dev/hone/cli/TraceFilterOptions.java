package dev.hone.cli;

import dev.hone.record.CapturedCall;
import dev.hone.record.Project;
import dev.hone.store.TraceQuery;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which traces are meant. */
final class TraceFilterOptions {
    @Option(
            names = "--project",
            defaultValue = Project.DEFAULT,
            paramLabel = "NAME",
            description = "Whose (default ${DEFAULT-VALUE}).")
    private String project = Project.DEFAULT;

    @Option(names = "--use-case", paramLabel = "NAME", description = "Of this use case.")
    private @Nullable String useCase;

    @Option(names = "--variant", paramLabel = "NAME", description = "Answered by this variant.")
    private @Nullable String variant;

    @Option(names = "--model", paramLabel = "NAME", description = "Whose request named this model.")
    private @Nullable String model;

    @Option(names = "--ended", paramLabel = "HOW", description = "One of ${COMPLETION-CANDIDATES}; may be given again.")
    private Set<CapturedCall.End> ended = EnumSet.noneOf(CapturedCall.End.class);

    @Option(names = "--status", paramLabel = "CODE", description = "With this status.")
    private @Nullable Integer status;

    @Option(
            names = {"--from", "--since"},
            paramLabel = "TIME",
            description = "Not earlier, for instance 2026-03-01T00:00:00Z.")
    private @Nullable Instant from;

    @Option(
            names = {"--to", "--until"},
            paramLabel = "TIME",
            description = "Earlier.")
    private @Nullable Instant to;

    @Option(names = "--tag", paramLabel = "NAME=VALUE", description = "With this tag; may be given again.")
    private Map<String, String> tags = new LinkedHashMap<>();

    @Option(names = "--episode", paramLabel = "NAME", description = "Of this episode.")
    private @Nullable String episode;

    @Option(
            names = {"--feedback", "--with-feedback"},
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "NAME",
            description = "With feedback; of this name, if one is given.")
    private @Nullable String feedback;

    @Option(names = "--least", paramLabel = "VALUE", description = "With feedback that counts as this or more.")
    private @Nullable Double least;

    @Option(names = "--most", paramLabel = "VALUE", description = "With feedback that counts as this or less.")
    private @Nullable Double most;

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            description = "That say this in request or response, whatever its case.")
    private @Nullable String text;

    /** @throws IllegalArgumentException when a value means nothing */
    TraceQuery query() {
        if (text != null && text.isBlank()) {
            throw new IllegalArgumentException("--text is empty: say what to look for");
        }
        return new TraceQuery(
                project, useCase, variant, model, ended, status, from, to, tags, episode, judged(), text, true);
    }

    private TraceQuery.@Nullable Judged judged() {
        return feedback == null && least == null && most == null
                ? null
                : new TraceQuery.Judged(feedback == null || feedback.isEmpty() ? null : feedback, least, most);
    }
}
