package dev.hone.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.redact.Pseudonyms;
import dev.hone.capture.route.Retries;
import dev.hone.capture.upstream.Price;
import dev.hone.capture.upstream.Upstream;
import dev.hone.record.Retention;
import dev.hone.record.SamplingMode;
import dev.hone.settings.Fields;
import dev.hone.settings.SettingsException;
import dev.hone.settings.YamlReader;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the gateway reads from files. */
final class SettingsTest {
    private static final String HONE = """
            port: 9000
            retention: {content: 90d, facts: 400d}
            durability: strict
            most-mebibytes: 4
            upstreams:
              openai:
                url: https://api.openai.com/v1
                key: OPENAI_API_KEY
                silence: 45s
              own:
                url: http://127.0.0.1:8000/v1
            """;
    private static final String SERVING = """
            variants:
              incumbent: {upstream: openai, model: gpt-4.1-mini, weight: 9}
              tuned: {upstream: own, model: support}
            fallback: [incumbent]
            retries: {again: 1, first-pause: 100ms, longest-pause: 2s, deadline: 30s}
            redaction:
              email:
              phone: [DE]
              TICKET: "T-[0-9]+"
            """;

    private static GatewaySettings settings(String text) {
        return GatewaySettings.read("hone.yaml", text, Map.of("OPENAI_API_KEY", "sk-1 "));
    }

    private static Serving serving(String text) {
        Fields fields = Fields.of(
                "use-cases/support.yaml",
                YamlReader.read("use-cases/support.yaml", text),
                "A charter",
                ServingReader.KEYS);
        return ServingReader.read("support", fields);
    }

