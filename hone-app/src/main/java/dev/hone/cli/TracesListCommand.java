package dev.hone.cli;

import dev.hone.store.Database;
import dev.hone.store.TraceQuery;
import dev.hone.store.TraceSearch;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private TraceFilterOptions filter = new TraceFilterOptions();

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
        TraceQuery query = filter.query();
        try (Database database = Store.open()) {
            TraceSearch.Page page = new TraceSearch(database).find(query, before, limit);
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
