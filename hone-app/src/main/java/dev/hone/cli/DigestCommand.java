package dev.hone.cli;

import dev.hone.loop.Digest;
import dev.hone.loop.DigestReader;
import dev.hone.loop.DigestText;
import dev.hone.record.Project;
import dev.hone.record.UseCaseName;
import dev.hone.store.Database;
import dev.hone.store.UseCases;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone digest}. */
@Command(
        name = "digest",
        mixinStandardHelpOptions = true,
        description =
                "What happened on a day: traffic, spend, quality, drift, labels, rounds of the loop, gates, rollouts, and what"
                        + " somebody should look at. hone serve writes it once a day (docs/loop.md).",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone digest",
            "  hone digest support --day 2026-11-26",
            "  hone digest --project search --day yesterday --json"
        })
final class DigestCommand implements Callable<Integer> {
    @Parameters(paramLabel = "USE_CASE", arity = "0..1", description = "This one alone (default: all of the project).")
    private @Nullable String useCase;

    @Mixin
    private ProjectOption project = new ProjectOption();

    @Option(
            names = "--day",
            defaultValue = "today",
            paramLabel = "YYYY-MM-DD",
            description = "Of UTC; also today or yesterday (default ${DEFAULT-VALUE}).")
    private String day = "today";

    @Option(names = "--json", description = "Print one JSON object last (docs/loop.md).")
    private boolean json;

    @Override
    public Integer call() {
        if (useCase != null) {
            UseCaseName.require(useCase);
        }
        try (Database database = Store.open()) {
            DigestReader reader = new DigestReader(database, Store.home(), InstantSource.system());
            Digest digest = reader.read(project(database), useCase, day(reader));
            if (json) {
                Json.print(digest);
            } else {
                System.out.print(DigestText.of(digest));
            }
        }
        return 0;
    }

    private String project(Database database) {
        String named = project.name();
        if (named != null) {
            return named;
        }
        return useCase == null ? Project.DEFAULT : new UseCases(database).project(useCase, null);
    }

    private LocalDate day(DigestReader reader) {
        return switch (day) {
            case "today" -> reader.today();
            case "yesterday" -> reader.today().minusDays(1);
            default -> {
                try {
                    yield LocalDate.parse(day);
                } catch (DateTimeParseException e) {
                    throw new IllegalArgumentException(
                            "--day is [%s]: give a day such as [2026-11-26], [today] or [yesterday]".formatted(day), e);
                }
            }
        };
    }
}
