package dev.hone.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A server in the place of a model's, made to cost little: one thread, no parsing but what ends a request, answers made
 * beforehand. Says what a test tells it to say, and notes who hung up on it.
 */
final class MockUpstream implements AutoCloseable {
    private static final int MOST_REQUEST_BYTES = 64 << 20;

    private final ServerSocketChannel server;
    private final Selector selector;
    private final Thread thread;
    private final ByteBuffer in = ByteBuffer.allocateDirect(256 << 10);
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();
    private final Queue<Long> hungUp = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Function<Asked, Answer>> behaviour;
    private long sequence;
    private volatile boolean closed;

    /** A request. */
    record Asked(String head, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        boolean stream() {
            return text().contains("\"stream\":true");
        }
    }

    private record Due(long nanos, long sequence, Peer peer) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return nanos != other.nanos ? Long.compare(nanos, other.nanos) : Long.compare(sequence, other.sequence);
        }
    }

    /** A connection. */
    private final class Peer {
        private final SocketChannel channel;
        private final SelectionKey key;
        private final ArrayDeque<ByteBuffer> out = new ArrayDeque<>();
        private byte[] request = new byte[4096];
        private int length;
        private Answer answer;
        private int next;

        Peer(SocketChannel channel) throws IOException {
            this.channel = channel;
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            key = channel.register(selector, SelectionKey.OP_READ, this);
            connections.incrementAndGet();
        }

        void read() throws IOException {
            in.clear();
            int read = channel.read(in);
            if (read < 0) {
                end(answer != null);
                return;
            }
            in.flip();
            if (length + read > request.length) {
                if (length + read > MOST_REQUEST_BYTES) {
                    end(false);
                    return;
                }
                request = Arrays.copyOf(request, 2 * (length + read));
            }
            in.get(request, length, read);
            length += read;
            if (answer == null) {
                begin();
            }
        }

        private void begin() throws IOException {
            int head = headEnd();
            if (head < 0) {
                return;
            }
            String text = new String(request, 0, head, StandardCharsets.ISO_8859_1);
            int size = contentLength(text);
            if (length < head + size) {
                return;
            }
            Asked one = new Asked(text, Arrays.copyOfRange(request, head, head + size));
            System.arraycopy(request, head + size, request, 0, length - head - size);
            length -= head + size;
            asked.incrementAndGet();
            answer = behaviour.get().apply(one);
            next = 0;
            say(System.nanoTime());
        }

        private int headEnd() {
            for (int i = 3; i < length; i++) {
                if (request[i] == '\n' && request[i - 1] == '\r' && request[i - 2] == '\n') {
                    return i + 1;
                }
            }
            return -1;
        }

        private static int contentLength(String head) {
            int at = head.toLowerCase(Locale.ROOT).indexOf("\r\ncontent-length:");
            if (at < 0) {
                return 0;
            }
            int from = at + "\r\ncontent-length:".length();
            return Integer.parseInt(
                    head.substring(from, head.indexOf('\r', from)).strip());
        }

        /** Says what is due, and sets the clock for what comes later. */
        void say(long now) throws IOException {
            while (answer != null && out.isEmpty() && next < answer.pieces().size()) {
                Answer.Piece piece = answer.pieces().get(next);
                long after = piece.after().toNanos();
                if (after > 0 && now >= 0) {
                    due.add(new Due(now + after, sequence++, this));
                    return;
                }
                next++;
                write(ByteBuffer.wrap(piece.bytes()));
                now = System.nanoTime();
            }
            if (answer != null && out.isEmpty() && next >= answer.pieces().size()) {
                finish();
            }
        }

        private void write(ByteBuffer bytes) throws IOException {
            if (out.isEmpty()) {
                channel.write(bytes);
            }
            if (bytes.hasRemaining()) {
                out.add(bytes);
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
        }

        void flush() throws IOException {
            while (!out.isEmpty()) {
                channel.write(out.peek());
                if (out.peek().hasRemaining()) {
                    return;
                }
                out.remove();
            }
            key.interestOps(SelectionKey.OP_READ);
            say(System.nanoTime());
        }

        private void finish() throws IOException {
            switch (answer.end()) {
                case KEEP -> {
                    answer = null;
                    begin();
                }
                case CLOSE -> end(false);
                case RESET -> {
                    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                    end(false);
                }
                case SILENCE -> {}
            }
        }

        void end(boolean early) {
            if (early) {
                hungUp.add(System.nanoTime());
            }
            answer = null;
            key.cancel();
            connections.decrementAndGet();
            try {
                channel.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
    }

    /** @param port 0 for a free one */
    MockUpstream(int port, Function<Asked, Answer> behaviour) throws IOException {
        this.behaviour = new AtomicReference<>(behaviour);
        selector = Selector.open();
        server = ServerSocketChannel.open();
        server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 4096);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        thread = Thread.ofPlatform().name("mock-upstream").daemon().start(this::run);
    }

    /** From now on. */
    void behave(Function<Asked, Answer> other) {
        behaviour.set(other);
    }

    int port() {
        return server.socket().getLocalPort();
    }

    /** Under which OpenAI's paths are. */
    String url() {
        return "http://127.0.0.1:%d/v1".formatted(port());
    }

    /** Requests so far. */
    long asked() {
        return asked.get();
    }

    /** Connections now. */
    int connections() {
        return connections.get();
    }

    /** When connections ended whose answers had not, in nanoseconds of this machine's clock. */
    Queue<Long> hungUp() {
        return hungUp;
    }

    private void run() {
        try {
            while (!closed) {
                Due first = due.peek();
                if (first == null) {
                    selector.select();
                } else {
                    long left = first.nanos() - System.nanoTime();
                    if (left > 0) {
                        selector.select(Math.max(1, left / 1_000_000));
                    } else {
                        selector.selectNow();
                    }
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    serve(key);
                }
                selector.selectedKeys().clear();
                sayWhatIsDue();
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SelectionKey key) throws IOException {
        if (!key.isValid()) {
            return;
        }
        if (key.isAcceptable()) {
            for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
                new Peer(channel);
            }
            return;
        }
        Peer peer = (Peer) key.attachment();
        try {
            if (key.isWritable()) {
                peer.flush();
            }
            if (key.isValid() && key.isReadable()) {
                peer.read();
            }
        } catch (IOException e) {
            peer.end(peer.answer != null);
        }
    }

    private void sayWhatIsDue() {
        long now = System.nanoTime();
        while (!due.isEmpty() && due.peek().nanos() <= now) {
            Due one = due.remove();
            if (!one.peer().key.isValid()) {
                continue;
            }
            try {
                one.peer().say(-1);
            } catch (IOException e) {
                one.peer().end(true);
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
    }

    /** Alone, for measurements: {@code PORT WORDS INTERVAL-MILLIS} of streams; ends with its standard input. */
    public static void main(String[] arguments) throws IOException {
        Answer whole = Answer.whole(200, "application/json", Answer.chat());
        Answer stream =
                Answer.events(Integer.parseInt(arguments[1]), Duration.ofMillis(Integer.parseInt(arguments[2])));
        try (MockUpstream mock =
                new MockUpstream(Integer.parseInt(arguments[0]), asked -> asked.stream() ? stream : whole)) {
            System.out.println(mock.port());
            System.out.flush();
            while (System.in.read() >= 0) {
                // Until whoever started it ends.
            }
        }
    }
}
