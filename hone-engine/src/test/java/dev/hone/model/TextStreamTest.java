package dev.hone.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class TextStreamTest {
    private static final GoldenLines GOLDEN = GoldenLines.small();
    private static final Tokenizer TOKENIZER = GOLDEN.tokenizer("smollm");

    @Provide
    Arbitrary<int[]> ids() {
        int size = TOKENIZER.vocabularySize();
        Arbitrary<Integer> id = Arbitraries.oneOf(Arbitraries.integers().between(0, size - 1), bytes());
        return id.array(int[].class).ofMaxSize(300);
    }

    /** Tokens of one byte: most sequences are not UTF-8. */
    private static Arbitrary<Integer> bytes() {
        List<Integer> single = IntStream.range(0, TOKENIZER.vocabularySize())
                .filter(id -> String.valueOf(TOKENIZER.token(id)).length() == 1)
                .boxed()
                .toList();
        return Arbitraries.of(single);
    }

    @Property(tries = 300)
    void piecesJoinedAreTheWhole(@ForAll("ids") int[] ids, @ForAll boolean skipSpecial) {
        TextStream stream = TOKENIZER.stream(skipSpecial);
        StringBuilder joined = new StringBuilder();
        for (int id : ids) {
            joined.append(stream.add(id));
        }
        joined.append(stream.finish());
        assertEquals(TOKENIZER.decode(ids, skipSpecial), joined.toString());
    }

    @Test
    void textComesAsSoonAsItIsCertainAndNeverHalfACharacter() {
        int waited = 0;
        for (JsonNode line : GOLDEN.lines()) {
            int[] ids = GoldenLines.ids(line);
            String whole = TOKENIZER.decode(ids, false);
            if (!line.path("pre").asString().equals("smollm") || whole.contains("\uFFFD") || ids.length > 200) {
                continue;
            }
            TextStream stream = TOKENIZER.stream(false);
            StringBuilder joined = new StringBuilder();
            for (int i = 0; i < ids.length; i++) {
                String piece = stream.add(ids[i]);
                assertFalse(piece.contains("\uFFFD"), piece);
                joined.append(piece);
                String certain =
                        TOKENIZER.decode(Arrays.copyOf(ids, i + 1), false).replaceFirst("\uFFFD+$", "");
                assertEquals(certain, joined.toString());
                waited += piece.isEmpty() ? 1 : 0;
            }
            assertEquals("", stream.finish());
        }
        assertTrue(waited > 100, "characters of several tokens: [" + waited + "] times nothing was certain");
    }

    @Test
    void whatIsNotTextIsNotHeldBackForEver() {
        int continuation = byteToken(0xA9);
        for (int garbage = 50; garbage < 80; garbage++) {
            int[] ids = new int[garbage + 40];
            Arrays.fill(ids, continuation);
            ids[garbage] = byteToken(0xC3);
            TextStream stream = TOKENIZER.stream(false);
            StringBuilder joined = new StringBuilder();
            for (int i = 0; i < ids.length; i++) {
                joined.append(stream.add(ids[i]));
                assertTrue(i - joined.length() < 70, "held back: [" + (i - joined.length()) + "]");
            }
            joined.append(stream.finish());
            assertEquals(TOKENIZER.decode(ids, false), joined.toString(), "after [" + garbage + "]");
        }
    }

    /** The token of one byte above 0xA1, which a byte-level vocabulary writes as that character. */
    private static int byteToken(int value) {
        return TOKENIZER.id(Character.toString(value)).orElseThrow();
    }

    @Test
    void halfACharacterAtTheEndIsTheReplacementCharacter() {
        int[] rocket = TOKENIZER.encode("\uD83E\uDEB8");
        TextStream stream = TOKENIZER.stream(false);
        for (int i = 0; i < rocket.length - 1; i++) {
            assertEquals("", stream.add(rocket[i]));
        }
        assertEquals("\uFFFD", stream.finish());
        assertEquals("", stream.finish());
    }
}
