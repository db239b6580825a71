package dev.hone.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That what measures can be believed. */
@Timeout(120)
final class LoadClientTest {
    private static final Answer CHAT = Answer.whole(200, "application/json", Answer.chat());

    private static LoadResult load(
            Function<MockUpstream.Asked, Answer> behaviour, Arrivals arrivals, int connections, Duration grace)
            throws Exception {
        try (MockUpstream mock = new MockUpstream(0, behaviour)) {
            InetSocketAddress address = new InetSocketAddress("127.0.0.1", mock.port());
            byte[] request = LoadClient.Plan.post(address, "/v1/chat/completions", "", Comparand.body("mock-1", false));
            return LoadClient.run(new LoadClient.Plan(
                    address, request, connections, arrivals, Duration.ofMillis(1_000), Long.MAX_VALUE, grace));
        }
    }

    @Test
    void whatIsSentEvenlyIsAnsweredAndCounted() throws Exception {
        LoadResult result = load(asked -> CHAT, new Arrivals.Steady(300), 8, Duration.ofSeconds(20));
        assertEquals(300, result.sent());
        assertEquals(300, result.answered());
        assertEquals(300, result.times().getTotalCount());
        assertTrue(result.clean());
    }

    /** Four connections wait; a hundred requests do: a client that waits before it sends would see four slow answers. */
    @Test
    void aServerThatStandsStillIsSeenByAllWhoWouldHaveAsked() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        LoadResult result = load(
                request -> {
                    if (asked.incrementAndGet() == 100) {
                        pause();
                    }
                    return CHAT;
                },
                new Arrivals.Steady(300),
                4,
                Duration.ofSeconds(20));
        assertEquals(300, result.answered());
        long slow = result.times().getCountBetweenValues(50_000_000, Long.MAX_VALUE);
        assertTrue(slow >= 90, slow + " of 300 answers took more than 50 ms");
    }

    private static void pause() {
        try {
            Thread.sleep(400);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void burstsComeTogetherAndSaturationKeepsAllConnectionsBusy() throws Exception {
        LoadResult bursts =
                load(asked -> CHAT, new Arrivals.Bursts(50, Duration.ofMillis(250)), 50, Duration.ofSeconds(20));
        assertEquals(200, bursts.answered());
        LoadResult saturated = load(asked -> CHAT, new Arrivals.Saturated(), 4, Duration.ofSeconds(20));
        assertTrue(saturated.answered() > 200 && saturated.clean(), saturated.answered() + " answers");
        // Each connection has ten answers at most: whoever kept one of the four busy would have ten.
        Answer slow = Answer.later(Duration.ofMillis(100), 200, "application/json", Answer.chat());
        LoadResult busy = load(asked -> slow, new Arrivals.Saturated(), 4, Duration.ofSeconds(20));
        assertTrue(busy.answered() > 20 && busy.clean(), busy.answered() + " answers");
    }

    @Test
    void whatIsRefusedBrokenOrNotAnsweredIsNoAnswer() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        LoadResult result = load(
                request -> switch (asked.incrementAndGet() % 4) {
                    case 0 -> Answer.whole(500, "application/json", "{}");
                    case 1 -> Answer.reset();
                    case 2 -> asked.get() < 50 ? Answer.silence() : CHAT;
                    default -> CHAT;
                },
                new Arrivals.Steady(200),
                64,
                Duration.ofSeconds(3));
        assertEquals(200, result.sent());
        assertEquals(50, result.refused());
        assertEquals(50, result.broken());
        assertEquals(12, result.unanswered());
        assertEquals(88, result.answered());
        assertFalse(result.clean());
        assertTrue(result.millis(100) > 700, "what was given up counts with its time: " + result.millis(100));
    }

    @Test
    void answersAreReadHoweverTheyAreCut() {
        String whole = "HTTP/1.1 200 OK\r\nX-Hone-Trace:  t1 \r\ncontent-length: 5\r\n\r\nhello";
        String stream =
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Hone-Trace: t2\r\n\r\n8\r\ndata: {}\r\n1A\r\n\n\ndata: [DONE] \n\ndata: [DO\r\n5\r\nNE]\n\n\r\n0\r\nTrailer: x\r\n\r\n";
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            AnswerReader reader = new AnswerReader(true);
            assertTrue(read(reader, whole, random));
            assertEquals("hello", reader.body());
            assertEquals("t1", reader.field("x-hone-trace"));
            assertFalse(reader.done());
            reader.reset();
            assertTrue(read(reader, stream, random));
            assertEquals("t2", reader.field("x-hone-trace"));
            assertTrue(reader.done());
            reader.reset();
            assertFalse(read(reader, stream.substring(0, stream.length() - 1), random));
            assertFalse(reader.ended());
        }
    }

    private static boolean read(AnswerReader reader, String text, Random random) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        boolean ended = false;
        for (int from = 0; from < bytes.length; ) {
            assertFalse(ended);
            int length = Math.min(bytes.length - from, 1 + random.nextInt(9));
            ended = reader.read(ByteBuffer.wrap(bytes, from, length));
            from += length;
        }
        return ended;
    }
}
