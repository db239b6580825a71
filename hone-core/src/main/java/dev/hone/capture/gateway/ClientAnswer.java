package dev.hone.capture.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What the client of a call gets. One thread writes the answer; before its first byte another may write comments of server-sent
 * events, which say that somebody is at work, and find out whether the client is still there.
 */
final class ClientAnswer {
    static final String TRACE = "x-hone-trace";
    static final String VARIANT = "x-hone-variant";

    private static final Set<String> RETURNED = Set.of("content-type", "x-request-id", "retry-after", "cache-control");
    private static final String OPENAI = "openai-";
    private static final String LIMITS = "x-ratelimit-";
    private static final byte[] BEAT = ": waiting\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Response response;
    private final UUID id;
    private final boolean events;
    private final long every;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition quiet = lock.newCondition();
    private long last;
    private boolean beating;
    private boolean begun;

    /** @param events whether the client reads server-sent events */
    ClientAnswer(Response response, UUID id, boolean events, Duration heartbeat) {
        this.response = response;
        this.id = id;
        this.events = events;
        this.every = heartbeat.toNanos();
        this.last = System.nanoTime();
    }

    /** The client went away, or does not read. */
    static final class ClientGone extends IOException {
        private static final long serialVersionUID = 1;

        ClientGone(IOException cause) {
            super("The client has gone", cause);
        }
    }

    /** Whether something of an answer has left: then nobody else is asked. */
    boolean hasBegun() {
        return begun;
    }

    /** Whether the status has left, so that whatever is still to be said must be an event. */
    boolean isStreaming() {
        return response.isCommitted();
    }

    /** A sign of life, if it is time for one. Never waits. */
    void beat(long now) {
        if (!events || !lock.tryLock()) {
            return;
        }
        try {
            if (begun || beating || now - last < every) {
                return;
            }
            beating = true;
            last = now;
        } finally {
            lock.unlock();
        }
        if (!response.isCommitted()) {
            response.getHeaders().put("content-type", "text/event-stream; charset=utf-8");
            response.getHeaders().put("cache-control", "no-cache");
            response.getHeaders().put(TRACE, id.toString());
        }
        // What fails here fails again when the answer is written.
        response.write(false, ByteBuffer.wrap(BEAT), Callback.from(this::beaten, ignored -> beaten()));
    }

    private void beaten() {
        lock.lock();
        try {
            beating = false;
            quiet.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** From here on there are no comments. */
    private void take() {
        lock.lock();
        try {
            begun = true;
            while (beating) {
                quiet.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Status and headers, unless they have left.
     *
     * @param headers of the server's answer
     * @param variant that answers; empty where none does
     */
    void head(int status, Map<String, String> headers, String variant) {
        take();
        if (response.isCommitted()) {
            return;
        }
        response.setStatus(status);
        headers.forEach((name, value) -> {
            if (RETURNED.contains(name) || name.startsWith(OPENAI) || name.startsWith(LIMITS)) {
                response.getHeaders().put(name, value);
            }
        });
        response.getHeaders().put(TRACE, id.toString());
        if (!variant.isEmpty()) {
            response.getHeaders().put(VARIANT, variant);
        }
    }

    /** The next bytes. */
    void write(byte[] bytes) throws ClientGone {
        write(bytes, false);
    }

    /** The last bytes. */
    void end(byte[] bytes) throws ClientGone {
        write(bytes, true);
    }

    private void write(byte[] bytes, boolean end) throws ClientGone {
        take();
        try {
            Content.Sink.write(response, end, ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw new ClientGone(e);
        }
    }

    /**
     * Turns the call away: by a status, or where that has left, by an event.
     *
     * @param recorded whether the call is a trace
     */
    void refuse(GatewayRefusal refusal, boolean recorded) throws ClientGone {
        take();
        @Nullable Duration wait = refusal.retryAfter();
        if (response.isCommitted()) {
            end(Replies.event(refusal));
            return;
        }
        response.setStatus(refusal.status());
        response.getHeaders().put("content-type", "application/json");
        if (recorded) {
            response.getHeaders().put(TRACE, id.toString());
        } else {
            response.getHeaders().remove(TRACE);
        }
        if (wait != null) {
            response.getHeaders().put("retry-after", wait.toSeconds());
        }
        end(Replies.error(refusal));
    }
}
