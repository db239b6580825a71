package dev.hone.cli;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.promote.Gates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The charter of a use case, as somebody at a terminal has it: the file that they name, or {@code use-cases/USE_CASE.yaml} of the folder in which they are.
 *
 * @param path where it is, or would be
 * @param charter null where there is none
 */
record CharterFile(Path path, @Nullable Charter charter) {
    /**
     * @param named null for the one of the folder
     * @throws IllegalArgumentException when it is another use case's
     */
    static CharterFile of(String useCase, @Nullable Path named) throws IOException {
        Path path = named == null ? Path.of("use-cases", useCase + CharterReader.END) : named;
        if (!Files.exists(path)) {
            return new CharterFile(path, null);
        }
        Charter charter = CharterReader.read(path);
        if (!charter.name().equals(useCase)) {
            throw new IllegalArgumentException(
                    "[%s] is the charter of [%s], and not of [%s]".formatted(path, charter.name(), useCase));
        }
        return new CharterFile(path, charter);
    }

    /** Hash of the gates that it declares; null where it declares none, or is not here. */
    @Nullable
    String gates() {
        Gates gates = charter == null ? null : charter.gates();
        return gates == null ? null : gates.hash();
    }
}
