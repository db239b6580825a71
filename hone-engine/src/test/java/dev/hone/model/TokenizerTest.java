package dev.hone.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.tensor.ModelFileException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TokenizerTest {
    private static final GoldenLines GOLDEN = GoldenLines.small();

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "smollm", "qwen2", "llama-bpe"})
    void idsAndTextEqualHuggingFaces(String pre) {
        everyLine(pre, (tokenizer, line) -> {
            String text = line.path("text").asString();
            int[] ids = tokenizer.encode(text);
            assertArrayEquals(GoldenLines.ids(line), ids, () -> pre + " [" + text + "]");
            assertEquals(line.path("decoded").asString(), tokenizer.decode(ids, true));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-2", "smollm", "qwen2", "llama-bpe"})
    void theBytesOfTokensAreTheirText(String pre) {
        everyLine(pre, (tokenizer, line) -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int id : GoldenLines.ids(line)) {
                byte[] token = tokenizer.bytes(id);
                if (token != null) {
                    bytes.writeBytes(token);
                }
            }
            assertEquals(line.path("decoded").asString(), bytes.toString(StandardCharsets.UTF_8));
            assertNull(tokenizer.bytes(tokenizer.vocabularySize()));
        });
    }

    private static void everyLine(String pre, BiConsumer<Tokenizer, JsonNode> comparison) {
        int compared = 0;
        try (Tokenizer tokenizer = GOLDEN.tokenizer(pre)) {
            for (JsonNode line : GOLDEN.lines()) {
                if (line.path("pre").asString().equals(pre)) {
                    comparison.accept(tokenizer, line);
                    compared++;
                }
            }
        }
        assertTrue(compared > 300, "compared [" + compared + "] lines");
    }

    @Test
    void theGoldenTellsThePreTokenizersApart() {
        Map<String, Map<String, String>> idsByText = new HashMap<>();
        for (JsonNode line : GOLDEN.lines()) {
            idsByText
                    .computeIfAbsent(line.path("text").asString(), text -> new HashMap<>())
                    .put(line.path("pre").asString(), line.path("ids").toString());
        }
        for (String pre : List.of("gpt-2", "qwen2", "llama-bpe")) {
            long different = idsByText.values().stream()
                    .filter(ids -> !ids.get(pre).equals(ids.get("smollm")))
                    .count();
            assertTrue(different > 100, pre + " differs from smollm in [" + different + "] lines");
        }
    }

    @Test
    void specialTokensInTextAreParsedAndNoneIsAdded() {
        try (Tokenizer tokenizer = GOLDEN.tokenizer("smollm")) {
            int start = tokenizer.id("<|im_start|>").orElseThrow();
            assertArrayEquals(new int[] {start}, tokenizer.encode("<|im_start|>"));
            assertArrayEquals(new int[0], tokenizer.encode(""));
            assertTrue(tokenizer.isSpecial(start));
            assertFalse(tokenizer.isSpecial(tokenizer.id("<tool_call>").orElseThrow()));
            assertEquals("<|im_start|>", tokenizer.token(start));
            assertEquals("x<tool_call>", tokenizer.decode(tokenizer.encode("<|im_start|>x<tool_call>"), true));
            assertEquals(OptionalInt.empty(), tokenizer.id("no such token"));
            assertEquals(1507, tokenizer.vocabularySize());
            assertNull(tokenizer.token(1507));
        }
    }

    @Test
    void anUnpairedSurrogateIsTheReplacementCharacter() {
        try (Tokenizer tokenizer = GOLDEN.tokenizer("gpt-2")) {
            assertEquals("a\uFFFDb\uFFFD😀", tokenizer.decode(tokenizer.encode("a\uD83Db\uDE00😀"), false));
            assertEquals("\uFFFD", tokenizer.decode(tokenizer.encode("\uD83D"), false));
        }
    }

    @Test
    void textIsNeverTruncated() {
        try (Tokenizer tokenizer = GOLDEN.tokenizer("smollm")) {
            assertEquals(100_000, tokenizer.encode("1".repeat(100_000)).length);
        }
    }

    @Test
    void truncationAndPaddingInTheFileAreSwitchedOff() {
        String json = GgufTokenizer.toJson(GOLDEN.metadata("smollm"))
                .replace(
                        "\"truncation\":null",
                        "\"truncation\":{\"direction\":\"Right\",\"max_length\":3,\"strategy\":\"LongestFirst\",\"stride\":0}")
                .replace(
                        "\"padding\":null",
                        "\"padding\":{\"strategy\":{\"Fixed\":9},\"direction\":\"Right\",\"pad_to_multiple_of\":null,"
                                + "\"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"!\"}");
        try (Tokenizer tokenizer = Tokenizer.parse(json, Path.of("test"))) {
            assertEquals(6, tokenizer.encode("123456").length);
            assertEquals(1, tokenizer.encode("1").length);
        }
    }

    @Test
    void anIdOutsideTheVocabularyIsRefused() {
        try (Tokenizer tokenizer = GOLDEN.tokenizer("smollm")) {
            assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {1507}, false));
            assertThrows(IllegalArgumentException.class, () -> tokenizer.decode(new int[] {-1}, false));
        }
    }

    @Test
    void manyThreadsGetTheSameIdsUntilItIsClosed() throws Exception {
        Tokenizer tokenizer = GOLDEN.tokenizer("qwen2");
        List<JsonNode> lines = GOLDEN.lines().stream()
                .filter(line -> line.path("pre").asString().equals("qwen2"))
                .limit(50)
                .toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Boolean>> results = threads.invokeAll(IntStream.range(0, 400)
                    .mapToObj(i -> lines.get(i % lines.size()))
                    .<Callable<Boolean>>map(line -> () -> Arrays.equals(
                            GoldenLines.ids(line),
                            tokenizer.encode(line.path("text").asString())))
                    .toList());
            for (Future<Boolean> result : results) {
                assertTrue(result.get());
            }
        }
        tokenizer.close();
        tokenizer.close();
        assertThrows(IllegalStateException.class, () -> tokenizer.encode("x"));
    }

    @Test
    void badFilesAreNamedWithTheRemedy(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("tokenizer.json");
        assertTrue(message(missing).startsWith("[" + missing + "] is missing; copy the model's tokenizer.json"));
        for (String bad : List.of(
                "",
                "{",
                "[]",
                "{\"model\":{}}",
                "{\"model\":{\"vocab\":{\"a\":-1}}}",
                "{\"model\":{\"vocab\":{\"a\":1e9}}}",
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a b\"]}}")) {
            Files.writeString(missing, bad);
            assertTrue(message(missing).startsWith("[" + missing + "] "), message(missing));
        }
    }

    private static String message(Path file) {
        return assertThrows(ModelFileException.class, () -> Tokenizer.read(file))
                .getMessage();
    }
}
