package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.Ids;
import dev.hone.record.Money;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ServeLogTest {
    private static CapturedCall.Facts facts(UUID key) {
        return new CapturedCall.Facts(
                Ids.next(),
                Instant.parse("2026-11-26T10:00:00Z"),
                "/v1/chat/completions",
                "use-case/job",
                "job",
                true,
                "live",
                new CapturedCall.Origin("labs", key, "episode of ann", "ab", Map.of("who", "ann"), null, null),
                false,
                200,
                CapturedCall.End.ANSWERED,
                3.5,
                7.25,
                new CallUsage(3L, null, 4L),
                new Money(new BigDecimal("0.0000001"), "USD"),
                List.of());
    }

    private static List<String> said(ServeLog.Form form, UUID key) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            ServeLog log = new ServeLog(form);
            log.notice("a \"line\"\nand another");
            log.call(facts(key));
        } finally {
            System.setErr(before);
        }
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void programsReadAnObjectALineWithoutWhatSomebodySaid() {
        UUID key = Ids.next();
        List<String> lines = said(ServeLog.Form.JSON, key);
        assertEquals(2, lines.size());
        assertEquals(
                "a \"line\"\nand another",
                JsonMapper.shared().readTree(lines.getFirst()).path("message").asString());
        JsonNode call = JsonMapper.shared().readTree(lines.getLast());
        assertEquals("call", call.path("event").asString());
        assertEquals(key.toString(), call.path("key").asString());
        assertEquals(7.25, call.path("ms").doubleValue());
        assertEquals(0, new BigDecimal("0.0000001").compareTo(call.path("cost").decimalValue()));
        assertFalse(lines.getLast().contains("ann"), lines.getLast());
    }

    @Test
    void peopleReadWhatIsNotWell() {
        assertEquals(List.of("hone: a \"line\"", "and another"), said(ServeLog.Form.TEXT, Ids.next()));
    }
}
