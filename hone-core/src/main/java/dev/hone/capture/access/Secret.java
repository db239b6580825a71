package dev.hone.capture.access;

import dev.hone.fetch.Hashes;
import java.security.SecureRandom;
import java.util.Base64;

/** A key as its holder has it: {@code hone_} and 256 random bits. */
public record Secret(String text) {
    private static final String BEGINNING = "hone_";
    private static final int BYTES = 32;
    private static final int HINT = 9;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new one. */
    public static Secret random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new Secret(BEGINNING + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** What is kept of it. With so many random bits one round of SHA-256 is as good as many. */
    public String hash() {
        return Hashes.sha256(text);
    }

    /** What is shown of it. */
    public String hint() {
        return text.substring(0, Math.min(HINT, text.length())) + "…";
    }

    @Override
    public String toString() {
        return hint();
    }
}
