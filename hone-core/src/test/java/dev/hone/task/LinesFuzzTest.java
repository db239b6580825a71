package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.gateway.Mutations;
import dev.hone.record.StoredTrace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Files that {@code hone import} reads, nearly right: a line is read, or a fault with its number and a short reason, never anything else;
 * and the line after it is read as if it stood alone.
 */
final class LinesFuzzTest {
    private static final int TRIES = 2_000;
    private static final int LONGEST_REASON = 1_000;

    private static final String TRACE = "019a2c1e-5b60-7c11-8000-0123456789ab";

    private static final List<String> LABELLED = List.of(
            "{\"input\": \"How warm?\", \"output\": \"21\", \"id\": 7, \"metadata\": {\"who\": \"ann\", \"n\": 1.5, \"x\": null}, \"created\": \"2026-01-31\"}",
            "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"a\"}]}, {\"role\": \"assistant\", \"content\": null, \"tool_calls\":"
                    + " [{\"id\": \"c1\", \"type\": \"function\", \"function\": {\"name\": \"f\", \"arguments\": \"{\\\"x\\\":1}\"}}]}], \"tools\": [{\"type\": \"function\"}],"
                    + " \"created\": 1769860800, \"response\": {\"role\": \"assistant\", \"content\": \"b\"}}");

    private static final List<String> COMPLETIONS = List.of(
            "{\"object\": \"chat.completion\", \"id\": \"c-1\", \"created\": 1769860800, \"model\": \"m\", \"metadata\": {\"a\": \"b\"}, \"temperature\": 1,"
                    + " \"messages\": {\"data\": [{\"id\": \"m\", \"role\": \"user\", \"content\": null, \"content_parts\": [{\"type\": \"text\"}]}]},"
                    + " \"choices\": [{\"index\": 0, \"message\": {\"role\": \"assistant\", \"content\": \"x\"}}], \"usage\": {\"prompt_tokens\": 3, \"completion_tokens\": 1}}",
            "{\"request\": {\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}, \"response\": {\"id\": \"c-2\", \"created\": 1769860801,"
                    + " \"choices\": [{\"index\": 0}], \"usage\": null}}");

    private static final List<String> TRACES = List.of(
            "{\"object\":\"hone.trace\",\"format\":1,\"id\":\"" + TRACE
                    + "\",\"project\":\"default\",\"use_case\":\"support\",\"occurred\":\"2026-01-31T12:00:00Z\",\"recorded\":\"2026-01-31T12:00:01Z\","
                    + "\"tags\":{\"release\":\"42\"},\"call\":{\"path\":\"/v1/chat/completions\",\"model\":\"m\",\"route\":\"support\",\"variant\":\"v\",\"episode\":\"e\","
                    + "\"stream\":false,\"status\":200,\"ended\":\"answered\",\"first_byte_ms\":1.5,\"ms\":2.5,\"prompt_tokens\":3,\"cost\":\"0.0012\",\"currency\":\"USD\","
                    + "\"configuration\":\"" + "a".repeat(64)
                    + "\"},\"request\":{\"messages\":[]},\"response_text\":\"half a \","
                    + "\"attempts\":[{\"number\":1,\"variant\":\"v\",\"upstream\":\"u\",\"model\":\"m\",\"status\":200,\"ms\":2.0,\"cost\":\"0.0012\"}],"
                    + "\"feedback\":[{\"id\":\"" + TRACE
                    + "\",\"kind\":\"float\",\"name\":\"stars\",\"value\":4,\"score\":4.0,\"at\":\"2026-02-01T00:00:00Z\","
                    + "\"created\":\"2026-02-01T00:00:00Z\",\"caller_id\":\"t\",\"fingerprint\":\"" + "0".repeat(64)
                    + "\",\"configuration\":\""
                    + "b".repeat(64) + "\"}]}",
            "{\"object\":\"hone.trace\",\"format\":1,\"id\":\"" + TRACE
                    + "\",\"project\":\"shop\",\"use_case\":\"support\",\"recorded\":\"2026-01-31T12:00:01Z\",\"metadata\":{\"a\":\"b\"},"
                    + "\"imported\":{\"content_hash\":\"" + "c".repeat(64)
                    + "\",\"external_id\":\"x\",\"source\":\"rows.jsonl\",\"line\":3},\"request_text\":\"\",\"attempts\":[],"
                    + "\"feedback\":[{\"id\":\"" + TRACE
                    + "\",\"kind\":\"demonstration\",\"name\":\"demonstration\",\"value_text\":\"\\\"x\\\"\",\"created\":\"2026-02-01T00:00:00Z\"}]}");

    private static Path file = Path.of("lines.jsonl");

    @BeforeContainer
    static void open() throws IOException {
        file = Files.createTempFile("lines", ".jsonl");
    }

    @AfterContainer
    static void close() throws IOException {
        Files.delete(file);
    }

    private interface Reading {
        @Nullable
        Object next() throws IOException;
    }

    /** A changed line, and one that is right behind it. */
    private static byte[] written(long seed, List<String> right) throws IOException {
        byte[] changed = new Mutations(seed).of(right);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(changed);
        bytes.write('\n');
        bytes.writeBytes(right.getLast().getBytes(StandardCharsets.UTF_8));
        Files.write(file, bytes.toByteArray());
        return changed;
    }

