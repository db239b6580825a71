package dev.hone.cli;

import dev.hone.advise.Advice;
import dev.hone.advise.AdviceReport;
import dev.hone.advise.BreakEven;
import dev.hone.advise.Input;
import dev.hone.advise.PowerLaw;
import dev.hone.advise.PriceReader;
import dev.hone.advise.Prices;
import dev.hone.advise.UseCaseAdvice;
import dev.hone.capture.feedback.FeedbackRules;
import dev.hone.charter.Charter;
import dev.hone.record.Project;
import dev.hone.run.Advising;
import dev.hone.run.CharterCheck;
import dev.hone.store.Database;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hone advise}. */
@Command(
        name = "advise",
        mixinStandardHelpOptions = true,
        description = {
            "Which use cases there are in the traces of a project, what each costs, and whether a model of its own would pay (docs/advise.md).",
            "What it says is kept for the page Advise. The audit log tells of it."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone advise",
            "  hone advise --days 90 --prices prices.yaml",
            "  hone advise --price 0.0021 --tokens-per-second 600 --json | jq .report.useCases[].advice.choice"
        })
final class AdviseCommand implements Callable<Integer> {
    private static final int LEVERS = 3;

    @Option(
            names = "--project",
            defaultValue = Project.DEFAULT,
            paramLabel = "NAME",
            description = "Whose traces (default ${DEFAULT-VALUE}).")
    private String project = Project.DEFAULT;

    @Option(names = "--days", paramLabel = "N", description = "Of how many days (default ${DEFAULT-VALUE}).")
    private int days = 30;

