package dev.hone.cli;

import dev.hone.capture.access.Secret;
import dev.hone.record.ApiKey;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import dev.hone.store.ApiKeys;
import dev.hone.store.Database;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone keys}: who may call the gateway. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Make, list and revoke the keys of the gateway's callers (docs/gateway.md).",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone keys add shop",
            "  hone keys add desk --use-case support",
            "  hone keys add nightly --scope read --days 90",
            "  hone keys revoke shop"
        })
final class KeysCommand {
    private static final int MOST_DAYS = 36_500;
    private static final int LONGEST_NAME = 100;

    /** The object of {@code add --json}; the key is shown here and nowhere else. */
    record Added(
            int schemaVersion,
            String name,
            String key,
            List<String> scopes,
            String project,
            @Nullable BigDecimal monthlyBudget,
            @Nullable Integer callsPerMinute,
            List<String> useCases,
            @Nullable Instant expires) {}

    /** The object of {@code list --json}. */
    record Listed(int schemaVersion, List<Row> keys) {}

    /** The object of {@code revoke --json}. */
    record Revoked(int schemaVersion, String revoked) {}

    /** A key without what lets anybody in. */
    record Row(
            String name,
            String hint,
            List<String> scopes,
            String project,
            @Nullable BigDecimal monthlyBudget,
            @Nullable Integer callsPerMinute,
            List<String> useCases,
            String maker,
            Instant created,
            @Nullable Instant expires,
            @Nullable Instant revoked) {}

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Make a key. It is shown once: what is kept does not tell it.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  hone keys add shop",
                "  hone keys add trial --project labs --budget 50 --per-minute 60",
                "  hone keys add desk --use-case support --use-case search",
                "  hone keys add nightly --scope read --days 90 --json"
            })
    int add(
            @Parameters(paramLabel = "NAME", description = "Whose key it is, for people.") String name,
            @Option(
                            names = "--scope",
                            split = ",",
                            defaultValue = "call,feedback",
                            paramLabel = "SCOPE",
                            description = "What it allows: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
                    Set<ApiKey.Scope> scopes,
            @Option(names = "--days", paramLabel = "DAYS", description = "Expires after so many (default: never).")
                    @Nullable
                    Integer days,
            @Option(
                            names = "--project",
                            defaultValue = Project.DEFAULT,
                            paramLabel = "PROJECT",
                            description = "Whose calls it makes (default ${DEFAULT-VALUE}; hone projects).")
                    String project,
            @Option(
                            names = "--budget",
                            paramLabel = "AMOUNT",
                            description =
                                    "What its calls of a calendar month may cost, in hone.yaml's currency (default: no bound).")
                    @Nullable
                    BigDecimal budget,
            @Option(
                            names = "--per-minute",
                            paramLabel = "CALLS",
                            description = "Calls that it may make in a minute (default: no bound).")
                    @Nullable
                    Integer perMinute,
            @Option(
                            names = "--use-case",
                            paramLabel = "NAME",
                            description =
                                    "Whose calls alone it makes; may be given again (default: all of the project, and servers' models).")
                    @Nullable
                    Set<String> useCases,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("NAME must have 1 to %d characters of one line".formatted(LONGEST_NAME));
        }
        if (days != null && (days < 1 || days > MOST_DAYS)) {
            throw new IllegalArgumentException("--days must be from 1 to %d, not [%d]".formatted(MOST_DAYS, days));
        }
        ApiKey.Bounds bounds = new ApiKey.Bounds(budget, perMinute, useCases == null ? Set.of() : useCases);
        Secret secret = Secret.random();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        Instant expires = days == null ? null : now.plus(Duration.ofDays(days));
        try (Database database = Store.open()) {
            new ApiKeys(database)
                    .add(new ApiKey(
                            Ids.next(),
                            name.strip(),
                            secret.hash(),
                            secret.hint(),
                            scopes,
                            project,
                            bounds,
                            ModelsCommand.who(),
                            now,
                            expires,
                            null));
        }
        if (json) {
            Json.print(new Added(
                    1,
                    name.strip(),
                    secret.text(),
                    names(scopes),
                    project,
                    budget,
                    perMinute,
                    useCases(bounds),
                    expires));
        } else {
            System.out.printf("%s%n", secret.text());
            System.err.println("Keep it: it is not shown again. A running gateway knows it within five seconds");
        }
        return 0;
    }

    private static List<String> useCases(ApiKey.Bounds bounds) {
        return bounds.useCases().stream().sorted().toList();
    }

    private static List<String> names(Set<ApiKey.Scope> scopes) {
        return scopes.stream()
                .sorted()
                .map(scope -> scope.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "All keys, by their first letters.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone keys list", "  hone keys list --json"})
    int list(@Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        List<ApiKey> keys;
        try (Database database = Store.open()) {
            keys = new ApiKeys(database).all();
        }
        if (json) {
            Json.print(new Listed(
                    1,
                    keys.stream()
                            .map(key -> new Row(
                                    key.name(),
                                    key.hint(),
                                    names(key.scopes()),
                                    key.project(),
                                    key.bounds().monthlyBudget(),
                                    key.bounds().callsPerMinute(),
                                    useCases(key.bounds()),
                                    key.maker(),
                                    key.created(),
                                    key.expires(),
                                    key.revoked()))
                            .toList()));
            return 0;
        }
        if (keys.isEmpty()) {
            System.out.println("no keys; make one by: hone keys add NAME");
        }
        Instant now = Instant.now();
        for (ApiKey key : keys) {
            System.out.printf(
                    "%-24s %-12s %-16s %-24s %-24s %s%n",
                    key.name(),
                    key.hint(),
                    key.project(),
                    names(key.scopes()).stream().collect(Collectors.joining(",")),
                    key.bounds().useCases().isEmpty() ? "all use cases" : String.join(",", useCases(key.bounds())),
                    state(key, now));
        }
        return 0;
    }

    private static String state(ApiKey key, Instant now) {
        if (key.revoked() != null) {
            return "revoked " + key.revoked();
        }
        if (key.expires() == null) {
            return "in force";
        }
        return (key.isValid(now) ? "expires " : "expired ") + key.expires();
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Take a key out of force: a running gateway refuses it within five seconds.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone keys revoke shop", "  hone keys revoke nightly --project labs --json"})
    int revoke(
            @Parameters(paramLabel = "NAME", description = "Of a key in force.") String name,
            @Option(
                            names = "--project",
                            paramLabel = "PROJECT",
                            description = "Whose it is, where several projects have a key of that name.")
                    @Nullable
                    String project,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        try (Database database = Store.open()) {
            new ApiKeys(database).revoke(name, project, Instant.now(), ModelsCommand.who());
        }
        if (json) {
            Json.print(new Revoked(1, name));
        } else {
            System.out.printf("revoked [%s]%n", name);
        }
        return 0;
    }
}
