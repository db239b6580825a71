package dev.hone.store;

import dev.hone.record.Ids;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Trace;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/** Traces to store. */
final class SampleTraces {
    private SampleTraces() {}

    static LabelledTrace labelled(String name, String request) {
        String hash = HexFormat.of().toHexDigits(name.hashCode()).repeat(8);
        return new LabelledTrace(
                new Trace(
                        Ids.next(),
                        name,
                        request,
                        "",
                        Map.of("who", "Ä☕"),
                        Instant.parse("2026-01-31T12:00:00.123456Z"),
                        hash,
                        "file.jsonl",
                        1),
                "{\"role\":\"assistant\",\"content\":\"yes\"}");
    }
}
