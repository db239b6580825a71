package dev.hone.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * Who waits for an answer. Jetty does not read a connection while it is answered, so nobody would notice that the caller has
 * gone before something is written: this looks, like Go's server, whether the connection has come to its end. For one thread,
 * after the request has been read.
 */
final class Caller {
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final EndPoint endPoint;
    private boolean spoke;
    private long looked = System.nanoTime();

    Caller(Request request) {
        endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    }

    /** How often it is worth asking. */
    static Duration interval() {
        return INTERVAL;
    }

    /** Whether the caller has closed the connection. Looks once an interval. */
    boolean isGone() {
        long now = System.nanoTime();
        if (spoke || now - looked < INTERVAL.toNanos() || !(endPoint.getTransport() instanceof SocketChannel channel)) {
            return false;
        }
        looked = now;
        try {
            int read = channel.read(ByteBuffer.allocate(1));
            // The beginning of a next request, of which Jetty will miss a byte.
            spoke = read > 0;
            return read < 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** After the answer: ends a connection on which a next request began too early, for the caller to send it again. */
    void answered() {
        if (spoke) {
            endPoint.close();
        }
    }
}
