package dev.hone.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Asks one address over connections that stay, at times that do not depend on its answers: a request that finds no idle connection
 * waits, and its time counts from when it was meant to be sent. One thread keeps the times, one reads.
 */
final class LoadClient {
    private static final int DIGITS = 3;

    private final Plan plan;
    private final Selector selector;
    private final ByteBuffer in = ByteBuffer.allocateDirect(256 << 10);
    private final ArrayDeque<Peer> idle = new ArrayDeque<>();
    private final ArrayDeque<Long> waiting = new ArrayDeque<>();
    private final List<Peer> peers = new ArrayList<>();
    private final Histogram times = new Histogram(DIGITS);
    private final Histogram firstBytes = new Histogram(DIGITS);
    private final Histogram lag = new Histogram(DIGITS);
    private final boolean saturated;
    private long sent;
    private long answered;
    private long refused;
    private long broken;
    private long lastAnswer;
    private volatile boolean paceEnded;
    private long start;
    private long stop;

    /**
     * @param request its bytes, the same again and again
     * @param connections that are opened beforehand
     * @param length for which requests are sent
     * @param most requests, whatever the length
     * @param grace for which answers are waited for then
     */
    record Plan(
            InetSocketAddress address,
            byte[] request,
            int connections,
            Arrivals arrivals,
            Duration length,
            long most,
            Duration grace) {
        static byte[] post(InetSocketAddress address, String path, String bearer, String body) {
            String authorization = bearer.isEmpty() ? "" : "Authorization: Bearer " + bearer + "\r\n";
            byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            return ("POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: OpenAI/Java 4.0\r\nAccept: application/json\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s"
                            .formatted(path, address.getPort(), authorization, bytes.length, body))
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private final class Peer {
        private SocketChannel channel;
        private SelectionKey key;
        private final AnswerReader reader = new AnswerReader(false);
        private volatile long intended;
        private volatile boolean busy;

        private void connect() throws IOException {
            channel = SocketChannel.open(plan.address());
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            key = channel.register(selector, SelectionKey.OP_READ, this);
        }

        private void send(long at) throws IOException {
            intended = at;
            busy = true;
            ByteBuffer bytes = ByteBuffer.wrap(plan.request());
            while (bytes.hasRemaining()) {
                if (channel.write(bytes) == 0) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private LoadClient(Plan plan) throws IOException {
        this.plan = plan;
        this.saturated = plan.arrivals() instanceof Arrivals.Saturated;
        this.selector = Selector.open();
    }

    /** Sends what was planned, and waits for the answers. */
    static LoadResult run(Plan plan) throws IOException, InterruptedException {
        return new LoadClient(plan).run();
    }

    private LoadResult run() throws IOException, InterruptedException {
        for (int i = 0; i < plan.connections(); i++) {
            Peer peer = new Peer();
            peer.connect();
            peers.add(peer);
            idle.add(peer);
        }
        start = System.nanoTime() + 1_000_000;
        stop = start + plan.length().toNanos();
        Thread pace = Thread.ofPlatform().name("load-pace").start(saturated ? this::fill : this::pace);
        read();
        pace.join();
        long now = System.nanoTime();
        long unanswered = 0;
        for (Peer peer : peers) {
            if (peer.busy) {
                unanswered++;
                times.recordValue(Math.max(0, now - peer.intended));
            }
            peer.channel.close();
        }
        for (long intended : waiting) {
            unanswered++;
            times.recordValue(Math.max(0, now - intended));
        }
        selector.close();
        long end = Math.max(lastAnswer, start + 1);
        return new LoadResult(
                sent,
                answered,
                refused,
                broken,
                unanswered,
                answered / ((end - start) / 1e9),
                Math.max(0, (end - stop) / 1e6),
                times,
                firstBytes,
                lag);
    }

    private void pace() {
        try {
            for (long number = 0; number < plan.most(); number++) {
                long at = start + plan.arrivals().at(number);
                if (at >= stop) {
                    break;
                }
                long now = System.nanoTime();
                while (now < at) {
                    LockSupport.parkNanos(at - now);
                    now = System.nanoTime();
                }
                if (number == 0
                        || plan.arrivals().at(number - 1) != plan.arrivals().at(number)) {
                    // Of a burst the first alone is late by this client's fault.
                    lag.recordValue(now - at);
                }
                Peer peer;
                synchronized (this) {
                    sent++;
                    peer = idle.poll();
                    if (peer == null) {
                        waiting.add(at);
                    }
                }
                if (peer != null) {
                    sendOrReplace(peer, at);
                }
            }
        } finally {
            paceEnded = true;
            selector.wakeup();
        }
    }

    private void fill() {
        try {
            for (Peer peer : peers) {
                synchronized (this) {
                    sent++;
                    idle.remove(peer);
                }
                sendOrReplace(peer, System.nanoTime());
            }
            LockSupport.parkNanos(stop - System.nanoTime());
            while (System.nanoTime() < stop) {
                LockSupport.parkNanos(1_000_000);
            }
        } finally {
            paceEnded = true;
            selector.wakeup();
        }
    }

    private void sendOrReplace(Peer peer, long at) {
        try {
            peer.send(at);
        } catch (IOException e) {
            // The reading thread sees the end of this connection, too, and counts it.
            peer.busy = true;
            selector.wakeup();
        }
    }

    private void read() throws IOException {
        long givenUp = Long.MAX_VALUE;
        while (true) {
            selector.select(20);
            for (SelectionKey key : selector.selectedKeys()) {
                read((Peer) key.attachment());
            }
            selector.selectedKeys().clear();
            if (paceEnded) {
                if (givenUp == Long.MAX_VALUE) {
                    givenUp = System.nanoTime() + plan.grace().toNanos();
                }
                boolean all;
                synchronized (this) {
                    all = waiting.isEmpty() && answered + refused + broken >= sent;
                }
                if (all || System.nanoTime() > givenUp) {
                    return;
                }
            }
        }
    }

    private void read(Peer peer) throws IOException {
        in.clear();
        int length;
        try {
            length = peer.channel.read(in);
        } catch (IOException e) {
            length = -1;
        }
        long now = System.nanoTime();
        if (length < 0) {
            replace(peer, now);
            return;
        }
        in.flip();
        boolean first = length > 0 && !peer.reader.begun();
        if (first) {
            firstBytes.recordValue(Math.max(0, now - peer.intended));
        }
        if (peer.reader.read(in)) {
            count(peer.reader.status() == 200, peer, now);
            peer.reader.reset();
            next(peer, now);
        }
    }

    private void count(boolean well, Peer peer, long now) {
        times.recordValue(Math.max(0, now - peer.intended));
        lastAnswer = now;
        synchronized (this) {
            if (well) {
                answered++;
            } else {
                refused++;
            }
        }
    }

    private void next(Peer peer, long now) {
        peer.busy = false;
        long at;
        synchronized (this) {
            if (saturated) {
                if (now >= stop) {
                    return;
                }
                sent++;
                at = now;
            } else {
                Long oldest = waiting.poll();
                if (oldest == null) {
                    idle.push(peer);
                    return;
                }
                at = oldest;
            }
        }
        sendOrReplace(peer, at);
    }

    /** A connection that ended; an answer without a length ends like this. */
    private void replace(Peer peer, long now) throws IOException {
        boolean whole = peer.reader.begun() && peer.reader.ended();
        peer.key.cancel();
        peer.channel.close();
        boolean wasBusy = peer.busy;
        if (whole) {
            count(peer.reader.status() == 200, peer, now);
        } else if (wasBusy) {
            synchronized (this) {
                broken++;
            }
        }
        peer.reader.reset();
        try {
            peer.connect();
        } catch (IOException e) {
            throw new UncheckedIOException("Nothing listens at [%s]".formatted(plan.address()), e);
        }
        if (wasBusy) {
            next(peer, now);
        }
    }
}
