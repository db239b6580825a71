package dev.hone.serve;

import dev.hone.file.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/** What users of products are told apart by without being known: {@code end-users.key} in Hone's home, made once. */
public final class EndUserSecret {
    private static final int BYTES = 32;

    private EndUserSecret() {}

    /** Where it is, or would be. */
    public static Path file(Path home) {
        return home.resolve("end-users.key");
    }

    /** Empty where no gateway has made it. */
    public static Optional<byte[]> read(Path home) throws IOException {
        Path file = file(home);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        byte[] secret = Files.readAllBytes(file);
        if (secret.length != BYTES) {
            throw new IOException(
                    "[%s] must have [%d] bytes, not [%d]: put back what it had".formatted(file, BYTES, secret.length));
        }
        return Optional.of(secret);
    }

    /** Made where there is none. */
    static byte[] obtain(Path home) throws IOException {
        Path file = file(home);
        if (!Files.exists(file)) {
            byte[] made = new byte[BYTES];
            new SecureRandom().nextBytes(made);
            Files.createDirectories(file.toAbsolutePath().getParent());
            Durable.writePrivate(file, made);
        }
        return read(home).orElseThrow();
    }
}
