package dev.hone.capture.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * Who waits for an answer. Jetty does not read a connection while it is answered, so nobody would notice that the caller has
 * gone before something is written: this looks, like Go's server, whether the connection has come to its end. One thread looks,
 * after the request has been read.
 */
public final class Caller {
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final EndPoint endPoint;
    private volatile boolean spoke;
    private volatile boolean gone;
    private long looked = System.nanoTime();

    public Caller(Request request) {
        endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    }

    /** How often it is worth asking. */
    public static Duration interval() {
        return INTERVAL;
    }

    /** Whether the caller has closed the connection. Looks once an interval. */
    public boolean isGone() {
        long now = System.nanoTime();
        if (gone
                || spoke
                || now - looked < INTERVAL.toNanos()
                || !(endPoint.getTransport() instanceof SocketChannel channel)) {
            return gone;
        }
        looked = now;
        try {
            int read = channel.read(ByteBuffer.allocate(1));
            // The beginning of a next request, of which Jetty will miss a byte.
            spoke = read > 0;
            gone = read < 0;
        } catch (IOException e) {
            gone = true;
        }
        return gone;
    }

    /** Ends the connection: it hears nothing more. */
    void close() {
        endPoint.close();
    }

    /** After the answer: ends a connection on which a next request began too early, for the caller to send it again. */
    public void answered() {
        if (spoke) {
            endPoint.close();
        }
    }
}
