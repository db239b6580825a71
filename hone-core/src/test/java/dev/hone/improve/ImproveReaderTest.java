package dev.hone.improve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.improve.Improving.Drift;
import dev.hone.settings.Fields;
import dev.hone.settings.SettingsException;
import dev.hone.settings.YamlReader;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ImproveReaderTest {
    private static Improving read(String yaml) {
        return ImproveReader.read(Fields.of(
                "a.yaml", YamlReader.read("a.yaml", "name: a\n" + yaml), "A charter", List.of("name", "improve")));
    }

    @Test
    void whatIsLeftOutIsTheStandard() {
        assertEquals(Improving.STANDARD, read(""));
        assertEquals(Improving.STANDARD, read("improve: {}\n"));
        assertEquals(Duration.ofDays(7), Improving.STANDARD.schedule());
        assertEquals(0.01, Improving.STANDARD.drift().alpha());
    }

    @Test
    void everyKeyIsUnderstood() {
        assertEquals(
                new Improving(
                        0.2,
                        50,
                        new Drift(Duration.ofHours(36), Duration.ofDays(14), 0.05, Duration.ofHours(6)),
                        10,
                        4,
                        0,
                        Duration.ofDays(3),
                        Duration.ofMinutes(30)),
                read("""
                        improve:
                          sample: 0.2
                          calls-a-day: 50
                          drift: {window: 36h, against: 14d, alpha: 0.05, feedback: 6h}
                          labels: 10
                          drift-labels: 4
                          second-labels: 0
                          schedule: 3d
                          cool-down: 30min
                        """));
        assertNull(read("improve: {schedule: never}\n").schedule());
        Duration seconds = read("improve: {drift: {feedback: 90s}}\n").drift().feedback();
        assertEquals(Duration.ofSeconds(90), seconds);
        assertEquals("90s", ImproveReader.text(seconds));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{smaple: 1}|did you mean [sample]?",
                "{sample: 1.5}|[sample] is [1.5]",
                "{calls-a-day: -1}|[calls-a-day] is [-1]",
                "{labels: 0}|[labels] is [0]",
                "{drift-labels: 0}|[drift-labels] is [0]",
                "{drift: {feedback: soon}}|[feedback] is [soon]",
                "{second-labels: -0.1}|[second-labels] is [-0.1]",
                "{schedule: weekly}|or [never]",
                "{schedule: 0d}|[schedule] is [0d]",
                "{cool-down: 30m}|write minutes as [30min]",
                "{cool-down: 9999d}|two years at most",
                "{drift: {alpha: 0}}|[alpha] is [0.0]",
                "{drift: {alpha: 0.5}}|at most 0.2",
                "{drift: {window: 30d}}|the reference shorter than the window",
                "{drift: {windows: 1d}}|did you mean [window]?",
            })
    void whatCannotBeFollowedIsRefused(String yaml, String told) {
        String message = String.valueOf(assertThrows(SettingsException.class, () -> read("improve: " + yaml + "\n"))
                .getMessage());
        assertTrue(message.contains(told) && message.contains("[a.yaml] line 2"), message);
    }
}
