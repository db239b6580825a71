package dev.hone.model.template;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real models' templates with real conversations against what Python's jinja2 makes of them (goldens/templates). */
final class TemplateTableTest {
    @TestFactory
    Stream<DynamicTest> rendersEachTemplateAsPythonDoes() throws IOException {
        return tests(table());
    }

    @Test
    void hasEnoughRows() throws IOException {
        long rendered =
                table().get("rows").valueStream().filter(row -> row.has("text")).count();
        assertTrue(rendered >= 300, () -> rendered + " rows that render");
    }

    /** {@code -Dhone.template.table=FILE}: a table that make_table.py made of any folder of templates. */
    @TestFactory
    @Tag("slow")
    @EnabledIfSystemProperty(named = "hone.template.table", matches = ".+")
    Stream<DynamicTest> rendersACorpusAsPythonDoes() throws IOException {
        return tests(
                JsonMapper.shared().readTree(Files.readString(Path.of(System.getProperty("hone.template.table")))));
    }

    private static Stream<DynamicTest> tests(JsonNode table) {
        return table.get("rows").valueStream().map(row -> {
            String name = row.get("template").stringValue();
            String conversation = row.get("conversation").stringValue();
            boolean prompt = row.get("prompt").booleanValue();
            return DynamicTest.dynamicTest(name + ": " + conversation + (prompt ? ", prompt" : ""), () -> {
                JsonNode given = table.get("conversations").get(conversation);
                Map<String, Object> variables = new HashMap<>();
                JsonNode tools = given.get("tools");
                variables.put("messages", JsonMapper.shared().convertValue(given.get("messages"), Object.class));
                variables.put(
                        "tools", tools.isEmpty() ? null : JsonMapper.shared().convertValue(tools, Object.class));
                variables.put("documents", null);
                variables.put("add_generation_prompt", prompt);
                variables.put("bos_token", row.get("bos").stringValue());
                variables.put("eos_token", row.get("eos").stringValue());
                variables.putAll(SnippetTableTest.variables(given.get("extra")));
                String source =
                        table.has("sources") ? table.get("sources").get(name).stringValue() : source(name);
                SnippetTableTest.check(row, source, variables);
            });
        });
    }

    static String source(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(TemplateTableTest.class.getResourceAsStream("sources/" + name + ".jinja"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JsonNode table() throws IOException {
        try (InputStream in = Objects.requireNonNull(TemplateTableTest.class.getResourceAsStream("templates.json"))) {
            return JsonMapper.shared().readTree(in);
        }
    }
}
