package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

final class BodyPaceTest {
    private static final long SECOND = 1_000_000_000;

    private long now = 7;

    /** Bytes of which some come each second. */
    private final class Trickle extends InputStream {
        private final int perSecond;
        private long left;

        Trickle(int perSecond, long bytes) {
            this.perSecond = perSecond;
            this.left = bytes;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] into, int from, int length) {
            if (left == 0) {
                return -1;
            }
            now += SECOND;
            int read = (int) Math.min(Math.min(length, perSecond), left);
            left -= read;
            return read;
        }
    }

    private byte[] read(InputStream in) throws IOException {
        try (CallMemory.Share share = new CallMemory(1 << 30).share()) {
            return RequestBody.read(in, 24 << 20, share, new BodyPace(() -> now));
        }
    }

    @Test
    void aByteASecondIsGivenUpAfterAMinute() {
        GatewayRefusal refusal = assertThrows(GatewayRefusal.class, () -> read(new Trickle(1, 1_000)));
        assertEquals(408, refusal.status());
        assertEquals("request_timeout", refusal.code());
        assertTrue(now <= 7 + 62 * SECOND, "after " + now / SECOND);
    }

    @Test
    void whatComesSteadilyIsWaitedForHoweverLongItIs() throws Exception {
        assertEquals(20 << 20, read(new Trickle(40_000, 20 << 20)).length);
        assertTrue(now > 500 * SECOND);
        assertEquals(50, read(new Trickle(1, 50)).length);
    }

    @Test
    void whatBecomesSlowIsGivenUp() {
        assertThrows(GatewayRefusal.class, () -> read(new Trickle(20_000, 20 << 20)));
        assertTrue(now < 200 * SECOND, "after " + now / SECOND);
    }
}
