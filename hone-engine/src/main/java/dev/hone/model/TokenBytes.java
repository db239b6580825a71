package dev.hone.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Which bytes a token of a vocabulary stands for. */
enum TokenBytes {
    /** GPT-2's alphabet: one character a byte, so that no byte is a space or a control character. */
    BYTE_LEVEL {
        @Override
        byte[] of(String token) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            token.codePoints().forEach(character -> {
                int b = character < BYTES.length ? BYTES[character] : -1;
                if (b >= 0) {
                    bytes.write(b);
                } else {
                    bytes.writeBytes(Character.toString(character).getBytes(StandardCharsets.UTF_8));
                }
            });
            return bytes.toByteArray();
        }
    },
    /** SentencePiece's: a low line stands for a space, {@code <0x0A>} for a byte. */
    PIECES {
        @Override
        byte[] of(String token) {
            Matcher single = SINGLE_BYTE.matcher(token);
            return single.matches()
                    ? HexFormat.of().parseHex(single.group(1))
                    : token.replace('\u2581', ' ').getBytes(StandardCharsets.UTF_8);
        }
    };

    private static final Pattern SINGLE_BYTE = Pattern.compile("<0x([0-9A-Fa-f]{2})>");
    private static final int[] BYTES = bytes();

    abstract byte[] of(String token);

    /** As a {@code tokenizer.json} decodes. */
    static TokenBytes in(JsonNode tokenizer) {
        return tokenizer.path("decoder").toString().contains("\"ByteLevel\"") ? BYTE_LEVEL : PIECES;
    }

    /** Printable characters of Latin-1 stand for themselves, the other bytes, in order, for the characters from 256 on. */
    private static int[] bytes() {
        int[] bytes = new int[512];
        Arrays.fill(bytes, -1);
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean itself = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
            bytes[itself ? b : next++] = b;
        }
        return bytes;
    }
}
