package dev.hone.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

final class JsonBodyTest {
    @Test
    void utf8IsTaken() {
        assertNull(JsonBody.encodingFlaw(new byte[0]));
        assertNull(JsonBody.encodingFlaw("{\"a\":\"hé \ud83d\ude00 \uffff\"}".getBytes(StandardCharsets.UTF_8)));
        assertNull(
                JsonBody.encodingFlaw(("\"" + "\ud83d\ude00é".repeat(10_000) + "\"").getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
    void otherEncodingsAreTold(String charset) {
        String flaw = String.valueOf(JsonBody.encodingFlaw("{\"a\":1}".getBytes(Charset.forName(charset))));
        assertTrue(flaw.contains("is zero"), flaw);
    }

    /** What lenient parsers take: overlong forms, halves of characters, numbers beyond the last character; and what is cut off. */
    @ParameterizedTest
    @CsvSource({
        "C080,2,C0",
        "C1BF,2,C1",
        "E08080,2,E0",
        "EDA080,2,ED A0 80",
        "EDBFBF,2,ED BF BF",
        "FF,2,FF",
        "E282,2,E2 82",
        "80,2,80",
        "61C3,3,C3"
    })
    void whatIsNoCharacterIsToldWithItsPlace(String bytes, int offset, String shown) {
        byte[] body = HexFormat.of().parseHex("2022" + bytes);
        assertEquals(
                "The body must be JSON in UTF-8: at byte [%d] stands [%s], which is no character"
                        .formatted(offset, shown),
                JsonBody.encodingFlaw(body));
    }

    @Test
    void thePlaceIsRightBehindALongText() {
        byte[] body = ("\"" + "é".repeat(40_000) + "  \"").getBytes(StandardCharsets.UTF_8);
        body[80_001] = (byte) 0xc0;
        body[80_002] = (byte) 0x80;
        assertTrue(String.valueOf(JsonBody.encodingFlaw(body)).contains("at byte [80001]"));
    }

    private static JsonBody.Flaw flaw(String body) {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(20)
                        .maxStringLength(50_000)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        byte[] bytes = body.replace("DIGITS", "9".repeat(5_000))
                .replace("NAME", "n".repeat(60_000))
                .replace("TEXT", "t".repeat(60_000))
                .replace("DEEP", "[".repeat(30))
                .getBytes(StandardCharsets.UTF_8);
        assertThrows(
                JacksonException.class,
                () -> JsonMapper.builder(factory).build().readTree(bytes));
        JsonBody.Flaw flaw = JsonBody.flaw(factory, bytes);
        for (String inside : List.of("`", "Source", "REDACTED", "Feature", "tools.jackson", "StreamRead")) {
            assertFalse(flaw.message().contains(inside), flaw.message());
        }
        assertTrue(flaw.message().length() < 400, flaw.message());
        return flaw;
    }

    /** The parser reads a number with the name before it, and tells a name that it did not read by the one before. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"m\",\"a\":DIGITS}|a|[a] is a number that is too long: it may have [1000] digits",
                "{\"a\":DIGITS}|a|[a] is a number that is too long: it may have [1000] digits",
                "{\"a\":{\"b\":[1,{\"c\":-DIGITS}]}}|a.b[1].c|[a.b[1].c] is a number that is too long: it may have [1000] digits",
                "[{\"value\":1},{\"value\":1e1,\"x\":[[0,DIGITS]]}]|[1].x[0][1]|[[1].x[0][1]] is a number that is too long: it may have [1000] digits",
                "{\"model\":\"m\",\"NAME\":1}|BEGINS|The body has a name that is too long, [BEGINS]: it may have [50000] characters",
                "{\"a\":{\"b\":1,\"NAME\":1}}|a|[a] has a name that is too long: it may have [50000] characters",
                "{\"a\":{\"b\":[{\"c\":1},{\"NAME\":1}]}}|a.b[1]|[a.b[1]] has a name that is too long: it may have [50000] characters",
                "{\"a\":{\"b\":DEEP}}|a|[a] is deeper than [20] levels"
            })
    void whatIsTooLongOrDeepIsTheRightField(String body, String place, String message) {
        String begins = "n".repeat(100) + "…";
        assertEquals(new JsonBody.Flaw(place.replace("BEGINS", begins), message.replace("BEGINS", begins)), flaw(body));
    }

    /** A parser's advice about its own switches is nobody's business. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"a\":+1}|near byte",
                "{\"a\":.5}|near byte",
                "{\"a\":01}|Leading zero",
                "{'a':1}|was expecting double-quote",
                "{\"a\":1,}|was expecting double-quote",
                "[1,]|near byte [4]",
                "{\"a\":1]|near byte",
                "{\"a\":[1}|near byte",
                "{/* b */\"a\":1}|near byte",
                "{\"a\":\"\\x\"}|near byte",
                "{\"a\":1,\"a\":2}|Duplicate",
                "{\"a\":\"b|it ends at byte [7]",
                "{\"a\":[1,|it ends at byte [8]",
                "{\"a\":1} x|near byte",
                "{\"a\":1} {}|goes on after its JSON",
                "Feature|no JSON"
            })
    void whatIsNoJsonIsToldInPlainWords(String body, String said) {
        JsonBody.Flaw flaw = flaw(body);
        assertNull(flaw.place());
        assertTrue(flaw.message().contains(said), flaw.message());
    }

    /** What stands there instead of a value is of the field that should have one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"a\":NaN}|a|[a] is no JSON near byte",
                "{\"a\":1,\"b\":{\"c\":[1,-Infinity]}}|b.c[1]|Non-standard token",
                "{\"a\":tru}|a|Unrecognized token",
                "[{\"a\":1},{\"a\":nil}]|[1].a|Unrecognized token"
            })
    void aValueThatIsNoneIsToldWithItsPlace(String body, String place, String said) {
        JsonBody.Flaw flaw = flaw(body);
        assertEquals(place, flaw.place());
        assertTrue(flaw.message().contains(said), flaw.message());
    }

    @Test
    void aMarkOfTheByteOrderIsTold() {
        String flaw = String.valueOf(JsonBody.encodingFlaw("\ufeff{}".getBytes(StandardCharsets.UTF_8)));
        assertTrue(flaw.contains("byte order mark"), flaw);
    }
}
