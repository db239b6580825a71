package dev.hone.model.template;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Small templates, one for each feature, against what Python's jinja2 makes of them (goldens/templates/snippets.py). */
final class SnippetTableTest {
    static final LocalDateTime NOW = LocalDateTime.of(2026, 11, 24, 9, 5, 7);

    @TestFactory
    Stream<DynamicTest> rendersEachSnippetAsPythonDoes() throws IOException {
        JsonNode table = table();
        Map<String, Object> variables = variables(table.get("variables"));
        return table.get("rows").valueStream().map(row -> {
            String source = row.get("source").stringValue();
            return DynamicTest.dynamicTest(source, () -> check(row, source, variables));
        });
    }

    @Test
    void hasEnoughRows() throws IOException {
        List<JsonNode> rows = table().get("rows").valueStream().toList();
        assertTrue(rows.size() >= 250, () -> rows.size() + " rows");
        assertTrue(rows.stream().filter(row -> row.has("error")).count() < rows.size() / 2);
    }

    static void check(JsonNode row, String source, Map<String, Object> variables) {
        if (row.has("error")) {
            TemplateException error = assertThrows(
                    TemplateException.class, () -> Template.parse(source).render(variables, NOW));
            if (row.get("raised").booleanValue()) {
                assertEquals(row.get("error").stringValue(), error.reason());
            }
            return;
        }
        Rendered rendered = Template.parse(source).render(variables, NOW);
        assertAll(
                () -> assertEquals(row.get("text").stringValue(), rendered.text()),
                () -> assertEquals(spans(row, rendered.text()), rendered.generated()));
    }

    /** The table counts code points, Java chars. */
    private static List<Rendered.Span> spans(JsonNode row, String text) {
        if (!row.has("spans")) {
            return List.of();
        }
        return row.get("spans")
                .valueStream()
                .map(span -> new Rendered.Span(
                        text.offsetByCodePoints(0, span.get(0).intValue()),
                        text.offsetByCodePoints(0, span.get(1).intValue())))
                .toList();
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> variables(JsonNode node) {
        return JsonMapper.shared().convertValue(node, Map.class);
    }

    private static JsonNode table() throws IOException {
        try (InputStream in = Objects.requireNonNull(SnippetTableTest.class.getResourceAsStream("snippets.json"))) {
            return JsonMapper.shared().readTree(in);
        }
    }
}
