package dev.hone.cli;

import dev.hone.record.CapturedCall;
import dev.hone.record.Project;
import dev.hone.store.Database;
import dev.hone.store.TraceQuery;
import dev.hone.store.TraceSearch;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hone traces list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Traces, the newest first, without what they say.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone traces list --use-case support --variant tuned --from 2026-03-01T00:00:00Z",
            "  hone traces list --tag release=42 --ended broken",
            "  hone traces list --feedback stars --most 2",
            "  hone traces list --text \"money back\" --limit 10"
        })
final class TracesListCommand implements Callable<Integer> {
    private static final int MOST = 1_000;

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

    @Option(names = "--from", paramLabel = "TIME", description = "Not earlier, for instance 2026-03-01T00:00:00Z.")
    private @Nullable Instant from;

    @Option(names = "--to", paramLabel = "TIME", description = "Earlier.")
    private @Nullable Instant to;

    @Option(names = "--tag", paramLabel = "NAME=VALUE", description = "With this tag; may be given again.")
    private Map<String, String> tags = new LinkedHashMap<>();

    @Option(names = "--episode", paramLabel = "NAME", description = "Of this episode.")
    private @Nullable String episode;

    @Option(
            names = "--feedback",
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

    @Option(names = "--before", paramLabel = "TRACE", description = "Go on after a page, with the next that it names.")
    private @Nullable UUID before;

    @Option(names = "--limit", paramLabel = "N", description = "How many (default ${DEFAULT-VALUE}).")
    private int limit = 50;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    record Listed(
            int schemaVersion,
            List<TraceSearch.Found> traces,
            @Nullable UUID next,
            boolean full) {}

    @Override
    public Integer call() {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("--limit is [%d]: give 1 to [%d]".formatted(limit, MOST));
        }
        if (text != null && text.isBlank()) {
            throw new IllegalArgumentException("--text is empty: say what to look for");
        }
        TraceQuery filter = new TraceQuery(
                project, useCase, variant, model, ended, status, from, to, tags, episode, judged(), text);
        try (Database database = Store.open()) {
            TraceSearch.Page page = new TraceSearch(database).find(filter, before, limit);
            if (json) {
                Json.print(new Listed(1, page.traces(), page.next(), page.full()));
                return 0;
            }
            page.traces().forEach(found -> System.out.println(line(found)));
            if (page.next() != null) {
                System.err.println("%s: go on with --before %s"
                        .formatted(
                                page.full() ? "There may be more" : "Not all was looked through in the time of a page",
                                page.next()));
            }
        }
        return 0;
    }

    private TraceQuery.@Nullable Judged judged() {
        return feedback == null && least == null && most == null
                ? null
                : new TraceQuery.Judged(feedback == null || feedback.isEmpty() ? null : feedback, least, most);
    }

    /** A trace on a line. */
    static String line(TraceSearch.Found found) {
        return "%s  %s  %s %s  %s  %s%s%s"
                .formatted(
                        found.id(),
                        found.occurred(),
                        found.route() == null ? shown(found.useCase()) : found.route(),
                        shown(found.variant()),
                        found.ended() == null ? "imported" : found.ended() + " " + found.status(),
                        found.millis() == null ? "-" : "%.0f ms".formatted(found.millis()),
                        found.cost() == null
                                ? ""
                                : "  %s %s".formatted(found.cost().toPlainString(), shown(found.currency())),
                        found.feedback() == 0 ? "" : "  %d feedback".formatted(found.feedback()));
    }

    private static String shown(@Nullable String text) {
        return text == null ? "-" : text;
    }
}
