package dev.hone.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Callers that ask one after the other over connections that stay, and note every answer that they read to its end: what was
 * acknowledged to them. Each request has a number of its own and is sent once.
 */
final class Callers implements AutoCloseable {
    private static final Duration RECONNECT = Duration.ofMillis(10);
    private static final Pattern CODE = Pattern.compile("\"code\":\"([a-z_]+)\"");

    /** Of all callers, so that no two requests have the same. */
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final InetSocketAddress address;
    private final String bearer;
    private final String model;
    private final Duration pause;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final Map<Integer, AtomicLong> statuses = new ConcurrentHashMap<>();
    private final AtomicLong broken = new AtomicLong();
    private final AtomicLong slowest = new AtomicLong();
    private final Set<String> refusals = ConcurrentHashMap.newKeySet();
    private volatile String lastRefusal = "";
    private volatile boolean ended;

    /** @param pause of each caller between two calls */
    Callers(InetSocketAddress address, String bearer, String model, Duration pause) {
        this.address = address;
        this.bearer = bearer;
        this.model = model;
        this.pause = pause;
    }

    /** So many more, of whom every second one asks for streams. */
    Callers begin(int count) {
        for (int i = 0; i < count; i++) {
            boolean stream = i % 2 == 1;
            threads.add(Thread.ofVirtual().start(() -> ask(stream)));
        }
        return this;
    }

    private void ask(boolean stream) {
        AnswerReader reader = new AnswerReader(true);
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        while (!ended) {
            try (Socket socket = new Socket()) {
                socket.setTcpNoDelay(true);
                socket.connect(address, 5_000);
                while (!ended) {
                    askOnce(socket, reader, buffer, stream);
                    Thread.sleep(pause);
                }
            } catch (IOException e) {
                broken.incrementAndGet();
                try {
                    Thread.sleep(RECONNECT);
                } catch (InterruptedException interrupted) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void askOnce(Socket socket, AnswerReader reader, ByteBuffer buffer, boolean stream) throws IOException {
        String number = "n-" + NUMBERS.incrementAndGet();
        String body = "{\"user\":\"%s\",%s"
                .formatted(number, Comparand.body(model, stream).substring(1));
        long from = System.nanoTime();
        socket.getOutputStream().write(LoadClient.Plan.post(address, "/v1/chat/completions", bearer, body));
        InputStream in = socket.getInputStream();
        reader.reset();
        boolean whole = false;
        while (!whole) {
            int length = in.read(buffer.array());
            if (length < 0) {
                if (reader.begun() && reader.ended()) {
                    note(reader, number, stream, from);
                }
                throw new IOException("The gateway has closed the connection");
            }
            whole = reader.read(buffer.position(0).limit(length));
        }
        note(reader, number, stream, from);
    }

    private void note(AnswerReader reader, String number, boolean stream, long from) throws IOException {
        slowest.accumulateAndGet(System.nanoTime() - from, Math::max);
        statuses.computeIfAbsent(reader.status(), status -> new AtomicLong()).incrementAndGet();
        if (reader.status() != 200) {
            lastRefusal = reader.body();
            Matcher code = CODE.matcher(lastRefusal);
            if (code.find()) {
                refusals.add(code.group(1));
            }
        }
        // What could not be recorded was said to be so.
        String trace = reader.body().contains("\"not_recorded\"") ? null : reader.field("x-hone-trace");
        if (stream && reader.status() == 200 && !reader.done()) {
            throw new IOException("A stream ended without its last line: " + reader.body());
        }
        if (trace != null && acknowledged.put(trace, number) != null) {
            throw new IllegalStateException("Trace [%s] was given to two calls".formatted(trace));
        }
    }

    /** Identifiers of the traces of all answers that were read to their end, with the numbers of their requests. */
    Map<String, String> acknowledged() {
        return acknowledged;
    }

    long count(int status) {
        AtomicLong count = statuses.get(status);
        return count == null ? 0 : count.get();
    }

    /** All answers, by status. */
    Map<Integer, Long> statuses() {
        Map<Integer, Long> counts = new TreeMap<>();
        statuses.forEach((status, count) -> counts.put(status, count.get()));
        return counts;
    }

    /** Connections that ended before their answer. */
    long broken() {
        return broken.get();
    }

    /** Since the last look. */
    double slowestMillis() {
        return slowest.getAndSet(0) / 1e6;
    }

    /** Codes of all refusals. */
    Set<String> refusals() {
        return refusals;
    }

    String lastRefusal() {
        return lastRefusal;
    }

    /** Lets everyone finish the call that is being made. */
    @Override
    public void close() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            if (!thread.join(Duration.ofSeconds(30))) {
                thread.interrupt();
            }
        }
    }

    /** Of bytes. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
