package dev.hone.capture.gateway;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/** A port of this machine on which requests are answered, each on a virtual thread of its own. */
public final class EdgeServer implements AutoCloseable {
    /** New connections that the system holds until they are taken; what comes beyond is tried again a second later by who called. */
    private static final int CONNECTIONS_AT_ONCE = 1_024;

    private final String host;
    private final Server server;
    private final ServerConnector connector;

    private EdgeServer(String host, Server server, ServerConnector connector) {
        this.host = host;
        this.server = server;
        this.connector = connector;
    }

    /**
     * Takes a port; nothing is answered before {@link #start}.
     *
     * @param port 0 for a free one
     * @param drain how long requests may still be answered when it ends
     * @throws IllegalArgumentException when the port is taken, or the host is none of this machine
     */
    public static EdgeServer bind(String host, int port, Duration drain) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("hone-http");
        VirtualThreadPool virtual = new VirtualThreadPool();
        virtual.setName("hone-request-");
        // EdgeBound knows which requests must not wait.
        virtual.setMaxConcurrentTasks(Integer.MAX_VALUE);
        threads.setVirtualThreadsExecutor(virtual);
        Server server = new Server(threads);
        server.addBean(virtual, true);
        server.setStopTimeout(drain.toMillis());
        server.setErrorHandler(new EdgeErrors());
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        // It would be some 100 kB of each connection, to spare the making of a header's text.
        configuration.setHeaderCacheSize(0);
        // Clients write the slash of a model's name as %2F; paths here are compared, never walked along.
        configuration.setUriCompliance(
                UriCompliance.DEFAULT.with("slashes in names", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(configuration));
        connector.setHost(host);
        connector.setPort(port);
        connector.setAcceptedTcpNoDelay(true);
        connector.setAcceptQueueSize(CONNECTIONS_AT_ONCE);
        try {
            connector.open();
        } catch (BindException e) {
            throw cannotListen(host, port, e);
        } catch (IOException e) {
            if (e.getCause() instanceof BindException) {
                throw cannotListen(host, port, e);
            }
            throw e;
        } catch (UnresolvedAddressException e) {
            throw new IllegalArgumentException(
                    "There is no host [%s]: give --host an address of this machine".formatted(host), e);
        }
        server.addConnector(connector);
        return new EdgeServer(host, server, connector);
    }

    private static IllegalArgumentException cannotListen(String host, int port, Exception e) {
        return new IllegalArgumentException(
                "Port [%d] on [%s] is taken or not allowed: give another --port (0 takes a free one) or --host, or end what listens there"
                        .formatted(port, host),
                e);
    }

    /** From here on requests are answered. */
    public void start(Handler handler) throws IOException {
        start(handler, refusal -> {});
    }

    /** The same. @param refused hears of programs' requests that are turned away, since too many are being answered */
    void start(Handler handler, Consumer<GatewayRefusal> refused) throws IOException {
        startWithin(new EdgeBound(handler, EdgeBound.Room.PROGRAMS, EdgeBound.Room.PEOPLE, refused));
    }

    void startWithin(EdgeBound bound) throws IOException {
        server.setHandler(new GracefulHandler(bound));
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("The HTTP server does not start: " + e.getMessage(), e);
        }
    }

    /** Its address, as a client of this machine reaches it. */
    public String url() {
        String reached = new InetSocketAddress(host, 0).getAddress().isAnyLocalAddress() ? "127.0.0.1" : host;
        return "http://%s:%d"
                .formatted(reached.contains(":") ? "[" + reached + "]" : reached, connector.getLocalPort());
    }

    /** Whether only programs of this machine can reach it. */
    public boolean isLocal() {
        return isLocal(host);
    }

    /** Whether a host is one that only programs of this machine can reach; one that nobody knows is not. */
    public static boolean isLocal(String host) {
        InetAddress address = new InetSocketAddress(host, 0).getAddress();
        return address != null && address.isLoopbackAddress();
    }

    /** Takes no more requests, lets those that are being answered end for a while, and ends; what has not ended by then is cut off. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            // The server has stopped all the same: this is how it tells that requests had not ended.
        } catch (Exception e) {
            throw new IllegalStateException("The HTTP server does not stop", e);
        } finally {
            connector.close();
        }
    }
}
