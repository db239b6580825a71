package dev.hone.advise;

import dev.hone.advise.SampledCall.Figures;
import dev.hone.advise.SampledCall.Signal;
import dev.hone.record.Money;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Calls to look at. */
final class SampleCalls {
    /** Rows of five jobs, one after the other, made up by a program; {@code job} is whose each is. */
    static final String MIXED = "mixed.jsonl";

    private static long number;

    private SampleCalls() {}

    /** A call with its job. */
    record Labelled(String job, SampledCall call) {}

    static List<Labelled> mixed(boolean instructions) {
        try (InputStream in = Objects.requireNonNull(SampleCalls.class.getResourceAsStream(MIXED))) {
            List<Labelled> calls = new ArrayList<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                JsonNode row = JsonMapper.shared().readTree(line);
                if (!instructions) {
                    ((ArrayNode) row.path("request").path("messages")).remove(0);
                }
                calls.add(new Labelled(
                        row.path("job").stringValue(),
                        call(
                                row.path("request").toString(),
                                row.path("response").toString())));
            }
            return calls;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SampledCall call(String request, @Nullable String response) {
        return call(request, response, "0.0021", null, Signal.NONE);
    }

    static SampledCall call(
            String request, @Nullable String response, @Nullable String cost, @Nullable String useCase, Signal signal) {
        return new SampledCall(
                new UUID(++number, 0),
                useCase,
                CallReader.read(request, response),
                new Figures(
                        "openai/gpt-4.1-mini-2025-04-14",
                        null,
                        false,
                        false,
                        400L,
                        20L,
                        cost == null ? null : new Money(new BigDecimal(cost), "USD"),
                        800.0),
                signal);
    }

    /** The same as a row of a file: nobody answered, and nothing is known of it but its answer. */
    static SampledCall row(SampledCall call) {
        return new SampledCall(
                call.id(),
                call.useCase(),
                call.said(),
                new Figures(null, null, true, false, null, null, null, null),
                call.signal());
    }

    /** The same as a version of one's own answered it at a moment, for nothing. */
    static SampledCall by(String own, Instant at, SampledCall call) {
        return new SampledCall(
                new UUID(at.toEpochMilli() << 16, ++number),
                call.useCase(),
                call.said(),
                new Figures(own, own, false, false, 90L, 7L, new Money(BigDecimal.ZERO, "USD"), 40.0),
                call.signal());
    }

    /** The same at a moment. */
    static SampledCall at(Instant at, SampledCall call) {
        return new SampledCall(
                new UUID(at.toEpochMilli() << 16, ++number),
                call.useCase(),
                call.said(),
                call.figures(),
                call.signal());
    }

    /** A request of the chat form. */
    static String chat(String system, String user) {
        ObjectNode request = JsonMapper.shared().createObjectNode();
        ArrayNode messages = request.putArray("messages");
        if (!system.isEmpty()) {
            messages.addObject().put("role", "system").put("content", system);
        }
        messages.addObject().put("role", "user").put("content", user);
        return request.toString();
    }

    static String said(String text) {
        ObjectNode response = JsonMapper.shared().createObjectNode();
        response.putArray("choices")
                .addObject()
                .putObject("message")
                .put("role", "assistant")
                .put("content", text);
        return response.toString();
    }
}
