package dev.hone.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.tensor.GgufMetadata;
import dev.hone.tensor.GgufValue;
import dev.hone.tensor.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelBundleTest {
    private static final GoldenLines GOLDEN = GoldenLines.small();
    private static final int TEXT_END = 1502;
    private static final int TURN_START = 1503;
    private static final int TURN_END = 1504;

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        file("tokenizer.json", GgufTokenizer.toJson(GOLDEN.metadata("smollm")));
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    @Test
    void aFolderAsTransformersFourWritesIt() throws IOException {
        file("tokenizer_config.json", """
            {"bos_token": "<|im_start|>", "eos_token": {"content": "<|im_end|>", "lstrip": false},
             "chat_template": [{"name": "tool_use", "template": "no"}, {"name": "default", "template": "T"}]}\
            """);
        file("generation_config.json", "{\"eos_token_id\": [1504, 1502]}");
        try (ModelBundle bundle = ModelBundle.open(folder)) {
            assertEquals("T", bundle.chatTemplate());
            assertEquals("<|im_start|>", bundle.bosToken());
            assertEquals("<|im_end|>", bundle.eosToken());
            assertEquals(Set.of(TEXT_END, TURN_END), bundle.endTokenIds());
        }
    }

    @Test
    void aTemplateFileStandsBeforeTheConfiguration() throws IOException {
        file("tokenizer_config.json", "{\"chat_template\": \"old\", \"bos_token\": null}");
        file("chat_template.jinja", "new\n");
        file("config.json", "{\"eos_token_id\": 1502}");
        try (ModelBundle bundle = ModelBundle.open(folder)) {
            assertEquals("new\n", bundle.chatTemplate());
            assertNull(bundle.bosToken());
            assertEquals(Set.of(TEXT_END), bundle.endTokenIds());
        }
    }

    @Test
    void theTokenizersOwnEndCountsToo() throws IOException {
        file("tokenizer_config.json", "{\"eos_token\": \"<|im_end|>\"}");
        file("generation_config.json", "{}");
        try (ModelBundle bundle = ModelBundle.open(folder)) {
            assertEquals(Set.of(TURN_END), bundle.endTokenIds());
        }
    }

    @Test
    void aBareTokenizerIsEnoughForAModelWithoutChat() {
        try (ModelBundle bundle = ModelBundle.open(folder)) {
            assertNull(bundle.chatTemplate());
            assertNull(bundle.eosToken());
            assertTrue(bundle.endTokenIds().isEmpty());
        }
    }

    @Test
    void anEndOutsideTheVocabularyIsRefused() throws IOException {
        file("generation_config.json", "{\"eos_token_id\": 99999}");
        ModelFileException e = assertThrows(ModelFileException.class, () -> ModelBundle.open(folder));
        assertTrue(e.getMessage().contains("generation_config.json] has an [eos_token_id] of [99999]"), e.getMessage());
    }

    @Test
    void aGgufNamesItsTokensById() {
        try (ModelBundle bundle = gguf(new GgufValue.Whole(TURN_END))) {
            assertEquals("{{ messages }}", bundle.chatTemplate());
            assertEquals("<|im_start|>", bundle.bosToken());
            assertEquals("<|im_end|>", bundle.eosToken());
            assertEquals(Set.of(TEXT_END, TURN_END), bundle.endTokenIds());
        }
        assertThrows(ModelFileException.class, () -> gguf(new GgufValue.Whole(5000)));
        assertThrows(ModelFileException.class, () -> gguf(new GgufValue.Whole(-1)));
    }

    private static ModelBundle gguf(GgufValue end) {
        SequencedMap<String, GgufValue> values =
                new LinkedHashMap<>(GOLDEN.metadata("smollm").values());
        values.put("tokenizer.ggml.bos_token_id", new GgufValue.Whole(TURN_START));
        values.put("tokenizer.ggml.eos_token_id", end);
        values.put("tokenizer.chat_template", new GgufValue.Text("{{ messages }}"));
        return GgufBundle.read(Path.of("x.gguf"), new GgufMetadata(Path.of("x.gguf"), values));
    }

    @Test
    void companionsReadBackAsTheSameBundle() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("copy"));
        try (ModelBundle bundle = gguf(new GgufValue.Whole(TURN_END))) {
            assertEquals(4, bundle.writeCompanions(copy).size());
            try (ModelBundle again = ModelBundle.open(copy)) {
                assertEquals(bundle.chatTemplate(), again.chatTemplate());
                assertEquals(bundle.bosToken(), again.bosToken());
                assertEquals(bundle.eosToken(), again.eosToken());
                assertEquals(bundle.endTokenIds(), again.endTokenIds());
                String text = "<|im_start|>user\nüb3r 42<|im_end|>";
                assertArrayEquals(
                        bundle.tokenizer().encode(text), again.tokenizer().encode(text));
            }
        }
    }

    @Test
    void aTokenizerOfALargerModelIsRefused() {
        ModelConfig small = new ModelConfig(
                ModelConfig.Architecture.LLAMA,
                100,
                8,
                1,
                2,
                1,
                4,
                8,
                16,
                1e-5,
                new ModelConfig.Rope(1e4, new ModelConfig.Scaling.None()),
                true,
                false,
                false);
        try (ModelBundle bundle = ModelBundle.open(folder)) {
            ModelFileException e = assertThrows(ModelFileException.class, () -> bundle.requireFits(small));
            assertTrue(e.getMessage().contains("ids up to [1506] but [100] embedding rows"), e.getMessage());
        }
    }
}
