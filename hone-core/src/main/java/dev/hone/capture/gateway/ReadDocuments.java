package dev.hone.capture.gateway;

import dev.hone.record.AnswerLogprob;
import dev.hone.store.TimeHistogram;
import dev.hone.store.TraceDetails;
import dev.hone.store.TraceSearch;
import dev.hone.store.Usage;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** What is stored, as documents for programs. */
final class ReadDocuments {
    private static final JsonFactory JSON = new JsonFactory();

    private ReadDocuments() {}

    static ObjectNode page(TraceSearch.Page page) {
        ObjectNode list = list();
        ArrayNode data = list.putArray("data");
        page.traces().forEach(found -> data.add(trace(found).put("feedback_count", found.feedback())));
        return list.put("has_more", page.next() != null)
                .put("next", page.next() == null ? null : page.next().toString());
    }

    static ObjectNode whole(TraceSearch.Found found, TraceDetails.Detail detail) {
        ObjectNode trace = trace(found).put("configuration", detail.configuration());
        ArrayNode attempts = trace.putArray("attempts");
        detail.attempts().forEach(one -> {
            ObjectNode attempt = attempts.addObject()
                    .put("number", one.number())
                    .put("variant", one.variant())
                    .put("upstream", one.upstream())
                    .put("model", one.model())
                    .put("status", one.status())
                    .put("trouble", one.trouble())
                    .put("ms", one.millis())
                    .put("cost", one.cost());
            AnswerLogprob logprob = one.logprob();
            if (logprob == null) {
                attempt.putNull("logprob");
            } else {
                attempt.putObject("logprob").put("sum", logprob.sum()).put("tokens", logprob.tokens());
            }
        });
        ArrayNode feedback = trace.putArray("feedback");
        detail.feedback().forEach(one -> {
            ObjectNode said = feedback.addObject()
                    .put("id", one.id().toString())
                    .put("kind", one.kind())
                    .put("name", one.name());
            put(said, "value", one.value());
            said.put("score", one.score())
                    .put("author", one.author())
                    .put("at", one.at().toString());
        });
        put(trace, "request", detail.request());
        put(trace, "response", detail.response());
        return trace;
    }

    private static ObjectNode trace(TraceSearch.Found found) {
        ObjectNode trace = JsonMapper.shared()
                .createObjectNode()
                .put("object", "trace")
                .put("id", found.id().toString())
                .put("at", found.occurred().toString())
                .put("use_case", found.useCase())
                .put("route", found.route())
                .put("variant", found.variant())
                .put("model", found.model())
                .put("episode", found.episode())
                .put("path", found.path())
                .put("stream", found.stream())
                .put("status", found.status())
                .put("ended", found.ended())
                .put("first_byte_ms", found.firstByteMillis())
                .put("ms", found.millis())
                .put("prompt_tokens", found.promptTokens())
                .put("cached_tokens", found.cachedTokens())
                .put("completion_tokens", found.completionTokens())
                .put("cost", found.cost())
                .put("currency", found.currency())
                .put(
                        "shadow_of",
                        found.shadowOf() == null ? null : found.shadowOf().toString());
        ObjectNode tags = trace.putObject("tags");
        found.tags().forEach(tags::put);
        return trace;
    }

    static ObjectNode usage(Iterable<Usage.Line> lines) {
        ObjectNode list = list();
        ArrayNode data = list.putArray("data");
        lines.forEach(line -> data.add(usage(line)));
        return list;
    }

    private static ObjectNode usage(Usage.Line line) {
        Usage.Sums sums = line.sums();
        ObjectNode usage = JsonMapper.shared()
                .createObjectNode()
                .put("object", "usage")
                .put("day", String.valueOf(line.key().day()))
                .put("route", line.key().route())
                .put("variant", line.key().variant())
                .put("shadow", line.key().shadow())
                .put("calls", sums.calls())
                .put("refused", sums.refused())
                .put("broken", sums.broken())
                .put("abandoned", sums.abandoned())
                .put("retries", sums.retries())
                .put("counted", sums.counted())
                .put("prompt_tokens", sums.promptTokens())
                .put("cached_tokens", sums.cachedTokens())
                .put("completion_tokens", sums.completionTokens())
                .put("priced", sums.priced())
                .put("p50_ms", quantile(line.whole(), 0.5))
                .put("p95_ms", quantile(line.whole(), 0.95));
        ObjectNode spend = usage.putObject("spend");
        line.spend().forEach(spend::put);
        ArrayNode feedback = usage.putArray("feedback");
        line.judged()
                .forEach(one -> feedback.addObject()
                        .put("name", one.name())
                        .put("kind", one.kind())
                        .put("given", one.given())
                        .put("score", one.score()));
        return usage;
    }

    private static @Nullable Double quantile(TimeHistogram times, double share) {
        OptionalDouble quantile = times.quantile(share);
        return quantile.isPresent() ? quantile.getAsDouble() : null;
    }

    private static ObjectNode list() {
        return JsonMapper.shared().createObjectNode().put("object", "list");
    }

    /** What is stored as JSON stands there letter by letter; what is none is a text. */
    private static void put(ObjectNode object, String name, @Nullable String stored) {
        if (stored != null && isJson(stored)) {
            object.putRawValue(name, new RawValue(stored));
        } else {
            object.put(name, stored);
        }
    }

    private static boolean isJson(String text) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }
}
