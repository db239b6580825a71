package dev.hone.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonBodyTest {
    @Test
    void utf8IsTaken() {
        assertNull(JsonBody.encodingFlaw(new byte[0]));
        assertNull(JsonBody.encodingFlaw("{\"a\":\"hé \ud83d\ude00 \uffff\"}".getBytes(StandardCharsets.UTF_8)));
        assertNull(JsonBody.encodingFlaw(("\"" + "\ud83d\ude00é".repeat(10_000) + "\"").getBytes(StandardCharsets.UTF_8)));
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
                "The body must be JSON in UTF-8: at byte [%d] stands [%s], which is no character".formatted(offset, shown),
                JsonBody.encodingFlaw(body));
    }

    @Test
    void thePlaceIsRightBehindALongText() {
        byte[] body = ("\"" + "é".repeat(40_000) + "  \"").getBytes(StandardCharsets.UTF_8);
        body[80_001] = (byte) 0xc0;
        body[80_002] = (byte) 0x80;
        assertTrue(String.valueOf(JsonBody.encodingFlaw(body)).contains("at byte [80001]"));
    }

    @Test
    void aMarkOfTheByteOrderIsTold() {
        String flaw = String.valueOf(JsonBody.encodingFlaw("\ufeff{}".getBytes(StandardCharsets.UTF_8)));
        assertTrue(flaw.contains("byte order mark"), flaw);
    }
}
