package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private long now;

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLogHasALineEveryFewSecondsAndOneAtTheEnd() {
        try (Progress progress = new Progress(out, false, () -> now, "training", left -> "")) {
            for (int step = 1; step <= 20; step++) {
                now += Duration.ofSeconds(1).toNanos();
                progress.update(step, 20, "loss 1");
            }
        }
        assertEquals(5, printed().lines().count());
        assertTrue(printed().contains("training 6/20  loss 1  ETA 14s"), printed());
        assertTrue(printed().strip().endsWith("training 20/20  loss 1  in 20s"), printed());
    }

    @Test
    void resumedWorkHasATrueRate() {
        try (Progress progress = new Progress(out, false, () -> now, "training", left -> "")) {
            now += Duration.ofSeconds(10).toNanos();
            progress.update(91, 100, "");
        }
        assertTrue(printed().contains("ETA 1m30s"), printed());
    }

    @Test
    void aBarThatBeginsWithItsFirstUnitDoneDoesNotCountIt() {
        try (Progress progress = new Progress(out, false, () -> now, "reinforcing", left -> "")) {
            progress.update(1, 31, "");
            now += Duration.ofSeconds(50).toNanos();
            progress.update(2, 31, "");
        }
        assertTrue(printed().contains("reinforcing 1/31    ETA ?"), printed());
        assertTrue(printed().contains("reinforcing 2/31    ETA 24m10s"), printed());
    }

    @Test
    void aTerminalHasOneMovingLine() {
        try (Progress progress = new Progress(out, true, () -> now, "training", left -> "")) {
            for (int step = 1; step <= 4; step++) {
                now += Duration.ofSeconds(1).toNanos();
                progress.update(step, 4, "loss");
            }
        }
        assertEquals(1, printed().lines().filter(line -> line.contains("\n")).count() + 1);
        assertTrue(printed().contains("[############------------]  50% 2/4"), printed());
        assertTrue(printed().endsWith(System.lineSeparator()), printed());
    }

    @Test
    void timesAreShort() {
        assertEquals("7s", Progress.format(Duration.ofMillis(7_300).toNanos()));
        assertEquals("2m05s", Progress.format(Duration.ofSeconds(125).toNanos()));
        assertEquals("1h02m", Progress.format(Duration.ofMinutes(62).toNanos()));
    }
}
