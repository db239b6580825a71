package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.advise.Input;
import dev.hone.evaluate.Report;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class MeasuredSpeedsTest {
    private static ObjectNode report() throws IOException {
        try (InputStream in = MeasuredSpeedsTest.class.getResourceAsStream("/dev/hone/web/site/report.json")) {
            return (ObjectNode) JsonMapper.shared()
                    .readTree(new String(
                            Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Map<Input, BigDecimal> speeds(ObjectNode report) {
        return MeasuredSpeeds.of("support", JsonMapper.shared().treeToValue(report, Report.class));
    }

    private static void call(ObjectNode report, int place, String name, double speed) {
        ((ObjectNode) report.path("contenders").path(place)).put("name", name).put("tokensPerSecond", speed);
    }

    @Test
    void aComparisonCallsItsTunedModelSo() throws IOException {
        ObjectNode report = report();
        call(report, 3, "fine-tuned", 149.5);
        assertEquals(new BigDecimal("149.5"), speeds(report).get(Input.TOKENS_PER_SECOND));
    }

    /** A round of the loop calls contenders by their versions: the newest is the one that was trained. */
    @Test
    void aRoundCallsItByItsVersion() throws IOException {
        ObjectNode report = report();
        call(report, 1, "support/9", 70);
        call(report, 2, "support/10", 60);
        call(report, 4, "other/11", 50);
        Map<Input, BigDecimal> speeds = speeds(report);
        assertEquals(new BigDecimal("60.0"), speeds.get(Input.TOKENS_PER_SECOND));
        assertEquals(
                0,
                BigDecimal.valueOf(report.path("training").path("tokensPerSecond").doubleValue())
                        .compareTo(speeds.get(Input.TRAINING_TOKENS_PER_SECOND)));
    }

    @Test
    void whatWasNotMeasuredIsNotSaid() throws IOException {
        ObjectNode report = report();
        report.putNull("training");
        for (int i = 0; i < report.path("contenders").size(); i++) {
            call(report, i, "support/" + i, 0);
        }
        assertEquals(Map.of(), speeds(report));
    }
}
