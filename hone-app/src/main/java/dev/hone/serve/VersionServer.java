package dev.hone.serve;

import dev.hone.api.ModelServer;
import dev.hone.api.ServerOptions;
import dev.hone.capture.access.Secret;
import dev.hone.promote.Promotion;
import dev.hone.promote.Served;
import dev.hone.run.Artifacts;
import dev.hone.run.LoadedModel;
import dev.hone.run.Taught;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** A version's files behind OpenAI's chat completions, in a worker process: found by their hash, and opened as they were kept or not at all. */
final class VersionServer implements OwnVersions.Running {
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final LoadedModel model;
    private final ModelServer server;
    private final Secret key;

    private VersionServer(LoadedModel model, ModelServer server, Secret key) {
        this.model = model;
        this.server = server;
        this.key = key;
    }

    /** Opens the files of a version. */
    interface Opening {
        LoadedModel open(Path folder) throws IOException;
    }

    /**
     * How versions are started.
     *
     * @param models opens a folder
     * @param trouble hears of failures
     */
    static OwnVersions.Starting starting(Artifacts artifacts, Opening models, Consumer<String> trouble) {
        return (version, computed) -> start(artifacts, models, version, computed, trouble);
    }

    private static VersionServer start(
            Artifacts artifacts, Opening models, Served version, Promotion.Computed computed, Consumer<String> trouble)
            throws IOException {
        Artifacts.State state = artifacts.state(version.artifact());
        if (state != Artifacts.State.INTACT) {
            throw new IOException("the files of [%s] in [%s] are %s: copy them from the machine that registered it"
                    .formatted(
                            version.reference(),
                            artifacts.folder(version.artifact()),
                            state.name().toLowerCase(Locale.ROOT)));
        }
        LoadedModel found = models.open(artifacts.folder(version.artifact()));
        Secret key = Secret.random();
        try {
            ServerOptions options = new ServerOptions(
                    "127.0.0.1",
                    0,
                    version.reference(),
                    computed.mode(),
                    Taught.of(found.weights()),
                    computed.bestOf(),
                    computed.rows(),
                    ServerOptions.QUEUE,
                    Math.min(found.config().maxPositions(), ServerOptions.CONTEXT),
                    DRAIN,
                    key);
            return new VersionServer(found, ModelServer.open(options, found, trouble), key);
        } catch (IOException | RuntimeException e) {
            found.close();
            throw e;
        }
    }

    @Override
    public URI base() {
        return URI.create(server.url());
    }

    @Override
    public Secret key() {
        return key;
    }

    @Override
    public void close() {
        try {
            server.close();
        } finally {
            model.close();
        }
    }
}
