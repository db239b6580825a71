package dev.hone.cli;

import dev.hone.capture.GatewaySettings;
import dev.hone.record.Retention;
import dev.hone.store.BundledDatabase;
import dev.hone.store.Database;
import dev.hone.store.TraceRetention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hone db}: the database's server. */
@Command(
        name = "db",
        mixinStandardHelpOptions = true,
        description = "Look at the database, drop what is old, or end its server. Commands start it when they need it.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  hone db status", "  hone db retain --dry-run", "  hone db stop"})
final class DbCommand {
    private static BundledDatabase bundled() {
        return new BundledDatabase(Store.home());
    }

    /** The object of {@code status --json}. */
    record StatusResult(int schemaVersion, boolean external, BundledDatabase.Status bundled) {}

    /** The object of {@code stop --json}. */
    record StopResult(int schemaVersion, boolean stopped) {}

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Where the database is, and whether its server runs; starts nothing.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone db status", "  hone db status --json"})
    int status(@Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        boolean external = Store.isExternal();
        BundledDatabase.Status status = bundled().status();
        if (json) {
            Json.print(new StatusResult(1, external, status));
            return 0;
        }
        if (external) {
            System.out.println("HONE_DB_URL is set: an external database is used, not the bundled one");
        }
        System.out.println(
                switch (status.state()) {
                    case NONE ->
                        "no database yet; the first command that needs one makes it in [%s]".formatted(status.folder());
                    case STOPPED -> "stopped; in [%s], PostgreSQL %s".formatted(status.folder(), status.version());
                    case RUNNING ->
                        "running; in [%s], PostgreSQL %s, process %d, 127.0.0.1:%d"
                                .formatted(status.folder(), status.version(), status.pid(), status.port());
                });
        return 0;
    }

    /** The object of {@code retain --json}. */
    record RetainResult(int schemaVersion, boolean dryRun, List<TraceRetention.Month> months) {}

    @Command(
            name = "retain",
            mixinStandardHelpOptions = true,
            description =
                    "Drop traces whose time is over by the [retention] of the gateway's file, as hone serve does daily.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone db retain --dry-run", "  hone db retain --config gateway/hone.yaml --json"})
    int retain(
            @Option(
                            names = "--config",
                            defaultValue = "hone.yaml",
                            paramLabel = "FILE",
                            description = "The gateway's file (default ${DEFAULT-VALUE}).")
                    Path config,
            @Option(names = "--dry-run", description = "Say what would go, and drop nothing.") boolean dryRun,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        if (!Files.exists(config)) {
            throw new IllegalArgumentException(
                    "There is no [%s]: name the gateway's file by --config".formatted(config));
        }
        Retention retention = GatewaySettings.retention(config);
        if (retention.equals(Retention.FOR_EVER)) {
            throw new IllegalArgumentException(
                    "[%s] has no [retention]: traces are kept for ever; write retention: {content: 90d, facts: 400d}"
                            .formatted(config));
        }
        try (Database database = Store.open()) {
            List<TraceRetention.Month> months = new TraceRetention(database).carryOut(retention, Instant.now(), dryRun);
            if (json) {
                Json.print(new RetainResult(1, dryRun, months));
                return 0;
            }
            months.forEach(month -> System.out.printf(
                    "%s %s: %d %s, %d stay%n",
                    month.month(),
                    month.part().name().toLowerCase(Locale.ROOT),
                    month.dropped(),
                    dryRun ? "would go" : "went",
                    month.kept()));
            if (months.isEmpty()) {
                System.out.println("nothing is over");
            }
        }
        return 0;
    }

    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description = "End the bundled server, for instance one that outlived a killed command.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone db stop", "  hone db stop --force"})
    int stop(
            @Option(names = "--force", description = "Also while other processes of Hone use it.") boolean force,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        boolean stopped = bundled().stop(force, text -> System.err.println("hone: " + text));
        if (json) {
            Json.print(new StopResult(1, stopped));
        } else {
            System.out.println(stopped ? "stopped" : "it was not running");
        }
        return 0;
    }
}
