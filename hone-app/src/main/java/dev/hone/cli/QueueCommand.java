package dev.hone.cli;

import dev.hone.charter.Charter;
import dev.hone.improve.Queue;
import dev.hone.store.Database;
import dev.hone.watch.Subject;
import dev.hone.watch.Waiting;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hone queue}: what is most worth an expert's minute. */
@Command(
        name = "queue",
        mixinStandardHelpOptions = true,
        description = "Calls of a use case that wait for an expert, the most worth first, with why (docs/improve.md).",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  hone queue support", "  hone queue support --limit 100 --person ada --json"})
final class QueueCommand implements Callable<Integer> {
    private static final int MOST = 500;

    @Mixin
    private UseCaseArguments useCase = new UseCaseArguments();

    @Option(names = "--limit", paramLabel = "N", description = "How many (default ${DEFAULT-VALUE}).")
    private int limit = 20;

    @Option(
            names = "--person",
            paramLabel = "NAME",
            description = "As that person sees it: without what they labelled or skipped.")
    private @Nullable String person;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    private record Listed(int schemaVersion, String useCase, List<Queue.Item> items) {}

    @Override
    public Integer call() throws IOException {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("--limit is [%d]: give 1 to [%d]".formatted(limit, MOST));
        }
        Charter charter = useCase.charter();
        try (Database database = Store.open()) {
            Subject subject = UseCaseArguments.subject(database, charter);
            List<Queue.Item> items = new Waiting(database).of(subject, person, limit, Instant.now());
            if (json) {
                Json.print(new Listed(1, subject.name(), items));
            } else if (items.isEmpty()) {
                System.err.println(
                        "Nothing waits: calls do once they are watched, by hone serve or by hone watch %s --now"
                                .formatted(subject.name()));
            } else {
                items.forEach(item -> System.out.println(line(item)));
            }
        }
        return 0;
    }

    /** A call on a line. */
    static String line(Queue.Item item) {
        return String.format(
                Locale.ROOT,
                "%s  %.2f  %s%s",
                item.trace(),
                item.worth(),
                String.join(", ", item.reasons()),
                item.alike() == 0 ? "" : "; %d almost the same".formatted(item.alike()));
    }
}
