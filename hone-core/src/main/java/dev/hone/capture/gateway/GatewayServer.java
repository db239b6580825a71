package dev.hone.capture.gateway;

import dev.hone.capture.Serving;
import dev.hone.capture.access.KeyRing;
import dev.hone.capture.journal.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The gateway at its port. */
public final class GatewayServer implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final Gateway gateway;
    private final EdgeServer server;

    private GatewayServer(Gateway gateway, EdgeServer server) {
        this.gateway = gateway;
        this.server = server;
    }

    /**
     * Takes the port and answers.
     *
     * @param servings of the use cases
     * @param journal closed by the caller, after this
     * @param keys of callers; null to let anybody call
     * @param trouble hears of faults, never of what stands in a request
     * @throws IllegalArgumentException when the port is taken, or a route names a server that there is not
     */
    public static GatewayServer open(
            String host,
            int port,
            GatewayOptions options,
            List<Upstream> upstreams,
            List<Serving> servings,
            Journal journal,
            @Nullable KeyRing keys,
            Consumer<String> trouble)
            throws IOException {
        EdgeServer server = EdgeServer.bind(host, port, DRAIN);
        try {
            Gateway gateway = new Gateway(options, upstreams, servings, journal, keys);
            server.start(new GatewayHandler(gateway, trouble));
            return new GatewayServer(gateway, server);
        } catch (RuntimeException | IOException e) {
            server.close();
            throw e;
        }
    }

    /** Base of the API's addresses. */
    public String url() {
        return server.url() + "/v1";
    }

    public boolean isLocal() {
        return server.isLocal();
    }

    /** Takes no more calls, lets those that are being answered end for a while, and ends. */
    @Override
    public void close() {
        server.close();
        try {
            gateway.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
