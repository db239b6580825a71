package dev.hone.capture.gateway;

import dev.hone.capture.feedback.FeedbackDesk;
import dev.hone.store.Database;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;

/** The gateway at its port. */
public final class GatewayServer implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final EdgeServer server;

    private GatewayServer(EdgeServer server) {
        this.server = server;
    }

    /**
     * Takes the port and answers.
     *
     * @param gateway closed by the caller, after this
     * @param feedback closed by the caller, after this
     * @param readers the database for who looks at something; empty until it has answered
     * @param pages what people see; null for nothing
     * @param unready why calls should not be sent here now; null when they may
     * @param trouble hears of faults, never of what stands in a request
     * @throws IllegalArgumentException when the port is taken
     */
    public static GatewayServer open(
            String host,
            int port,
            Gateway gateway,
            FeedbackDesk feedback,
            Supplier<Optional<Database>> readers,
            @Nullable EdgePages pages,
            Supplier<@Nullable String> unready,
            Consumer<String> trouble)
            throws IOException {
        EdgeServer server = EdgeServer.bind(host, port, DRAIN);
        try {
            gateway.tell(trouble);
            Handler programs = new Handler.Sequence(
                    new ServiceHandler(gateway, unready),
                    new FeedbackHandler(gateway, feedback, trouble),
                    new ReadHandler(gateway, readers, InstantSource.system(), trouble),
                    new SpanHandler(gateway, trouble),
                    new GatewayHandler(gateway, trouble));
            server.start(pages == null ? programs : new EdgePaths(programs, pages), gateway.metrics()::refused);
            return new GatewayServer(server);
        } catch (RuntimeException | IOException e) {
            server.close();
            throw e;
        }
    }

    /** Base of the API's addresses. */
    public String url() {
        return server.url() + "/v1";
    }

    /** Where people go. */
    public String site() {
        return server.url() + "/";
    }

    public boolean isLocal() {
        return server.isLocal();
    }

    /** Takes no more calls, lets those that are being answered end for a while, and ends. */
    @Override
    public void close() {
        server.close();
    }
}