    private static void assertRead(long seed, byte[] changed, Reading reading) throws IOException {
        int most = 1;
        for (byte one : changed) {
            most += one == '\n' ? 1 : 0;
        }
        int before = 0;
        Object last = null;
        try {
            for (Object line = reading.next(); line != null; line = reading.next()) {
                int number = number(line);
                assertTrue(number > before && number <= most + 1, "line " + number);
                before = number;
                last = line;
                Statistics.label("lines").collect(line instanceof LineFault ? "fault" : "read");
                if (line instanceof LineFault fault) {
                    assertTrue(!fault.reason().isBlank() && fault.reason().length() <= LONGEST_REASON, fault.reason());
                }
            }
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError("seed " + seed + ": " + new String(changed, StandardCharsets.UTF_8), e);
        }
        assertNotNull(last);
        assertEquals(most + 1, number(last), "the right line is the last");
        Statistics.label("lines").coverage(lines -> {
            lines.check("fault").percentage(share -> share > 15);
            lines.check("read").percentage(share -> share > 15);
        });
    }

    private static int number(Object line) {
        return switch (line) {
            case LineFault fault -> fault.number();
            case LabelledFile.Row row -> row.number();
            case CompletionFile.Row row -> row.number();
            case TraceFile.Row row -> row.number();
            default -> throw new AssertionError(line.toString());
        };
    }

    @Property(tries = TRIES)
    @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
    void labelledRows(@ForAll long seed) throws IOException {
        byte[] changed = written(seed, LABELLED);
        try (LabelledFile lines = new LabelledFile(file, "response")) {
            assertRead(seed, changed, lines::next);
        }
    }

    @Property(tries = TRIES)
    @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
    void completions(@ForAll long seed) throws IOException {
        byte[] changed = written(seed, COMPLETIONS);
        CompletionFile.isOne(file);
        try (CompletionFile lines = new CompletionFile(file, "support", "default")) {
            assertRead(seed, changed, lines::next);
        }
    }

    /** What is read can be written again, and is then the same. */
    @Property(tries = TRIES)
    @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
    void storedTraces(@ForAll long seed) throws IOException {
        byte[] changed = written(seed, TRACES);
        TraceFile.isOne(file);
        try (TraceFile lines = new TraceFile(file)) {
            assertRead(seed, changed, () -> {
                TraceFile.Line line = lines.next();
                if (line instanceof TraceFile.Row row) {
                    assertWritable(row.trace());
                }
                return line;
            });
        }
    }

    private static void assertWritable(StoredTrace trace) {
        String written = TraceLine.of(trace);
        assertTrue(!written.contains("\n"), written);
        assertEquals(trace, TraceLine.parse(written));
        trace.feedback()
                .forEach(said -> assertTrue(
                        !JsonMapper.shared().readTree(said.value()).isMissingNode(),
                        "a value is JSON: " + said.value()));
    }

    /** Nothing is no JSON: the database would refuse it, and the whole file with it. */
    @Example
    void aValueThatIsNothingIsAFault() throws IOException {
        Files.writeString(
                file,
                TRACES.getLast().replace("\"value_text\":\"\\\"x\\\"\"", "\"value_text\":\" \"") + "\n"
                        + TRACES.getFirst());
        try (TraceFile lines = new TraceFile(file)) {
            LineFault fault = assertInstanceOf(LineFault.class, lines.next());
            assertTrue(fault.reason().contains("[feedback[0].value_text]"), fault.reason());
            assertInstanceOf(TraceFile.Row.class, lines.next());
        }
    }

    /** A number beyond all measure, which no reader of exact numbers takes. */
    @Example
    void aNumberBeyondAllMeasureIsAFault() throws IOException {
        String huge = "11e999999999" + "0".repeat(31);
        Files.writeString(
                file, TRACES.getFirst().replace("\"score\":4.0", "\"score\":" + huge) + "\n" + TRACES.getLast());
        try (TraceFile lines = new TraceFile(file)) {
            assertEquals(1, assertInstanceOf(LineFault.class, lines.next()).number());
            TraceFile.Row row = assertInstanceOf(TraceFile.Row.class, lines.next());
            StoredTrace read = row.trace();
            StoredTrace hostile = new StoredTrace(
                    read.id(),
                    read.project(),
                    read.useCase(),
                    read.metadata(),
                    read.occurred(),
                    read.recorded(),
                    read.call(),
                    read.row(),
                    "{\"n\":" + huge + "}",
                    read.response(),
                    read.attempts(),
                    read.feedback());
            assertWritable(hostile);
        }
    }

    /** A line that is too long is passed over in bounded memory, and what is deep or has huge parts is told shortly. */
    @Property(tries = 6)
    void whatIsLargeIsToldShortly(@ForAll @LongRange(min = 0, max = 5) long which) throws IOException {
        String large = "x".repeat(3 << 20);
        String line = switch ((int) which) {
            case 0 -> "{\"input\":\"" + "x".repeat(ChatFile.MOST_LINE_BYTES) + "\",\"output\":\"y\"}";
            case 1 -> "{\"input\":\"a\",\"output\":\"b\",\"created\":\"" + large + "\"}";
            case 2 -> "{\"input\":\"a\",\"output\":\"b\",\"metadata\":{\"" + large.substring(0, 40_000) + "\":[]}}";
            case 3 -> "{\"" + large.substring(0, 40_000) + "\":1}";
            case 4 -> "{\"messages\":[{\"role\":\"" + large + "\",\"content\":\"a\"}]}";
            default -> "[".repeat(1 << 20);
        };
        Files.writeString(file, line + "\n" + LABELLED.getFirst());
        try (LabelledFile lines = new LabelledFile(file, "response")) {
            LineFault fault = assertInstanceOf(LineFault.class, lines.next());
            assertEquals(1, fault.number());
            assertTrue(fault.reason().length() <= LONGEST_REASON, fault.reason().length() + " characters");
            assertInstanceOf(LabelledFile.Row.class, lines.next());
            assertNull(lines.next());
        }
    }
}
