package dev.hone.capture.redact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class RedactionTest {
    private static final Redaction ALL = new Redaction(all());

    private static List<Finder> all() {
        List<Finder> finders = new ArrayList<>(Secrets.finders());
        finders.addAll(List.of(Finder.email(), new Phone(List.of("US", "DE")), Finder.card(), Finder.iban()));
        finders.add(Finder.custom("CASE", "\\bCASE-[0-9]{4,8}\\b"));
        return finders;
    }

    private static String redacted(String text) {
        return ALL.text(text, new Pseudonyms());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "write to ann.o'neil+x@mail.example.co.uk, please | write to <EMAIL_1>, please",
                "Ann <ann@example.com> and BOB@EXAMPLE.COM | Ann <<EMAIL_1>> and <EMAIL_2>",
                "jürgen@müller.de schrieb | <EMAIL_1> schrieb",
                "ann@example.com, later Ann@Example.com | <EMAIL_1>, later <EMAIL_1>",
                "call +49 30 901820 or (212) 555-2368 now | call <PHONE_1> or <PHONE_2> now",
                "call 030 901820 | call <PHONE_1>",
                "card 4111 1111 1111 1111, 5500-0000-0000-0004 | card <CARD_1>, <CARD_2>",
                "amex 3782 822463 10005 exp 12/27 | amex <CARD_1> exp 12/27",
                "IBAN DE89 3704 0044 0532 0130 00 and GB82WEST12345698765432. | IBAN <IBAN_1> and <IBAN_2>.",
                "de89370400440532013000 is DE89 3704 0044 0532 0130 00 | <IBAN_1> is <IBAN_1>",
                "use sk-proj-abcDEF0123456789abcDEF0123 here | use <SECRET_1> here",
                "AKIAIOSFODNN7EXAMPLE | <SECRET_1>",
                "password: hunter2secret! | password: <SECRET_1>",
                "# AZURE_API_KEY=0123456789abcdef | # AZURE_API_KEY=<SECRET_1>",
                "DB_PASSWORD=correct-horse | DB_PASSWORD=<SECRET_1>",
                "client_secret: 8f2c77aa01 | client_secret: <SECRET_1>",
                "Authorization: Bearer abcdef0123456789.xyz | Authorization: Bearer <SECRET_1>",
                "jdbc:postgresql://me:s3cret@db/x | jdbc:postgresql://me:<SECRET_1>@db/x",
                "see CASE-1234 and CASE-12 | see <CASE_1> and CASE-12",
            })
    void isReplacedByItsKind(String text, String expected) {
        assertEquals(expected, redacted(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "the answer is 42, not 4.2e10",
                "4111 1111 1111 1112 fails its check digit",
                "on 2026-11-26 at 12:30:59",
                "DE89 3704 0044 0532 0130 01 fails its check digits",
                "a@b is no address, nor @here",
                "version 1.2.3.4 build 20261126",
                "order 123456789012345678901234567890",
                "UUID 018f4e2a-7b1c-7def-8a90-1234567890ab",
                "the token is short",
                "{\"name\":\"book\",\"arguments\":{\"city\":\"Rome\",\"nights\":3}}",
            })
    void isLeftAlone(String text) {
        assertEquals(text, redacted(text));
    }

    /** What begins like a picture is none for that. */
    @Test
    void onlyAWholePictureIsLeftAsItIs() {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        Redaction emails = kinds.redaction();
        for (String hidden : List.of(
                "data: write to ann@example.com",
                "data:image/png;base64,iVBORw0KGgo= and ann@example.com",
                "data:text/plain,ann@example.com")) {
            String seen = emails.json(JsonMapper.shared().getNodeFactory().stringNode(hidden), new Pseudonyms())
                    .stringValue();
            assertFalse(seen.contains("ann@"), seen);
        }
        String picture = "data:image/png;base64,iVBORw0KGgo=";
        assertEquals(
                picture,
                emails.json(JsonMapper.shared().getNodeFactory().stringNode(picture), new Pseudonyms())
                        .stringValue());
    }

    @Test
    void aPrivateKeyGoesWhole() {
        String key = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\ndef==\n-----END RSA PRIVATE KEY-----";
        assertEquals("x <SECRET_1> y", redacted("x " + key + " y"));
    }

    @Test
    void callsOfAnEpisodeShareTheirTokens() {
        Pseudonyms episode = new Pseudonyms();
        assertEquals("<EMAIL_1>", ALL.text("a@example.com", episode));
        assertEquals("<EMAIL_2> <EMAIL_1>", ALL.text("b@example.com a@example.com", episode));
        assertEquals("<EMAIL_1>", ALL.text("b@example.com", new Pseudonyms()));
    }

    /** Somebody who writes a token gets it back, and not what another text's token stands for. */
    @Test
    void aTokenThatStandsThereMeansItself() {
        Pseudonyms episode = new Pseudonyms();
        assertEquals("<EMAIL_1> is not <EMAIL_2>", ALL.text("<EMAIL_1> is not a@example.com", episode));
        assertEquals("<EMAIL_1> is not a@example.com", restored("<EMAIL_1> is not <EMAIL_2>", episode, 100));
    }

    private static String restored(String text, Pseudonyms pseudonyms, int piece) {
        Restorer restorer = new Restorer(pseudonyms);
        StringBuilder restored = new StringBuilder();
        for (int i = 0; i < text.length(); i += piece) {
            restored.append(restorer.push(text.substring(i, Math.min(i + piece, text.length()))));
        }
        return restored.append(restorer.end()).toString();
    }

    @Test
    void whatIsPutBackIsWhatWasThereHoweverTheAnswerIsCut() {
        List<String> parts = List.of(
                "a@example.com",
                "+49 30 901820",
                "4111 1111 1111 1111",
                "DE89 3704 0044 0532 0130 00",
                " and ",
                "<",
                "<EMAIL_",
                ">",
                " 1 ",
                "<B>",
                "x<y",
                "CASE-12345",
                "\n");
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 8; i++) {
                text.append(parts.get(random.nextInt(parts.size()))).append(' ');
            }
            Pseudonyms pseudonyms = new Pseudonyms();
            String redacted = ALL.text(text.toString(), pseudonyms);
            for (int piece : new int[] {1, 2, 3, 7, 1000}) {
                assertEquals(text.toString(), restored(redacted, pseudonyms, piece), "seed " + seed);
            }
            assertEquals(redacted, ALL.text(redacted, pseudonyms), "what has tokens is not changed again");
        }
    }

    @Test
    void everyTextOfADocumentIsLookedAt() {
        JsonNode request = JsonMapper.shared().readTree("""
                {"model":"gpt","messages":[{"role":"user","content":[{"type":"text","text":"I am a@example.com"},
                 {"type":"image_url","image_url":{"url":"data:image/png;base64,aGVsbG8="}}]},
                 {"role":"assistant","content":null,"tool_calls":[{"function":{"name":"find","arguments":
                 "{\\"mail\\":\\"a@example.com\\"}"}}]}],"n":1,"metadata":{"card":4111111111111111,"b@example.com":true}}
                """);
        JsonNode redacted = ALL.json(request, new Pseudonyms());
        assertEquals("I am <EMAIL_1>", redacted.at("/messages/0/content/0/text").stringValue());
        assertEquals(
                "data:image/png;base64,aGVsbG8=",
                redacted.at("/messages/0/content/1/image_url/url").stringValue());
        assertEquals(
                "{\"mail\":\"<EMAIL_1>\"}",
                redacted.at("/messages/1/tool_calls/0/function/arguments").stringValue());
        assertTrue(redacted.at("/messages/1/content").isNull());
        assertEquals(1, redacted.path("n").intValue());
        assertEquals("<CARD_1>", redacted.at("/metadata/card").stringValue());
        assertTrue(redacted.path("metadata").has("<EMAIL_2>"));
        assertFalse(redacted.toString().contains("example.com"));
    }

    @Test
    void hostileTextsTakeTimeInProportion() {
        Random random = new Random(2);
        List<String> hostile = List.of(
                "a".repeat(500_000),
                "a@".repeat(200_000),
                "a.".repeat(200_000) + "@",
                "1 ".repeat(200_000),
                "4111-".repeat(100_000),
                "DE89 ".repeat(100_000),
                "<EMAIL_1>".repeat(50_000),
                "password:".repeat(50_000),
                "-----BEGIN PRIVATE KEY-----".repeat(20_000),
                random.ints(300_000, '0', 'z')
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
        for (String text : hostile) {
            assertTimeoutPreemptively(Duration.ofSeconds(30), () -> redacted(text), text.substring(0, 20));
        }
    }

    /** The kinds that are left out are found: the test above sees finders that look away. */
    @Test
    void withoutFindersEverythingStays() {
        assertEquals("a@example.com", new Redaction(List.of()).text("a@example.com", new Pseudonyms()));
        assertTrue(new Redaction(List.of()).isEmpty());
    }

    @Test
    void wrongKindsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Finder.custom("lower", "x"));
        assertThrows(IllegalArgumentException.class, () -> Finder.custom("OPEN", "("));
        assertThrows(IllegalArgumentException.class, () -> Finder.custom("ALL", "x*"));
        assertThrows(IllegalArgumentException.class, () -> new Phone(List.of("Germany")));
    }

    @Test
    void moreThanCanBeToldApartAreStillReplaced() {
        Pseudonyms pseudonyms = new Pseudonyms();
        for (int i = 0; i < Pseudonyms.MOST; i++) {
            ALL.text("x" + i + "@example.com", pseudonyms);
        }
        assertEquals("<EMAIL_0>", ALL.text("one.more@example.com", pseudonyms));
        assertEquals("<EMAIL_1>", ALL.text("x0@example.com", pseudonyms));
        assertEquals("<EMAIL_0>", new Restorer(pseudonyms).whole("<EMAIL_0>"));
    }

    private static Redaction letters() {
        return new Redaction(List.of(Finder.custom("WORD", "[a-z]+")));
    }

    /** A text that is too long to be held has a token, one and the same, which stays in the answer. */
    @Test
    void whatIsTooLongIsReplacedAndNotPutBack() {
        AtomicLong held = new AtomicLong();
        Pseudonyms pseudonyms = new Pseudonyms(held::addAndGet);
        String longest = "a".repeat(Pseudonyms.LONGEST);
        String longer = "b".repeat(1_000_000);
        assertEquals("<WORD_1>", letters().text(longest, pseudonyms));
        long before = held.get();
        assertEquals("<WORD_2>", letters().text(longer, pseudonyms));
        assertEquals("<WORD_3>", letters().text(longer + "b", pseudonyms));
        assertEquals("<WORD_2>", letters().text(longer, pseudonyms));
        assertTrue(held.get() - before < 2_000, held + " bytes");
        assertEquals(longest + "<WORD_2>", new Restorer(pseudonyms).whole("<WORD_1><WORD_2>"));
    }

    /** However many, and also tokens that a caller writes. */
    @Test
    void anEpisodeTakesABoundedNumberOfBytes() {
        AtomicLong held = new AtomicLong();
        Pseudonyms pseudonyms = new Pseudonyms(held::addAndGet);
        String word = "w".repeat(Pseudonyms.LONGEST - 10);
        String last = "";
        for (int i = 0; i < 1_000; i++) {
            last = letters()
                    .text(
                            word
                                    + "abcdefghij".charAt(i / 100)
                                    + "abcdefghij".charAt(i / 10 % 10)
                                    + "abcdefghij".charAt(i % 10),
                            pseudonyms);
        }
        assertEquals("<WORD_0>", last);
        assertTrue(held.get() > Pseudonyms.MOST_BYTES / 2 && held.get() <= Pseudonyms.MOST_BYTES, held + " bytes");
        pseudonyms.release();
        assertEquals(0, held.get());
        Pseudonyms written = new Pseudonyms(held::addAndGet);
        letters()
                .text(
                        IntStream.range(0, 30_000)
                                .mapToObj("<WORD_%d>"::formatted)
                                .collect(Collectors.joining()),
                        written);
        assertTrue(held.get() <= Pseudonyms.MOST_BYTES, held + " bytes");
        assertEquals("<WORD_0>", letters().text("word", written), "a token that somebody wrote is never made");
    }
}
