package dev.hone.cli;

import dev.hone.charter.Charter;
import dev.hone.grade.GraderDefinition;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A charter as {@code hone check} understood it. */
record CharterView(
        String name,
        String owner,
        String job,
        Map<String, Object> good,
        @Nullable Double costPerThousand,
        @Nullable Double p95Ms,
        List<String> viewers) {
    static CharterView of(Charter charter) {
        Duration p95 = charter.constraints().p95();
        return new CharterView(
                charter.name(),
                charter.owner(),
                charter.job(),
                good(charter.good()),
                charter.constraints().costPerThousand(),
                p95 == null ? null : p95.toNanos() / 1e6,
                charter.viewers());
    }

    private static Map<String, Object> good(GraderDefinition definition) {
        Map<String, Object> good = new LinkedHashMap<>();
        good.put("kind", definition.kind());
        switch (definition) {
            case GraderDefinition.StringCheck check ->
                good.put("operation", check.operation().name().toLowerCase(Locale.ROOT));
            case GraderDefinition.Label label -> good.put("classes", label.classes());
            case GraderDefinition.JsonSchema schema ->
                good.put("schema", JsonMapper.shared().readTree(schema.schema()));
            case GraderDefinition.Numeric numeric -> good.put("tolerance", numeric.tolerance());
            case GraderDefinition.Taxonomy taxonomy -> good.put("parents", taxonomy.parents());
            case GraderDefinition.ToolCall call -> {}
            case GraderDefinition.Multi multi ->
                good.put("parts", multi.parts().stream().map(CharterView::part).toList());
        }
        return good;
    }

    private static Map<String, Object> part(GraderDefinition.Multi.Part part) {
        Map<String, Object> good = new LinkedHashMap<>();
        good.put("name", part.name());
        good.put("weight", part.weight());
        good.putAll(good(part.grader()));
        return good;
    }

    void print() {
        System.out.printf("%s: %s%n", name, job);
        System.out.printf("  owner      %s%n", owner);
        System.out.printf("  good       %s%n", sentence(good));
        System.out.printf(
                "  cost       %s%n",
                costPerThousand == null ? "no limit" : "at most %s a thousand requests".formatted(costPerThousand));
        System.out.printf(
                "  latency    %s%n",
                p95Ms == null ? "no limit" : String.format(Locale.ROOT, "p95 at most %.0f ms", p95Ms));
        System.out.printf("  viewers    %s%n", String.join(", ", viewers));
    }

    private static String sentence(Map<String, Object> good) {
        return good.entrySet().stream()
                .map(entry -> switch (entry.getValue()) {
                    case Map<?, ?> map -> "%d %s".formatted(map.size(), entry.getKey());
                    case List<?> list -> "%d %s".formatted(list.size(), entry.getKey());
                    case Object value ->
                        entry.getKey().equals("kind") ? value.toString() : "%s %s".formatted(entry.getKey(), value);
                })
                .collect(Collectors.joining(", "));
    }
}
