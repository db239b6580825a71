package dev.hone.model.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates come from outside: each ends in a result or in an error that names its line, soon. */
final class HostileTemplateTest {
    private static final Limits LIMITS = new Limits(100, 2_000_000, 1_000_000);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
                "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
                "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{"
                        + " ns.l }}",
                "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{"
                        + " ns.l|tojson }}",
                "{% set ns = namespace(l=[1], m=[1]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% set"
                        + " ns.m = [ns.m, ns.m] %}{% endfor %}{{ ns.l == ns.m }}",
                "{% set ns = namespace(l=[]) %}{% for i in range(50000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l"
                        + " }}",
                "{% set ns = namespace(l={}) %}{% for i in range(50000) %}{% set ns.l = {'a': ns.l} %}{% endfor %}{{"
                        + " ns.l == ns.l|tojson }}",
                "{{ 'x' * 10000000000 }}",
                "{{ [1] * 10000000000 }}",
                "{{ 9 ** (9 ** 9) }}",
                "{{ 2 ** 99999999999999999999999 }}",
                "{{ ('x' * 1000000).replace('x', 'y' * 1000000) }}",
                "{{ ('x' * 1000000)|replace('x', 'y' * 1000000) }}",
                "{{ ('y' * 1000000).join('x' * 1000000) }}",
                "{{ ('a\\n' * 100000)|indent(100000) }}",
                "{{ 'x'|indent(9999999999, true) }}",
                "{{ [1]|tojson(indent=9999999999) }}",
                "{{ '{:999999999}'.format('x') }}",
                "{{ '{:.999999999f}'.format(1.5) }}",
                "{{ 'x'.ljust(9999999999) }}",
                "{{ 1.5|round(999999999) }}",
                "{% for i in range(100000) %}{{ ('x' * 900000).split('y')|length }}{% endfor %}",
                "{% for i in range(100000) %}{{ ('x' * 900000)|length }}{{ ('x' * 900000)[::-1] }}{% endfor %}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% macro f(x) %}{{ f(x ~ x) }}{% endmacro %}{{ f('xx') }}",
                "{{ messages.append(1) }}",
                "{{ ''.__class__.__mro__[1].__subclasses__() }}",
                "{% include 'secret' %}",
                "{% import 'x' as y %}",
            })
    void stopsWhatWouldNotEndOrGrowsWithoutBound(String source) {
        TemplateException error = assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertThrows(
                        TemplateException.class,
                        () -> Template.parse(source, LIMITS).render(Map.of(), SnippetTableTest.NOW)));
        assertEquals(1, error.line());
        assertTrue(error.getMessage().startsWith("Chat template line [1]: "), error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{1:", "-", "not ", "f(", "a[", "1 if 1 else ", "a.b(", "1 + (", "x is in ["})
    void refusesSourcesThatNestWithoutBound(String opening) {
        String source = "{{ " + opening.repeat(50_000) + " }}";
        assertThrows(TemplateException.class, () -> Template.parse(source, LIMITS));
    }

    @ParameterizedTest
    @ValueSource(strings = {" + 1", " ~ 1", " and 1", "|string", ".real", "[0]", " == 1", " ** 1", "()"})
    void survivesLongChains(String link) {
        String source = "{{ 1" + link.repeat(50_000) + " }}";
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            try {
                Template.parse(source, LIMITS).render(Map.of(), SnippetTableTest.NOW);
            } catch (TemplateException e) {
                assertTrue(e.getMessage().startsWith("Chat template line"), e.getMessage());
            }
        });
    }

    @Test
    void refusesBlocksThatNestWithoutBound() {
        assertThrows(TemplateException.class, () -> Template.parse("{% if 1 %}".repeat(50_000), LIMITS));
        assertThrows(
                TemplateException.class,
                () -> Template.parse("{% for x in y %}".repeat(500) + "{% endfor %}".repeat(500), LIMITS));
    }

    @Test
    void namesTheLineAndTheConstruct() {
        assertMessage("a\n\n{{ 'x'|shuffle }}", "Chat template line [3]: there is no filter named [shuffle]");
        assertMessage("\n{% if x is shiny %}{% endif %}", "Chat template line [2]: there is no test named [shiny]");
        assertMessage("{# a\n\n #}\n{{ x.y.z }}", "Chat template line [4]: [x] is undefined");
        assertMessage("a\n{% include 'b' %}", "Chat template line [2]: the statement [include] is not supported");
        assertMessage("{{ messages\n.append(1) }}", "Chat template line [2]: [list.append] would change its value");
        assertMessage("a\n{% for x in y recursive %}{% endfor %}", "Chat template line [2]: [recursive] loops");
        assertMessage("{{ 'x' % 1 }}", "Chat template line [1]: formatting a string with [%] is not supported");
        assertMessage("{{ 'x'.encode() }}", "Chat template line [1]: the string method [encode] is not supported");
        assertMessage("\n\n{% if x %}", "Chat template line [3]: a block is not closed");
    }

    private static void assertMessage(String source, String beginning) {
        TemplateException error = assertThrows(
                TemplateException.class,
                () -> Template.parse(source).render(Map.of("messages", List.of()), SnippetTableTest.NOW));
        assertTrue(error.getMessage().startsWith(beginning), error.getMessage());
    }

    @Property(tries = 1500)
    void neverFailsInAnotherWay(@ForAll @StringLength(max = 60) @TemplateLike String source) {
        renderOrRefuse(source);
    }

    @Property(tries = 1500)
    void survivesDamageToRealTemplates(
            @ForAll("sources") String source,
            @ForAll @DoubleRange(max = 1) double at,
            @ForAll @IntRange(max = 12) int removed,
            @ForAll @StringLength(max = 4) @TemplateLike String inserted) {
        int begin = (int) (at * source.length());
        int end = Math.min(source.length(), begin + removed);
        renderOrRefuse(source.substring(0, begin) + inserted + source.substring(end));
    }

    @Provide
    Arbitrary<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        for (String name : List.of("qwen3", "llama-3.1", "gemma-3", "mistral-nemo", "hermes-3-tools", "gpt-oss")) {
            sources.add(TemplateTableTest.source(name));
        }
        return Arbitraries.of(sources);
    }

    private static void renderOrRefuse(String source) {
        Map<String, Object> message = Map.of("role", "user", "content", "text");
        Map<String, Object> variables = Map.of("messages", List.of(message), "s", "text", "l", List.of(1, "a"));
        try {
            Template.parse(source, LIMITS).render(variables, SnippetTableTest.NOW);
        } catch (TemplateException e) {
            assertTrue(e.line() >= 1);
        }
    }

    @Example
    void refusesJavaObjectsAsVariables() {
        IllegalArgumentException error = assertThrows(
                IllegalArgumentException.class,
                () -> Template.parse("").render(Map.of("x", new Object()), SnippetTableTest.NOW));
        assertTrue(error.getMessage().contains("[java.lang.Object]"));
    }
}
