package dev.hone.cli;

import dev.hone.record.ConfigurationText;
import dev.hone.store.Configurations;
import dev.hone.store.Database;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone configuration}: what the files said that a trace or feedback followed. */
@Command(
        name = "configuration",
        mixinStandardHelpOptions = true,
        description =
                "What hone.yaml and the charters said when a call was answered, or feedback taken: by the hash that traces have (docs/gateway.md).",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  hone configuration", "  hone configuration 3f2a91c0", "  hone configuration 3f2a91c0 --json"})
final class ConfigurationCommand implements Callable<Integer> {
    private static final String HASH = "[0-9a-f]{4,64}";

    @Parameters(
            arity = "0..1",
            paramLabel = "HASH",
            description = "As hone traces show says it, or its first digits; without it all are listed.")
    private @Nullable String hash;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json} with a hash. */
    private record Shown(
            int schemaVersion,
            String hash,
            Instant since,
            @Nullable Instant last,
            List<ConfigurationText.File> files) {}

    /** One that is listed. */
    private record Row(String hash, Instant since, @Nullable Instant last, List<String> files) {}

    /** The object of {@code --json} without one. */
    private record Listed(int schemaVersion, List<Row> configurations) {}

    @Override
    public Integer call() throws IOException {
        String wanted = hash;
        if (wanted != null && !wanted.matches(HASH)) {
            throw new IllegalArgumentException(
                    "[%s] is no hash: give four of its hexadecimal digits at least, in small letters"
                            .formatted(wanted));
        }
        try (Database database = Store.open()) {
            Configurations configurations = new Configurations(database);
            if (wanted == null) {
                list(configurations.all());
            } else {
                show(wanted, configurations.find(wanted));
            }
        }
        return 0;
    }

    private void list(List<Configurations.Stored> all) throws IOException {
        List<Row> rows = all.stream()
                .map(one -> new Row(
                        one.text().hash(),
                        one.since(),
                        one.last(),
                        one.text().files().stream()
                                .map(ConfigurationText.File::name)
                                .toList()))
                .toList();
        if (json) {
            Json.print(new Listed(1, rows));
        } else {
            rows.forEach(row -> System.out.printf(
                    "%s since %s%s  %s%n",
                    row.hash(), row.since(), followed(row.last()), String.join(", ", row.files())));
        }
    }

    private static String followed(@Nullable Instant last) {
        return last == null ? "" : ", followed at " + last;
    }

    private void show(String wanted, List<Configurations.Stored> found) throws IOException {
        if (found.size() != 1) {
            throw new IllegalArgumentException(
                    found.isEmpty()
                            ? "There is no configuration [%s]; see hone configuration".formatted(wanted)
                            : "[%d] configurations begin with [%s]: give more digits".formatted(found.size(), wanted));
        }
        Configurations.Stored one = found.getFirst();
        if (json) {
            Json.print(new Shown(
                    1, one.text().hash(), one.since(), one.last(), one.text().files()));
            return;
        }
        System.out.printf("%s since %s%s%n", one.text().hash(), one.since(), followed(one.last()));
        for (ConfigurationText.File file : one.text().files()) {
            System.out.printf("%n# %s%n%s%n", file.name(), file.text().stripTrailing());
        }
    }
}
