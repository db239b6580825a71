package dev.hone.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/** What a round that the gateway began says: the lines of its log, as they come. */
final class RoundLog {
    private final Path file;
    private final Consumer<String> lines;
    private int told;

    /** @param file which need not be there yet */
    RoundLog(Path file, Consumer<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** Tells the lines that have come since the last time, as far as they are whole. */
    void tell() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        byte[] all = Files.readAllBytes(file);
        // A log that has grown too long begins anew.
        told = all.length < told ? 0 : told;
        int end = all.length;
        while (end > told && all[end - 1] != '\n') {
            end--;
        }
        if (end > told) {
            new String(Arrays.copyOfRange(all, told, end), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(lines);
            told = end;
        }
    }
}
