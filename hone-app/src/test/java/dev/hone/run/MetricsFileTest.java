package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricsFileTest {
    @TempDir
    Path folder;

    private static Map<String, Object> step(long step, double loss) {
        return Map.of("step", step, "loss", loss, "tokens", 100, "seconds", 0.5);
    }

    @Test
    void aResumedRunDropsWhatItTakesAgainAndATornLine() throws Exception {
        Path file = folder.resolve("metrics.jsonl");
        MetricsFile first = new MetricsFile(file, 0);
        for (int i = 1; i <= 5; i++) {
            first.append(step(i, i));
        }
        Files.writeString(file, "{\"step\": 2, \"lo", StandardOpenOption.APPEND);
        MetricsFile second = new MetricsFile(file, 3);
        assertEquals(3, Files.readAllLines(file).size());
        second.append(step(4, 9));
        assertEquals(400, second.tokens());
        assertEquals(200, second.tokensPerSecond(), 1e-9);
        assertEquals(9, second.last("loss"));
        assertEquals(4, Files.readAllLines(file).size());
    }

    @Test
    void aResumedRunKeepsWhatIsNotAscii() throws Exception {
        Path file = folder.resolve("samples.jsonl");
        StepLines.open(file, 0).lines().append(List.of(Map.of("step", 1, "output", "Zürich \u2028 東京")));
        byte[] written = Files.readAllBytes(file);
        Files.write(file, new byte[] {'{', '"', (byte) 0xe6, (byte) 0x9d}, StandardOpenOption.APPEND);
        StepLines.open(file, 1);
        assertArrayEquals(written, Files.readAllBytes(file));
    }
}
