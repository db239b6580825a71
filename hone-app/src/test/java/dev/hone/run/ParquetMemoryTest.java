package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hone.store.ParquetFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How much memory a process takes that writes Parquet of large rows, all of it: the heap, and what DuckDB has beside it. */
final class ParquetMemoryTest {
    private static final int LETTERS = 50_000;

    /** A Java process with its heap of 96 MB, some groups of 32 MB, and what packs them. */
    private static final long MOST_MEGABYTES = 480;

    @TempDir
    private Path folder;

    @Test
    @Timeout(120)
    void largeRowsTakeLittleMemory() throws Exception {
        write(2_500);
    }

    @Test
    @Tag("slow")
    @Timeout(600)
    void sixThousandOfFiftyKilobytes() throws Exception {
        write(6_000);
    }

    private void write(int rows) throws Exception {
        Path file = folder.resolve("rows.parquet");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        file.toString(),
                        String.valueOf(rows))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long from = System.nanoTime();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), said);
        long megabytes = Long.parseLong(said) / 1_000;
        System.out.printf(
                "Parquet of %d rows of %d letters (%d MB) in %.1f s: at most %d MB in memory%n",
                rows, LETTERS, Files.size(file) / 1_000_000, (System.nanoTime() - from) / 1e9, megabytes);
        assertTrue(megabytes < MOST_MEGABYTES, "[%d] MB in memory".formatted(megabytes));
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file));
                RowReader row = reader.rowReader()) {
            for (int i = 0; i < rows; i++) {
                assertTrue(row.hasNext(), "row " + i);
                row.next();
                assertEquals(i, row.getLong("number"));
                assertEquals(text(i), row.getString("text"));
            }
            assertFalse(row.hasNext());
        }
    }

    /** Of words, as people say them: a third of its size is left of it when it is packed. */
    private static String text(int row) {
        Random random = new Random(row);
        StringBuilder text = new StringBuilder(LETTERS);
        while (text.length() < LETTERS) {
            text.append(Integer.toString(random.nextInt(1 << 20), 36)).append(' ');
        }
        return text.substring(0, LETTERS);
    }

    /** Writes so many rows into a file, and says how many kilobytes its process had at most. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws IOException {
            int rows = Integer.parseInt(arguments[1]);
            List<ParquetFile.Column> columns = List.of(
                    new ParquetFile.Column("number", ParquetFile.Type.WHOLE),
                    new ParquetFile.Column("text", ParquetFile.Type.TEXT));
            try (ParquetFile file = new ParquetFile(Path.of(arguments[0]), columns)) {
                for (int i = 0; i < rows; i++) {
                    file.add((long) i, text(i));
                }
                file.finish();
            }
            System.out.println(Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .findFirst()
                    .orElseThrow());
        }
    }
}