    @Option(
            names = "--min-calls",
            paramLabel = "N",
            description = "Fewer calls that were looked at are no use case (default ${DEFAULT-VALUE}).")
    private int minCalls = 20;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description =
                    "Where there are more traces, so many drawn by chance are looked at (default ${DEFAULT-VALUE}).")
    private int sample = 4_000;

    @Option(
            names = "--prices",
            paramLabel = "FILE.yaml",
            description = "Prices and other inputs that go before those that come with Hone (docs/advise.md).")
    private @Nullable Path prices;

    @Option(
            names = "--price",
            paramLabel = "AMOUNT",
            description = "Of a call, where neither traces nor prices of models say it.")
    private @Nullable BigDecimal price;

    @Option(
            names = "--tokens-per-second",
            paramLabel = "N",
            description = "Of answers that the machine writes, where nothing was measured, or it was another machine.")
    private @Nullable BigDecimal tokensPerSecond;

    @Option(
            names = "--embedding",
            defaultValue = "AUTO",
            paramLabel = "HOW",
            description =
                    "What tells texts apart that nothing else does, one of ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}): a model of meaning, or words.")
    private Advising.Embedding embedding = Advising.Embedding.AUTO;

    @Option(
            names = "--use-cases",
            paramLabel = "FILE|FOLDER",
            description = "Charters, which say what feedback is good (default: use-cases, where there is one).")
    private @Nullable Path useCases;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    record Advised(int schemaVersion, AdviceReport report) {}

    @Override
    public Integer call() throws IOException {
        Advising.Options options =
                new Advising.Options(project, days, minCalls, sample, prices(), price(), embedding, rules());
        Advising.Result result;
        try (Database database = Store.open();
                Progress reading = new Progress("reading");
                Progress comparing = new Progress("comparing")) {
            result = new Advising(database)
                    .run(options, ModelsCommand.who() + " (command line)", Instant.now(), new Advising.Listener() {
                        @Override
                        public void read(long done, long total) {
                            reading.update(done, total, "traces");
                        }

                        @Override
                        public void embedded(long done, long total) {
                            comparing.update(done, total, "texts");
                        }
                    });
        }
        if (json) {
            Json.print(new Advised(1, result.report()));
        } else {
            print(result);
        }
        return 0;
    }

    private Prices prices() throws IOException {
        Prices read = prices == null ? PriceReader.committed() : PriceReader.read(prices);
        if (tokensPerSecond == null) {
            return read;
        }
        if (tokensPerSecond.signum() <= 0 || tokensPerSecond.compareTo(BigDecimal.valueOf(1_000_000_000)) > 0) {
            throw new IllegalArgumentException(
                    "--tokens-per-second is [%s]: give a number above 0".formatted(tokensPerSecond));
        }
        return read.measured(
                Input.TOKENS_PER_SECOND,
                tokensPerSecond,
                new Prices.Origin(
                        Instant.now().atOffset(ZoneOffset.UTC).toLocalDate().toString(),
                        Advising.GIVEN + "tokens-per-second",
                        false));
    }

    private @Nullable BigDecimal price() {
        if (price != null && (price.signum() < 0 || price.compareTo(BigDecimal.valueOf(1_000_000)) > 0)) {
            throw new IllegalArgumentException("--price is [%s]: give an amount of 0 to 1,000,000".formatted(price));
        }
        return price;
    }

    private Map<String, FeedbackRules> rules() throws IOException {
        Path folder = useCases == null ? Path.of("use-cases") : useCases;
        Map<String, FeedbackRules> rules = new HashMap<>();
        if (useCases != null || Files.isDirectory(folder)) {
            for (Charter charter : CharterCheck.read(folder)) {
                rules.put(charter.name(), charter.feedback());
            }
        }
        return rules;
    }

    private static void print(Advising.Result result) {
        AdviceReport report = result.report();
        List<UseCaseAdvice> useCases = report.bySpend();
        if (!useCases.isEmpty()) {
            System.out.printf(
                    "%-32s %9s %12s %14s %8s %8s %9s  %-28s %s%n",
                    "use case",
                    "seen",
                    "calls/month",
                    "now/month",
                    "prompt",
                    "answer",
                    "p95 ms",
                    "verdict",
                    "pays after");
        }
        useCases.forEach(one -> System.out.println(line(one, report.currency())));
        for (UseCaseAdvice one : useCases) {
            Advising.Shown shown = result.shown().stream()
                    .filter(texts -> texts.useCase().equals(one.name()))
                    .findFirst()
                    .orElse(new Advising.Shown(one.name(), "", List.of()));
            print(one, shown);
        }
        PowerLaw law = report.powerLaw();
        if (law != null) {
            System.out.printf(
                    Locale.ROOT,
                    "%nCalls fall with rank to the power of -%.2f (95 %%: %.2f to %s; %d use cases); the first has %.0f %% of them.%n",
                    law.exponent(),
                    law.low(),
                    law.high() == null ? "any" : "%.2f".formatted(law.high()),
                    law.useCases(),
                    100 * law.first());
        }
        System.out.printf(
                Locale.ROOT,
                "%n%,d traces of %.1f days; texts told apart by %s.%n",
                report.lookedAt(),
                report.observed(),
                report.embedding());
        report.notes().forEach(note -> System.out.println("note: " + note));
    }

    /** A use case on a line. */
    private static String line(UseCaseAdvice one, String currency) {
        return String.format(
                Locale.ROOT,
                "%-32s %9d %12s %14s %8s %8s %9s  %-28s %s",
                one.name().length() <= 32 ? one.name() : one.name().substring(0, 31) + "…",
                one.measures().calls(),
                one.measures().perMonth() > 0 ? "%,.0f".formatted(one.measures().perMonth()) : "unknown",
                one.priced() && one.measures().perMonth() > 0
                        ? "%,.2f %s".formatted(one.costs().now(), currency)
                        : "unknown",
                number(one.measures().promptTokens()),
                number(one.measures().answerTokens()),
                number(one.measures().p95()),
                one.advice().choice().words(),
                one.live() != null
                        ? one.live().version() + " is live"
                        : one.priced() && one.measures().perMonth() > 0
                                ? one.breakEven().words()
                                : "unknown");
    }

    private static void print(UseCaseAdvice one, Advising.Shown shown) {
        System.out.printf(
                Locale.ROOT,
                "%n%s: %s%n  told by %s; words %s%n",
                one.name(),
                one.advice().sentence(),
                one.basis().word(),
                one.terms());
        if (!shown.template().isEmpty()) {
            System.out.println("  template   " + shown.template());
        }
        one.declared().entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(5)
                .forEach(share -> System.out.printf(
                        Locale.ROOT,
                        "  declared   %s, %.0f %% of its calls%n",
                        share.getKey(),
                        100 * share.getValue()));
        shown.examples().forEach(text -> System.out.println("  example    " + text));
        one.advice().reasons().forEach(reason -> System.out.println("  because    " + reason));
        for (Advice.Change change : one.advice().changes()) {
            System.out.printf(
                    "  would be   [%s] with %s %s, not %s%n",
                    change.then().words(), change.what(), change.needed(), change.now());
        }
        one.advice().unknown().forEach(what -> System.out.println("  unknown    " + what));
        if (one.live() == null && one.priced() && one.measures().perMonth() > 0) {
            one.breakEven().levers().stream()
                    .limit(LEVERS)
                    .forEach(lever -> System.out.println("  matters    " + lever(lever)));
        }
    }

    private static String lever(BreakEven.Lever lever) {
        return "%s: %s to %s months over nine of ten of its values%s"
                .formatted(
                        lever.input().said(),
                        BreakEven.shown(lever.low()),
                        BreakEven.shown(lever.high()),
                        lever.elasticity() == null
                                ? ""
                                : String.format(Locale.ROOT, "; %+.2f %% for each percent", lever.elasticity()));
    }

    private static String number(@Nullable Double value) {
        return value == null ? "unknown" : String.format(Locale.ROOT, "%.0f", value);
    }
}
