package dev.hone.cli;

import dev.hone.record.AnswerLogprob;
import dev.hone.record.AuditEntry;
import dev.hone.record.Project;
import dev.hone.store.AuditLog;
import dev.hone.store.Database;
import dev.hone.store.Projects;
import dev.hone.store.TraceDetails;
import dev.hone.store.TraceSearch;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code hone traces}: what passed. */
@Command(
        name = "traces",
        mixinStandardHelpOptions = true,
        description = "Look for traces, look at one, and write them out (docs/store.md).",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TracesListCommand.class, TracesExportCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone traces list --use-case support --ended broken",
            "  hone traces show 019a2c1e-…",
            "  hone traces export --out traces.jsonl"
        })
final class TracesCommand {
    /** The object of {@code show --json}. */
    record Shown(int schemaVersion, TraceSearch.Found trace, TraceDetails.Detail detail) {}

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "One trace with what it says: request, answer, attempts, feedback.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone traces show 019a2c1e-5b60-7c11-8000-0123456789ab"})
    int show(
            @Parameters(paramLabel = "TRACE", description = "Its id, as x-hone-trace and the list say.") UUID id,
            @Option(
                            names = "--project",
                            defaultValue = Project.DEFAULT,
                            paramLabel = "NAME",
                            description = "Whose it is (default ${DEFAULT-VALUE}).")
                    String project,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json) {
        try (Database database = Store.open()) {
            TraceSearch.Found found = new TraceSearch(database)
                    .find(project, id)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "There is no trace [%s] in project [%s]; see hone traces list".formatted(id, project)));
            TraceDetails.Detail detail = new TraceDetails(database)
                    .find(project, id)
                    .orElseThrow(() -> new IllegalArgumentException("The trace [%s] has just gone".formatted(id)));
            new AuditLog(database)
                    .add(AuditEntry.now(
                            ModelsCommand.who() + " (command line)",
                            new Projects(database).find(project).orElse(null),
                            "trace.read",
                            id.toString(),
                            Map.of()));
            if (json) {
                Json.print(new Shown(1, found, detail));
            } else {
                print(found, detail);
            }
        }
        return 0;
    }

    private static void print(TraceSearch.Found found, TraceDetails.Detail detail) {
        System.out.println(TracesListCommand.line(found));
        found.tags().forEach((name, value) -> System.out.printf("tag      %s=%s%n", name, value));
        if (detail.configuration() != null) {
            System.out.printf("followed %s (hone configuration HASH)%n", detail.configuration());
        }
        detail.attempts()
                .forEach(attempt -> System.out.printf(
                        "attempt  %d %s %s %s %.0f ms %s%s%n",
                        attempt.number(),
                        attempt.variant(),
                        attempt.upstream(),
                        attempt.status() == null ? "-" : attempt.status(),
                        attempt.millis(),
                        attempt.trouble() == null ? "" : attempt.trouble(),
                        attempt.logprob() == null ? "" : probable(attempt.logprob())));
        detail.feedback()
                .forEach(said -> System.out.printf(
                        "feedback %s %s %s %s %s%n",
                        said.at(), said.kind(), said.name(), said.value(), said.author() == null ? "" : said.author()));
        System.out.println("request");
        System.out.println(indented(detail.request()));
        System.out.println("response");
        System.out.println(indented(detail.response()));
    }

    private static String probable(AnswerLogprob logprob) {
        return String.format(
                Locale.ROOT,
                "answered what had a probability of %.3g, %.3g a token of %d",
                logprob.whole(),
                logprob.perToken(),
                logprob.tokens());
    }

    /** What is JSON, on lines of its own; control characters of what is not could move the terminal's cursor. */
    private static String indented(@Nullable String text) {
        if (text == null) {
            return "-";
        }
        try {
            JsonNode node = JsonMapper.shared().readTree(text);
            return node.toPrettyString();
        } catch (JacksonException e) {
            return text.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "\u2423");
        }
    }
}
