package dev.hone.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FormatsTest {
    /** Of a dialect in which formats count. */
    static SchemaRegistry asserting() {
        return SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder()
                        .formatAssertionsEnabled(true)
                        .build()));
    }

    private static final SchemaRegistry REGISTRY = asserting();
    private static final Map<String, Schema> REFERENCES = new HashMap<>();

    private static boolean isValid(String format, String text) {
        return isValidJson(format, "\"" + text + "\"");
    }

    private static boolean isValidJson(String format, String json) {
        return REFERENCES
                .computeIfAbsent(
                        format, name -> REGISTRY.getSchema("{\"type\":\"string\",\"format\":\"%s\"}".formatted(name)))
                .validate(json, InputFormat.JSON)
                .isEmpty();
    }

    private static boolean accepts(String format, String text) {
        return GrammarTest.accepts(
                Grammar.ofSchema("{\"type\":\"string\",\"format\":\"%s\"}".formatted(format)), "\"" + text + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "date, 2024-02-29, true",
        "date, 2023-02-29, false",
        "date, 2000-02-29, true",
        "date, 1900-02-29, false",
        "date, 2023-04-31, false",
        "date, 2023-13-01, false",
        "date, 23-01-01, false",
        "time, 23:59:59Z, true",
        "time, 12:00:00.5+02:00, true",
        "time, 12:00:00, false",
        "time, 24:00:00Z, false",
        "date-time, 2024-02-29T12:00:00Z, true",
        "date-time, 2024-02-29 12:00:00Z, false",
        "date-time, 2023-02-29T12:00:00Z, false",
        "email, ada.lovelace+x@mail.example.com, true",
        "email, ada@example.co.uk, true",
        "email, ada@localhost, false",
        "email, ada@@example.com, false",
        "email, ada@-example.com, false",
        "email, .ada@example.com, false",
        "uuid, 0190163d-8694-739b-aea5-966c26f8ad91, true",
        "uuid, 0190163d8694739baea5966c26f8ad91, false",
        "ipv4, 255.10.0.1, true",
        "ipv4, 256.10.0.1, false",
        "ipv4, 01.2.3.4, false",
        "ipv4, 1.2.3, false"
    })
    void textsOfAFormatAreAcceptedAndNoOthers(String format, String text, boolean accepted) {
        assertEquals(accepted, accepts(format, text));
        assertTrue(!accepted || isValid(format, text), "stricter than the reference");
    }

    @Test
    void everyDateOfFourCenturiesIsJudgedAsTheCalendarDoes() {
        Automaton dates = Formats.of("date", "#");
        for (LocalDate date = LocalDate.of(1899, 12, 31); date.getYear() < 2300; date = date.plusDays(1)) {
            assertTrue(dates.accepts(date.toString()), date.toString());
        }
        int accepted = 0;
        for (int year = 1890; year < 2310; year++) {
            for (int day = 0; day < 40; day++) {
                for (int month = 0; month < 14; month++) {
                    accepted += dates.accepts("%04d-%02d-%02d".formatted(year, month, day)) ? 1 : 0;
                }
            }
        }
        assertEquals(
                LocalDate.of(2310, 1, 1).toEpochDay() - LocalDate.of(1890, 1, 1).toEpochDay(), accepted);
    }

    @Test
    void everyTopLevelDomainIsOneThatTheReferenceKnows() {
        Automaton emails = Formats.of("email", "#");
        int accepted = 0;
        for (char a = 'a'; a <= 'z'; a++) {
            for (char b = 'a'; b <= 'z'; b++) {
                String email = "ada@example." + a + b;
                if (emails.accepts(email)) {
                    accepted++;
                    assertTrue(isValid("email", email), email);
                }
            }
        }
        assertTrue(accepted > 240, "only " + accepted + " countries");
        for (String top :
                "com org net edu gov mil int info biz name pro app dev cloud online shop site store tech xyz club"
                        .split(" ")) {
            assertTrue(emails.accepts("ada@example." + top) && isValid("email", "ada@example." + top), top);
        }
    }

    @Test
    void whatIsWrittenOfAFormatTheReferenceAccepts() {
        Random random = new Random(1);
        for (String format : Formats.names()) {
            Grammar grammar = Grammar.ofSchema("{\"type\":\"string\",\"format\":\"%s\"}".formatted(format));
            int written = 0;
            for (int i = 0; i < 150; i++) {
                String text = ReferenceValidatorTest.write(grammar, random);
                if (text != null) {
                    written++;
                    assertTrue(isValidJson(format, text), format + " " + text);
                }
            }
            assertTrue(written > 120, format + ": only " + written);
        }
    }
}
