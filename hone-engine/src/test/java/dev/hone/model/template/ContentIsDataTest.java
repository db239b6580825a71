package dev.hone.model.template;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever a conversation says is inserted verbatim: it never changes what the template writes around it. */
final class ContentIsDataTest {
    /** Templates that write contents as they are, and those that trim them. */
    private static final Map<String, Boolean> TRIMS = Map.of(
            "smollm2", false,
            "qwen2.5", false,
            "mistral-nemo", false,
            "phi-3.5", false,
            "llama-3.2", true,
            "llama-3", true);

    @Property(tries = 600)
    void contentIsInsertedVerbatim(@ForAll("templates") String name, @ForAll("contents") List<String> contents)
            throws IOException {
        Template template = Template.parse(TemplateTableTest.source(name));
        List<String> marks = List.of("\u0001one", "\u0001two", "\u0001three", "\u0001four");
        String expected = render(template, marks);
        for (int i = 0; i < marks.size(); i++) {
            String content = contents.get(i).replace('\u0001', '?');
            boolean trims = TRIMS.getOrDefault(name, false);
            expected = expected.replace(
                    marks.get(i), trims ? PythonText.stripStart(PythonText.stripEnd(content)) : content);
        }
        List<String> given =
                contents.stream().map(c -> c.replace('\u0001', '?')).toList();
        assertEquals(expected, render(template, given));
    }

    private static String render(Template template, List<String> contents) {
        List<Map<String, Object>> messages = new ArrayList<>();
        List<String> roles = List.of("system", "user", "assistant", "user");
        for (int i = 0; i < roles.size(); i++) {
            messages.add(Map.of("role", roles.get(i), "content", contents.get(i)));
        }
        Map<String, Object> variables = new HashMap<>();
        variables.put("messages", messages);
        variables.put("tools", null);
        variables.put("add_generation_prompt", true);
        variables.put("bos_token", "<s>");
        variables.put("eos_token", "</s>");
        return template.render(variables, SnippetTableTest.NOW).text();
    }

    @Provide
    Arbitrary<String> templates() {
        return Arbitraries.of(TRIMS.keySet().stream().sorted().toList());
    }

    @Provide
    Arbitrary<List<String>> contents() {
        Arbitrary<String> fragments = Arbitraries.of(
                "{{ 7*7 }}",
                "{%",
                "%}",
                "{#",
                "#}",
                "{% endfor %}",
                "{{",
                "}}",
                "\\n",
                "\n",
                "\r\n",
                " ",
                "'",
                "\"",
                "\\",
                "{{ bos_token }}",
                "{% raw %}",
                "<|im_end|>",
                "</s>",
                "[INST]",
                "\u00a0",
                "😀",
                "\u2028",
                "$1");
        Arbitrary<String> anything = Arbitraries.strings().ofMaxLength(8);
        return Arbitraries.frequencyOf(Tuple.of(3, fragments), Tuple.of(1, anything))
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts))
                // jinja2 takes an empty system prompt for none in some templates
                .filter(content -> !PythonText.isBlank(content))
                .list()
                .ofSize(4);
    }
}
