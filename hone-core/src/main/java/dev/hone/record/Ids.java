package dev.hone.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** UUIDs of version 7 (RFC 9562): their order is that in which one process made them. */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Milliseconds and a counter of 12 bits below them; the counter runs into the milliseconds, never back. */
    private static final AtomicLong LAST = new AtomicLong();

    private Ids() {}

    /** A new one, greater than all that this process made before. */
    public static UUID next() {
        long now = System.currentTimeMillis() << 12;
        long tick = LAST.updateAndGet(last -> Math.max(last + 1, now));
        long high = (tick >>> 12) << 16 | 0x7000 | tick & 0xFFF;
        long low = RANDOM.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /** When one of version 7 was made, to the millisecond. */
    public static Instant time(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }

    /** The one of a time and a name, whoever makes it: what is told twice has one identifier. */
    public static UUID of(Instant time, String name) {
        try {
            ByteBuffer digest =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
            long millis = Math.clamp(time.toEpochMilli(), 0, (1L << 48) - 1);
            return new UUID(
                    millis << 16 | 0x7000 | digest.getShort() & 0xFFF, digest.getLong() >>> 2 | 0x8000_0000_0000_0000L);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
