package dev.hone.capture.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Inputs that are nearly right: pieces of right ones cut, joined, repeated, nested and with bytes changed. By a seed. */
public final class Mutations {
    private static final List<String> SPLINTERS = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\",
            ":",
            ",",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "\u0000",
            "\ufeff",
            "\\u0000",
            "\\ud800",
            "null",
            "true",
            "-",
            "1e999999999",
            "99999999999999999999999999",
            "0.1e-400",
            "{\"index\":\"x\"}",
            "\"index\":\"x\",",
            "\"index\":{},",
            "\"index\":-1,",
            "\"index\":1e40,",
            "\"model\":",
            "data:",
            "data: ",
            "data: [DONE]",
            ": ",
            "event: x\n",
            "[DONE]",
            "é",
            "\ud83d\ude00",
            "<EMAIL_1>",
            "\"usage\":{",
            "\"delta\":{",
            "\"choices\":[",
            "\"tool_calls\":[{",
            "&a ",
            "*a",
            "!!x ",
            "---\n",
            "? ",
            "|\n",
            "'",
            "#",
            "- ",
            "%YAML 1.1\n");

    private final Random random;

    public Mutations(long seed) {
        random = new Random(seed);
    }

    /** One of these, changed in some places, or in none. */
    public byte[] of(List<String> right) {
        byte[] bytes = pick(right).getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(5); i > 0; i--) {
            bytes = changed(bytes, right);
        }
        return bytes;
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private byte[] changed(byte[] bytes, List<String> right) {
        int at = random.nextInt(bytes.length + 1);
        int to = at + random.nextInt(bytes.length - at + 1);
        return switch (random.nextInt(8)) {
            case 0 -> joined(bytes, 0, at, new byte[0], to, bytes.length);
            case 1 -> joined(bytes, 0, at, pick(SPLINTERS).getBytes(StandardCharsets.UTF_8), at, bytes.length);
            case 2 -> joined(bytes, 0, at, pick(SPLINTERS).getBytes(StandardCharsets.UTF_8), to, bytes.length);
            case 3 -> joined(bytes, 0, to, new byte[0], at, bytes.length);
            case 4 -> joined(bytes, 0, at, pick(right).getBytes(StandardCharsets.UTF_8), at, bytes.length);
            case 5 ->
                joined(
                        bytes,
                        0,
                        at,
                        pick(List.of("[", "{\"a\":", "- "))
                                .repeat(random.nextInt(700))
                                .getBytes(StandardCharsets.UTF_8),
                        at,
                        bytes.length);
            case 6 -> {
                byte[] other = bytes.clone();
                if (other.length > 0) {
                    other[at % other.length] = (byte) random.nextInt(256);
                }
                yield other;
            }
            default ->
                new String(bytes, StandardCharsets.UTF_8)
                        .getBytes(
                                switch (random.nextInt(5)) {
                                    case 0 -> StandardCharsets.UTF_16;
                                    case 1 -> StandardCharsets.UTF_16LE;
                                    case 2 -> StandardCharsets.UTF_32BE;
                                    default -> StandardCharsets.ISO_8859_1;
                                });
        };
    }

    private static byte[] joined(byte[] bytes, int from, int to, byte[] between, int on, int end) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.write(bytes, from, to - from);
        joined.writeBytes(between);
        joined.write(bytes, on, end - on);
        return joined.toByteArray();
    }

    /** A number below. */
    public int below(int bound) {
        return random.nextInt(bound);
    }
}
