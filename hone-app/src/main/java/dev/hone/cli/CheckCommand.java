package dev.hone.cli;

import dev.hone.capture.upstream.Upstream;
import dev.hone.charter.Charter;
import dev.hone.grade.GoldCheck;
import dev.hone.run.CharterCheck;
import dev.hone.serve.OwnPlaces;
import dev.hone.serve.ServeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone check}: charters, and whether their graders can be believed. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Read charters of use cases, and the gateway's file, and say what they mean; with --data, try the grader on the right answers.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone check",
            "  hone check use-cases --config hone.yaml",
            "  hone check use-cases/support.yaml --data support.jsonl"
        })
final class CheckCommand implements Callable<Integer> {
    private static final int FAILURES_SHOWN = 20;

    private static final String CHARTERS = "use-cases";

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE|FOLDER",
            defaultValue = CHARTERS,
            description =
                    "A charter, or a folder of them (default ${DEFAULT-VALUE}; docs/charter.md). Beside a gateway's file there need be none.")
    private Path charter = Path.of(CHARTERS);

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The gateway's file, to be followed together with the charters (default: hone.yaml, where there is one).")
    private @Nullable Path config;

    @Option(
            names = "--data",
            paramLabel = "FILE.jsonl",
            description =
                    "Labelled rows, as hone import takes them: every right answer must score 1, a corrupted one less.")
    private @Nullable Path data;

    @Option(
            names = "--response",
            defaultValue = "response",
            paramLabel = "KEY",
            description = "Key of what production answered (default ${DEFAULT-VALUE}).")
    private String response = "response";

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** What {@code --json} prints. */
    private record View(
            int schemaVersion,
            List<CharterView> charters,
            @Nullable GatewayView gateway,
            GoldCheck.@Nullable Result gold) {}

    /** How calls would be served. */
    private record GatewayView(
            String host,
            int port,
            boolean keys,
            List<String> upstreams,
            List<String> useCases,
            List<WithoutPrice> withoutPrice,
            String configuration,
            List<String> warnings) {}

    /** Who answers a use case, and has no price: keys with a budget are refused there. */
    private record WithoutPrice(String useCase, String variant, String upstream, String model) {}

    @Override
    public Integer call() throws IOException {
        Path file = config == null ? Path.of(ServeCommand.CONFIG) : config;
        boolean alone = Files.exists(file) && !CharterCheck.hasCharters(charter) && mayBeWithout();
        List<Charter> charters = alone ? List.of() : CharterCheck.read(charter);
        GatewayView gateway = gateway(file);
        GoldCheck.Result gold = data == null ? null : gold(charters, data);
        List<CharterView> views = charters.stream().map(CharterView::of).toList();
        if (json) {
            Json.print(new View(1, views, gateway, gold));
        } else {
            views.forEach(CharterView::print);
            if (alone) {
                System.out.printf("charters     none in [%s]%n", charter);
            }
            if (gateway != null) {
                System.out.printf(
                        "gateway      %s:%d, keys %s, servers %s, use cases %s%n",
                        gateway.host(),
                        gateway.port(),
                        gateway.keys() ? "required" : "none",
                        gateway.upstreams(),
                        gateway.useCases());
                gateway.warnings().forEach(warning -> System.out.println("warning      " + warning));
                gateway.withoutPrice()
                        .forEach(one -> System.out.printf(
                                "warning      [%s] of [%s] has no price, so that keys with a budget may not call [use-case/%s] (variant [%s]): write it under [prices] of [%s], 0 where it costs nothing%n",
                                one.model(), one.upstream(), one.useCase(), one.variant(), one.upstream()));
            }
            if (gold != null) {
                print(gold);
            }
        }
        return gold == null || gold.failures().isEmpty() ? 0 : 1;
    }

    /** A folder that is there, or the one that is meant where none is named; who names something else means what is there. */
    private boolean mayBeWithout() {
        return Files.isDirectory(charter) || !Files.exists(charter) && charter.equals(Path.of(CHARTERS));
    }

    private @Nullable GatewayView gateway(Path file) throws IOException {
        if (!Files.exists(file)) {
            if (config != null) {
                throw new NoSuchFileException(file.toString());
            }
            return null;
        }
        List<String> warnings = new ArrayList<>();
        ServeFiles.Read read = new ServeFiles(file, charter, System.getenv(), new OwnPlaces()).check(warnings::add);
        return new GatewayView(
                read.settings().host(),
                read.settings().port(),
                read.settings().keys(),
                read.settings().upstreams().stream().map(Upstream::name).toList(),
                read.servings().stream().map(serving -> serving.route().name()).toList(),
                read.servings().stream()
                        .flatMap(serving -> read.configuration().unpriced(serving.route()).stream()
                                .map(variant -> new WithoutPrice(
                                        serving.route().name(), variant.name(), variant.upstream(), variant.model())))
                        .toList(),
                read.configuration().hash(),
                warnings);
    }

    private GoldCheck.Result gold(List<Charter> charters, Path file) throws IOException {
        if (charters.size() != 1) {
            throw new IllegalArgumentException("--data [%s] is of one use case, and [%s] has [%d] charters: name one"
                    .formatted(file, charter, charters.size()));
        }
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return CharterCheck.gold(charters.getFirst(), file, response);
    }

    private static void print(GoldCheck.Result gold) {
        System.out.printf(
                "gold         %d rows, %d corrupted answers, %d rows fail%n",
                gold.tasks(), gold.corrupted(), gold.failures().size());
        print(gold.failures());
        if (!gold.refused().isEmpty()) {
            System.out.printf(
                    "refused      %d right answers that the tools of their own rows do not allow: no answer that obeys these is right%n",
                    gold.refused().size());
            print(gold.refused());
        }
    }

    private static void print(List<GoldCheck.Failure> failures) {
        failures.stream()
                .limit(FAILURES_SHOWN)
                .forEach(failure -> System.out.printf("  %s: %s%n", failure.task(), failure.reason()));
        if (failures.size() > FAILURES_SHOWN) {
            System.out.printf("  and %d more%n", failures.size() - FAILURES_SHOWN);
        }
    }
}
