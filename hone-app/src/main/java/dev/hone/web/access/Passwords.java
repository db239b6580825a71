package dev.hone.web.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Passwords and what is kept of them: Argon2id (RFC 9106) in its usual notation, with the memory and passes that OWASP's cheat sheet on
 * storing passwords asks for at least (19 MiB, 2 passes).
 */
public final class Passwords {
    private static final int KIBIBYTES = 19_456;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT = 16;
    private static final int HASH = 32;
    private static final int SHORTEST = 12;
    private static final int LONGEST = 200;
    private static final Pattern NOTATION =
            Pattern.compile("\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,2}),p=(\\d)\\$([\\w+/-]+)\\$([\\w+/-]+)");
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Without those that are easily taken for others. */
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

    private static final int GROUPS = 5;
    private static final int GROUP = 4;

    private Passwords() {}

    /** A new one for somebody, of 99 random bits. */
    public static String random() {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < GROUPS * GROUP; i++) {
            password.append(i > 0 && i % GROUP == 0 ? "-" : "");
            password.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return password.toString();
    }

    /**
     * Keeps a password.
     *
     * @throws IllegalArgumentException when it is too short or too long
     */
    public static String hash(String password) {
        int letters = password.codePointCount(0, password.length());
        if (letters < SHORTEST || letters > LONGEST) {
            throw new IllegalArgumentException("A password has %d to %d characters, and this one [%d]: choose another"
                    .formatted(SHORTEST, LONGEST, letters));
        }
        byte[] salt = new byte[SALT];
        RANDOM.nextBytes(salt);
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
                .formatted(
                        KIBIBYTES,
                        PASSES,
                        LANES,
                        base64.encodeToString(salt),
                        base64.encodeToString(argon2id(password, salt, KIBIBYTES, PASSES, LANES, HASH)));
    }

    /** Whether a password is the one that was kept; takes as long when it is not. */
    public static boolean matches(String password, String kept) {
        Matcher notation = NOTATION.matcher(kept);
        if (!notation.matches()) {
            throw new IllegalArgumentException("What was kept of a password is not Argon2id's");
        }
        if (password.length() > 2 * LONGEST) {
            return false;
        }
        byte[] salt = Base64.getDecoder().decode(notation.group(4));
        byte[] expected = Base64.getDecoder().decode(notation.group(5));
        byte[] found = argon2id(
                password,
                salt,
                Integer.parseInt(notation.group(1)),
                Integer.parseInt(notation.group(2)),
                Integer.parseInt(notation.group(3)),
                expected.length);
        return MessageDigest.isEqual(expected, found);
    }

    private static byte[] argon2id(String password, byte[] salt, int kibibytes, int passes, int lanes, int bytes) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(kibibytes)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[bytes];
        // The same letters, however a keyboard composes them.
        generator.generateBytes(
                Normalizer.normalize(password, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }
}
