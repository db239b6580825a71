package dev.hone.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.tensor.GgufMetadata;
import dev.hone.tensor.GgufValue;
import dev.hone.tensor.ModelFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class GgufTokenizerTest {
    private final SequencedMap<String, GgufValue> values =
            new LinkedHashMap<>(GoldenLines.small().metadata("smollm").values());

    private String refused() {
        return assertThrows(ModelFileException.class, this::json).getMessage();
    }

    private String json() {
        return GgufTokenizer.toJson(new GgufMetadata(Path.of("x.gguf"), values));
    }

    private static GgufValue texts(String... texts) {
        return new GgufValue.Array(
                Arrays.stream(texts).<GgufValue>map(GgufValue.Text::new).toList());
    }

    private static GgufValue wholes(long... wholes) {
        return new GgufValue.Array(
                Arrays.stream(wholes).<GgufValue>mapToObj(GgufValue.Whole::new).toList());
    }

    @Test
    void anUnknownPreTokenizerIsRefusedByName() {
        values.put("tokenizer.ggml.pre", new GgufValue.Text("tekken"));
        assertTrue(refused().contains("cuts words by [tekken]; supported are [gpt-2, smollm,"), refused());
        values.remove("tokenizer.ggml.pre");
        assertTrue(refused().contains("cuts words by [default]"), refused());
    }

    @Test
    void anotherKindOfTokenizerIsRefusedByName() {
        values.put("tokenizer.ggml.model", new GgufValue.Text("llama"));
        assertTrue(refused().contains("kind [llama]; supported is [gpt2]"), refused());
    }

    @Test
    void partsThatDoNotFitAreRefused() {
        values.put("tokenizer.ggml.tokens", texts("a", "b", "a"));
        values.put("tokenizer.ggml.token_type", wholes(1, 1));
        assertTrue(refused().contains("has [3] tokens but [2] token types"), refused());
        values.put("tokenizer.ggml.token_type", wholes(1, 1, 1));
        assertTrue(refused().contains("the token [a] twice or empty, at id [2]"), refused());
        values.put("tokenizer.ggml.tokens", texts("a", "b", "ab"));
        values.put("tokenizer.ggml.merges", texts("ab"));
        assertTrue(refused().contains("a merge [ab] that is not two tokens"), refused());
        values.put("tokenizer.ggml.merges", texts("a c"));
        assertThrows(ModelFileException.class, () -> Tokenizer.parse(json(), Path.of("x.gguf")));
    }

    @Test
    void unusedTokensKeepTheirIdsOutOfTheVocabulary() {
        values.put("tokenizer.ggml.tokens", texts("a", "[PAD1]", "b"));
        values.put("tokenizer.ggml.token_type", wholes(1, 5, 1));
        values.put("tokenizer.ggml.merges", texts());
        try (Tokenizer tokenizer = Tokenizer.parse(json(), Path.of("x.gguf"))) {
            assertEquals(2, tokenizer.id("b").orElseThrow());
            assertTrue(tokenizer.id("[PAD1]").isEmpty());
        }
    }
}
