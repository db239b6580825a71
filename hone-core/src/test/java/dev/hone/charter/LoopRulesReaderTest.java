package dev.hone.charter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.LoopRules.Start;
import dev.hone.settings.SettingsException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LoopRulesReaderTest {
    private static final String CHARTER = """
            name: job
            owner: Ada
            job: Answers.
            good: {kind: string_check, operation: eq}
            viewers: [everyone]
            """;

    private static LoopRules read(String loop) {
        return CharterReader.read("job.yaml", CHARTER + loop).loop();
    }

    @Test
    void everyKeyIsUnderstood() {
        assertEquals(
                new LoopRules(true, List.of(Start.LIVE), "runs/own", 2.5, 0.0005, 0, 7, 1.5, 0.3, 0.12),
                read(
                        "loop: {unattended: true, from: [live], model: runs/own, epochs: 2.5, rate: 0.0005, replay: 0, least-tasks: 7, hours-a-month: 1.5, judge: 0.3, core-hour: 0.12}\n"));
        assertEquals(LoopRules.STANDARD, read(""));
        assertEquals(LoopRules.STANDARD, read("loop: {unattended: false}\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{epoch: 2}|Unknown key [epoch]|did you mean [epochs]",
                "{from: [both]}|[from] has [both]|[base], [live]",
                "{from: []}|[from] is empty|[base], [live]",
                "{epochs: 0}|[epochs] is [0]|[0.05] to [100]",
                "{rate: 2}|[rate] is [2]|to [1]",
                "{replay: -1}|[replay] is [-1]|[0] to [1000]",
                "{least-tasks: 0}|[least-tasks] is [0]|from [1]",
                "{core-hour: -1}|[core-hour] is [-1]|[0] to [1000]",
                "{judge: 2}|[judge] is [2]|[0] to [1]",
                "{hours-a-month: 9999}|[hours-a-month] is [9999]|[0] to [744]",
                "{unattended: perhaps}|[unattended] is neither true nor false|[true]"
            })
    void whatCannotBeIsNamedWithTheRemedy(String loop, String what, String remedy) {
        String message = assertThrows(SettingsException.class, () -> read("loop: " + loop + "\n"))
                .getMessage();
        assertTrue(message.contains(what) && message.contains("job.yaml"), message);
        assertTrue(message.contains(remedy), message);
    }
}
