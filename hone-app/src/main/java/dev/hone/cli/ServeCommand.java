package dev.hone.cli;

import dev.hone.capture.GatewaySettings;
import dev.hone.capture.OwnModel;
import dev.hone.capture.Serving;
import dev.hone.capture.gateway.GatewayServer;
import dev.hone.capture.upstream.Upstream;
import dev.hone.serve.OwnPlaces;
import dev.hone.serve.Production;
import dev.hone.serve.ServeFiles;
import dev.hone.web.site.Pages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hone serve}: the gateway in the path of a product's calls. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Pass a product's model calls on, and record each as a trace (docs/gateway.md); Ctrl-C ends.",
            "A product changes its base URL and names a use case, or SERVER/MODEL, as its model."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone serve",
            "  hone serve --config gateway/hone.yaml --use-cases gateway/use-cases",
            "  curl http://127.0.0.1:8787/v1/chat/completions -d '{\"model\":\"openai/gpt-4.1-mini\",\"messages\":[…]}'"
        })
final class ServeCommand implements Callable<Integer> {
    /** Where the gateway's file is looked for. */
    static final String CONFIG = "hone.yaml";

    @Option(
            names = "--config",
            defaultValue = CONFIG,
            paramLabel = "FILE",
            description = "Servers and bounds (default ${DEFAULT-VALUE}).")
    private Path config = Path.of(CONFIG);

    @Option(
            names = "--use-cases",
            defaultValue = "use-cases",
            paramLabel = "FOLDER",
            description = "Charters, of which those with [variants] are served (default ${DEFAULT-VALUE}).")
    private Path useCases = Path.of("use-cases");

    @Option(
            names = "--log",
            defaultValue = "text",
            paramLabel = "FORM",
            description =
                    "text says on standard error what is not well; json that and each call, an object a line, without what stands in it (default ${DEFAULT-VALUE}).")
    private ServeLog.Form form = ServeLog.Form.TEXT;

    @Option(
            names = "--runs",
            defaultValue = "runs",
            paramLabel = "FOLDER",
            description = "Folders of runs in it are seen on the pages (default ${DEFAULT-VALUE}).")
    private Path runs = Path.of("runs");

    @Option(names = "--json", description = "Print one JSON object when the gateway listens (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    record Listening(int schemaVersion, String url, List<String> useCases, List<String> upstreams) {}

    @Override
    public Integer call() throws IOException {
        if (!Files.exists(config)) {
            throw new IllegalArgumentException(
                    "There is no [%s]: write one (docs/gateway.md), or name it by --config. The least that does: upstreams: {openai: {url: \"https://api.openai.com/v1\", key: OPENAI_API_KEY}}"
                            .formatted(config));
        }
        ServeFiles files = new ServeFiles(config, useCases, System.getenv(), new OwnPlaces());
        ServeLog log = new ServeLog(form);
        Pages pages = new Pages(
                runs, Store.home(), () -> declared(files), files::declared, InstantSource.system(), log::notice);
        try (Interruption interruption = new Interruption();
                Production production = new Production(
                        files, Store.home(), Store::open, ModelOption::open, pages.handler(), log::notice)) {
            production.observe(log::call);
            ServeFiles.Read begun = production.begun();
            announce(production.server(), begun.servings(), begun.settings(), log);
            interruption.await();
            Duration notice = production.drainNotice();
            log.notice(
                    notice.isZero()
                            ? "Ending: calls that are being answered have 30 s"
                            : "Ending: /ready says so for %.1f s, and calls are taken; then those that are being answered have 30 s"
                                    .formatted(notice.toMillis() / 1e3));
        }
        return 0;
    }

    private static Pages.Declared declared(ServeFiles files) {
        try {
            ServeFiles.Read read = files.read();
            return new Pages.Declared(
                    read.settings().upstreams(),
                    read.judging().rules(),
                    read.settings().proxies());
        } catch (IOException e) {
            throw new IllegalArgumentException("The files cannot be read: " + e.getMessage(), e);
        }
    }

    private void announce(GatewayServer server, List<Serving> servings, GatewaySettings settings, ServeLog log) {
        List<String> names = servings.stream()
                .map(serving -> "use-case/" + serving.route().name())
                .toList();
        List<String> upstreams = Stream.concat(
                        settings.upstreams().stream().map(Upstream::name),
                        settings.models().stream().map(OwnModel::name))
                .toList();
        if (json) {
            Json.print(new Listening(1, server.url(), names, upstreams));
        } else {
            System.out.printf(
                    "Listening on %s: use cases %s, servers %s. Ctrl-C ends.%n", server.url(), names, upstreams);
        }
        System.out.flush();
        log.notice("Pages are at " + server.site());
        if (!server.isLocal() && !settings.keys()) {
            log.notice("Anyone who reaches [%s] may call: keys are not asked for".formatted(settings.host()));
        }
    }
}
