package dev.hone.capture.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What comes back is what went in, letter by letter, and takes little. */
final class LineDeltasTest {
    /** As OpenAI writes the event of one token. */
    private static final String EVENT =
            "data: {\"id\":\"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT\",\"object\":\"chat.completion.chunk\",\"created\":1741569952,\"model\":\"gpt-4.1-mini-2025-04-14\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_bba3c8e70b\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" %s\"},\"logprobs\":null,\"finish_reason\":null}],\"obfuscation\":\"%s\"}\n\n";

    private final LineDeltas deltas = new LineDeltas();

    private void write(byte[] bytes, Random random, int longest) {
        int from = 0;
        while (from < bytes.length) {
            int to = Math.min(bytes.length, from + 1 + random.nextInt(longest));
            deltas.write(Arrays.copyOfRange(bytes, from, to), to - from);
            from = to;
        }
    }

    @Test
    void aStreamTakesAFractionOfItself() {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 800; i++) {
            text.append(EVENT.formatted("w" + random.nextInt(1000), "x".repeat(random.nextInt(8))));
        }
        byte[] bytes = text.append("data: [DONE]\n\n").toString().getBytes(UTF_8);
        write(bytes, random, 5_000);
        assertArrayEquals(bytes, deltas.toByteArray());
        assertEquals(bytes.length, deltas.length());
        assertTrue(deltas.heldBytes() < bytes.length / 4, deltas.heldBytes() + " of " + bytes.length);
    }

    @Test
    void anyBytesComeBack() {
        Random random = new Random(2);
        for (int round = 0; round < 2_000; round++) {
            deltas.reset();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            int lines = random.nextInt(30);
            byte[] before = new byte[0];
            for (int i = 0; i < lines; i++) {
                byte[] line = random.nextBoolean() ? before.clone() : new byte[random.nextInt(120)];
                for (int change = 0; change < line.length; change += 1 + random.nextInt(40)) {
                    line[change] = (byte) "\n\r a:{\u00ff".charAt(random.nextInt(7));
                }
                all.writeBytes(line);
                all.write(random.nextInt(4) == 0 ? 'x' : '\n');
                before = line;
            }
            write(all.toByteArray(), random, 1 + random.nextInt(300));
            assertArrayEquals(all.toByteArray(), deltas.toByteArray(), "round " + round);
            assertEquals(all.size(), deltas.length());
        }
    }

    @Test
    void whatHasNoLinesIsHeldAsItIs() {
        byte[] bytes = new byte[1_000_000];
        new Random(3).nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == '\n' ? 0 : bytes[i];
        }
        write(bytes, new Random(4), 16_384);
        assertArrayEquals(bytes, deltas.toByteArray());
        assertTrue(deltas.heldBytes() < 1.01 * bytes.length, "" + deltas.heldBytes());
    }
}
