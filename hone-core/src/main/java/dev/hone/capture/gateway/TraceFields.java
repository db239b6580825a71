package dev.hone.capture.gateway;

import dev.hone.record.CapturedCall.End;
import dev.hone.store.TraceQuery;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which traces an address asks for, in the words of {@code hone traces list}. */
final class TraceFields {
    /** Stands for feedback of any name. */
    private static final String ANY = "*";

    static final List<String> KNOWN = List.of(
            "use_case",
            "variant",
            "model",
            "ended",
            "status",
            "from",
            "to",
            "tag",
            "episode",
            "feedback",
            "least",
            "most",
            "text",
            "limit",
            "after");

    private TraceFields() {}

    /**
     * @param project that alone is looked into
     * @throws GatewayRefusal when a field means nothing
     */
    static TraceQuery query(String project, QueryFields fields) {
        return new TraceQuery(
                project,
                fields.text("use_case"),
                fields.text("variant"),
                fields.text("model"),
                ended(fields),
                fields.whole("status", 100, 599),
                fields.time("from"),
                fields.time("to"),
                tags(fields),
                fields.text("episode"),
                judged(fields),
                fields.text("text"),
                true);
    }

    private static Set<End> ended(QueryFields fields) {
        return fields.all("ended").stream().map(TraceFields::end).collect(Collectors.toSet());
    }

    private static End end(String word) {
        return Stream.of(End.values())
                .filter(end -> word(end).equals(word))
                .findFirst()
                .orElseThrow(() -> QueryFields.invalid(
                        "ended",
                        "is [%s]: it takes one of %s"
                                .formatted(
                                        word,
                                        Stream.of(End.values())
                                                .map(TraceFields::word)
                                                .toList())));
    }

    private static String word(End end) {
        return end.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> tags(QueryFields fields) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (String tag : fields.all("tag")) {
            int equals = tag.indexOf('=');
            if (equals < 1 || tags.put(tag.substring(0, equals), tag.substring(equals + 1)) != null) {
                throw QueryFields.invalid(
                        "tag", "is [%s]: it takes NAME=VALUE (with [=] as [%%3D]), and each name once".formatted(tag));
            }
        }
        return tags;
    }

    private static TraceQuery.@Nullable Judged judged(QueryFields fields) {
        String name = fields.text("feedback");
        Double least = fields.number("least");
        Double most = fields.number("most");
        return name == null && least == null && most == null
                ? null
                : new TraceQuery.Judged(ANY.equals(name) ? null : name, least, most);
    }
}