    @Test
    void theGatewaysFileIsUnderstood() {
        GatewaySettings settings = settings(HONE);
        assertEquals("127.0.0.1", settings.host());
        assertEquals(9000, settings.port());
        assertEquals(4 << 20, settings.options().mostRequestBytes());
        assertTrue(settings.options().strict());
        assertEquals(new Retention(90, 400), settings.retention());
        assertTrue(!settings.keys(), "programs of this machine need no key");
        assertTrue(settings("host: 0.0.0.0\n" + HONE).keys());
        assertTrue(settings("host: 127.0.0.1.example.com\n" + HONE).keys());
        assertTrue(!settings("host: 0.0.0.0\nkeys: none\n" + HONE).keys());
        assertTrue(settings("keys: required\n" + HONE).keys());
        assertEquals(
                URI.create("https://api.openai.com/v1"),
                settings.upstreams().getFirst().base());
        assertEquals("sk-1", settings.upstreams().getFirst().key());
        assertEquals(Duration.ofSeconds(45), settings.upstreams().getFirst().silence());
        assertNull(settings.upstreams().getLast().key());
        assertTrue(!settings.toString().contains("sk-1"), "keys are not shown");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: {upstream: u, model: m}, b: {upstream: u, model: n, weight: 0} | x | [b] of weight 0",
                "a: {upstream: u, model: m, redacted: true} | x | no [redaction]",
                "a: {upstream: u, model: m} | shadow-share: 0.5 | without [shadow] or [promote]",
            })
    void whatWouldDoNothingIsRefusedWithARemedy(String variants, String more, String said) {
        String text = "variants: {%s}\n%s".formatted(variants, more.equals("x") ? "" : more);
        String message =
                assertThrows(SettingsException.class, () -> serving(text)).getMessage();
        assertTrue(message.contains(said) && message.contains("leave"), message);
    }

    /** Nobody is sent there by chance, and who fails falls back on it. */
    @Test
    void aWeightOfNothingIsForThoseThatAreNamed() {
        Serving serving = serving(
                "variants: {a: {upstream: u, model: m}, b: {upstream: u, model: n, weight: 0}, c: {upstream: u, model: o, weight: 0}}\nfallback: [b]\nshadow: [c]\n");
        for (int i = 0; i < 1000; i++) {
            assertEquals("a", serving.route().choose("episode " + i).name());
        }
        assertEquals(List.of("b"), serving.route().fallback());
    }

    /** Calls that do not pass here have a project and what must not be stored all the same. */
    @Test
    void whoIsOnlyToldAboutNeedsNoVariants() {
        Serving told = serving("redaction: [email]\nproject: shop\n");
        assertEquals(List.of(), told.route().variants());
        assertEquals("shop", told.project());
        assertTrue(told.redaction().finds("ann@example.com"));
        assertNull(serving("{}"));
    }

    @Test
    void pricesAndPlacesOfServersAreUnderstood() {
        GatewaySettings settings = settings("""
                currency: EUR
                heartbeat: 3s
                drain-notice: 10s
                looks: {watch: 5s, loop: 2s}
                upstreams:
                  cloud:
                    url: https://api.example.com/v1
                    prices:
                      small: {input: 0.40, cached: 0.1, output: 1.6000000000001}
                      embed: {input: 2}
                  house: {url: "http://models.internal:8000/v1", private: true, connect: 1s, most-calls: 8}
                  here: {url: "http://127.0.0.1:8000/v1"}
                  six: {url: "http://[::1]:8000/v1"}
                """);
        assertEquals("EUR", settings.currency());
        assertEquals(Duration.ofSeconds(3), settings.options().heartbeat());
        assertEquals(Duration.ofSeconds(10), settings.drainNotice());
        assertEquals(Duration.ZERO, settings(HONE).drainNotice());
        assertEquals(new Looks(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofSeconds(2)), settings.looks());
        assertEquals(Looks.STANDARD, settings(HONE).looks());
        List<Upstream> upstreams = settings.upstreams();
        assertEquals(
                List.of(false, true, true, true),
                upstreams.stream().map(Upstream::inside).toList());
        assertEquals(
                new Price(new BigDecimal("0.40"), new BigDecimal("0.1"), new BigDecimal("1.6000000000001")),
                upstreams.getFirst().prices().get("small"));
        assertEquals(
                new Price(new BigDecimal("2"), new BigDecimal("2"), BigDecimal.ZERO),
                upstreams.getFirst().prices().get("embed"));
        assertEquals(Duration.ofSeconds(1), upstreams.get(1).connect());
        assertEquals(8, upstreams.get(1).mostCalls());
        assertNull(upstreams.getFirst().mostCalls());
        assertThrows(
                SettingsException.class, () -> settings("upstreams: {a: {url: 'http://127.0.0.1:1', most-calls: 0}}"));
        assertEquals("USD", settings(HONE).currency());
        assertEquals(
                List.of(
                        new OwnModel("support", "support@live", SamplingMode.FAST, 4, 8),
                        new OwnModel("plain", "runs/plain", SamplingMode.EXACT, 1, 16)),
                settings(
                                "models: {support: {version: support@live, mode: fast, best-of: 4, rows: 8}, plain: {version: runs/plain}}")
                        .models());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "port: 9000 | looks: {wach: 5s} | did you mean [watch]",
                "port: 9000 | looks: {loop: 0s} | duration above zero",
                "port: 9000 | looks: {watch: 5ms} | is less than a second",
                "port: 9000 | looks: {watch: 5m} | write minutes as [5min]",
                "port: 9000 | currency: euro | ISO 4217",
                "port: 9000 | models: {M: {version: x}} | small letters",
                "port: 9000 | models: {m: {}} | [version] is missing",
                "port: 9000 | models: {m: {version: x, mode: quick}} | [exact] or [fast]",
                "port: 9000 | models: {m: {version: x, best-of: 9, rows: 4}} | [best-of]",
                "silence: 45s | private: maybe | neither true nor false",
                "silence: 45s | stream-usage: maybe | neither true nor false",
                "silence: 45s | stream-usages: false | did you mean [stream-usage]?",
                "silence: 45s | prices: {m: {input: -1}} | no amount but [-1]",
                "silence: 45s | prices: {m: {output: 1}} | [input] is missing",
                "silence: 45s | prices: {m: {input: 1e3}} | no amount",
                "silence: 45s | prices: {m: {input: 1, outptu: 2}} | did you mean [output]?",
                "port: 9000 | port: 99999 | [port] is [99999] in",
                "port: 9000 | port: 1e9 | [port] is [1e9] in",
                "durability: strict | durability: sometimes | [fast] or [strict]",
                "port: 9000 | prot: 9000 | did you mean [port]?",
                "key: OPENAI_API_KEY | key: OTHER_KEY | [OTHER_KEY], which is not set",
                "https://api.openai.com/v1 | ftp://api.openai.com | must be http:// or https://",
                "https://api.openai.com/v1 | https://user:secret@host/v1 | without user",
                "silence: 45s | silence: 45 | [45]",
                "own: | OWN: | small letters",
                "90d | 90 | [90d]",
                "90d | 500d | cannot be kept longer",
                "facts: | fact: | did you mean [facts]?",
            })
    void whatCannotBeFollowedIsSaidWithItsPlace(String was, String is, String expected) {
        String message = assertThrows(SettingsException.class, () -> settings(HONE.replace(was, is)))
                .getMessage();
        assertTrue(message.contains(expected) && message.contains("hone.yaml"), message);
    }

    /** Who wrote the key into the file does not find it in a log as well. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-proj-abcDEF0123456789",
                "hf_abcDEF0123456789",
                "gsk_abc0123456789",
                "0123456789abcdef",
                "AKIAIOSFODNN7EXAMPLE",
                "abc def"
            })
    void aKeyInPlaceOfAVariablesNameIsNotRepeated(String key) {
        String message = assertThrows(
                        SettingsException.class,
                        () -> settings(HONE.replace("key: OPENAI_API_KEY", "key: \"%s\"".formatted(key))))
                .getMessage();
        assertTrue(message.contains("[key]") && message.contains("environment variable"), message);
        assertFalse(message.contains(key), message);
    }

    @Test
    void howAUseCaseIsServedIsUnderstood() {
        Serving serving = serving(SERVING);
        assertEquals(List.of("incumbent"), serving.route().fallback());
        assertEquals(9, serving.route().variant("incumbent").weight());
        assertEquals(1, serving.route().variant("tuned").weight());
        assertEquals(
                new Retries(
                        1,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(15)),
                serving.route().retries());
        assertEquals(
                "<EMAIL_1> <PHONE_1> <TICKET_1>",
                serving.redaction().text("a@example.com 030 901820 T-7", new Pseudonyms()));
        assertTrue(serving("variants: {a: {upstream: u, model: m}}").redaction().isEmpty());
        Serving shadowed = serving(
                "variants: {a: {upstream: u, model: m}, b: {upstream: u, model: n, weight: 0, redacted: true}}\nredaction: [email]\nshadow: [b]\nshadow-share: 0.25\nproject: labs\nretries: {total: 3min}");
        assertEquals(List.of("b"), shadowed.route().shadows());
        assertEquals(0.25, shadowed.shadowShare());
        assertEquals("labs", shadowed.project());
        assertEquals(Duration.ofMinutes(3), shadowed.route().retries().deadline(), "no longer than the whole");
        assertTrue(shadowed.route().variant("b").redacted()
                && !shadowed.route().variant("a").redacted());
        assertEquals(Duration.ofMinutes(3), shadowed.route().retries().total());
        assertEquals("default", serving(SERVING).project());
        assertEquals(
                "<CARD_1>",
                serving("variants: {a: {upstream: u, model: m}}\nredaction: [card]")
                        .redaction()
                        .text("4111 1111 1111 1111", new Pseudonyms()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "weight: 9 | weight: -1 | 0 or more",
                "weight: 9 | redacted: perhaps | neither true nor false",
                "fallback: [incumbent] | shadow: [tund] | [tund]",
                "fallback: [incumbent] | project: My Project | small letters",
                "fallback: [incumbent] | fallback: [incumbnt] | [incumbnt]",
                "upstream: own, | '' | [upstream] is missing",
                "again: 1 | again: 50 | [0] to [10]",
                "email: | emial: | [emial]",
                "[DE] | [Germany] | [Germany]",
                "T-[0-9]+ | T-[ | RE2",
                "variants: | variant: | did you mean [variants]?",
            })
    void whatCannotServeIsSaid(String was, String is, String expected) {
        String message = assertThrows(IllegalArgumentException.class, () -> serving(SERVING.replace(was, is)))
                .getMessage();
        assertTrue(message.contains(expected) && message.contains("support.yaml"), message);
    }

    /** It was told at the line of the variants, and of the gateway's file at none. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[email, emial] | line 2",
                "NL- email NL- emial | line 4",
                "NL  email: NL  emial: | line 4",
                "NL  TICKET: \"T-[\" | line 3",
                "NL  phone: [Germany] | line 3"
            })
    void aWrongKindIsToldWhereItStands(String redaction, String line) {
        String text =
                "redaction: %s\n".formatted(redaction.replace(" NL", "\n ").replace("NL", "\n "));
        for (SettingsException e : List.of(
                assertThrows(SettingsException.class, () -> serving("variants: {a: {upstream: u, model: m}}\n" + text)),
                assertThrows(SettingsException.class, () -> settings("currency: EUR\n" + text + HONE)))) {
            assertTrue(e.getMessage().startsWith("[redaction] cannot be: "), e.getMessage());
            assertTrue(e.getMessage().contains(line + ";"), e.getMessage());
        }
    }

    @Test
    void servingNeedsVariants() {
        assertThrows(SettingsException.class, () -> serving("fallback: [a]"));
        assertThrows(SettingsException.class, () -> serving("variants: {}"));
    }
}
