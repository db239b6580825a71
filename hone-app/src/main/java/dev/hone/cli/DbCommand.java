package dev.hone.cli;

import dev.hone.store.BundledDatabase;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hone db}: the database's server. */
@Command(
        name = "db",
        mixinStandardHelpOptions = true,
        description = "Look at the bundled database, or end its server. Commands start it when they need it.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  hone db status", "  hone db stop"})
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
