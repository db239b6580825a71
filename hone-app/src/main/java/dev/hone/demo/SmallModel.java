package dev.hone.demo;

import dev.hone.model.ModelConfig;
import dev.hone.model.ModelFolder;
import dev.hone.model.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a model of random weights reads and writes, character by character.
 *
 * @param characters tokens of a byte each, as byte-level tokenizers write them, in the order of their numbers
 * @param special tokens after these, the last of which ends a turn
 * @param template of a chat
 */
public record SmallModel(List<String> characters, List<String> special, String template) {
    private static final int BYTES = 256;

    public SmallModel {
        characters = List.copyOf(characters);
        special = List.copyOf(special);
    }

    /** Every byte. */
    public static List<String> bytes() {
        List<String> bytes = new ArrayList<>();
        int unprintable = BYTES;
        for (int b = 0; b < BYTES; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
            bytes.add(Character.toString(printable ? b : unprintable++));
        }
        return bytes;
    }

    /** How many tokens there are. */
    public int vocabulary() {
        return characters.size() + special.size();
    }

    /**
     * Writes a random model as a Hugging Face folder; runs libtorch on the calling thread.
     *
     * @param config of as many tokens as there are
     */
    public Path write(Path folder, ModelConfig config, long seed) throws IOException {
        try (Weights weights = Weights.random(config, seed)) {
            ModelFolder.write(folder, weights, List.of());
        }
        Files.writeString(folder.resolve("tokenizer.json"), JsonMapper.shared().writeValueAsString(tokenizer()));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                JsonMapper.shared()
                        .writeValueAsString(Map.of("chat_template", template, "eos_token", special.getLast())));
        return folder;
    }

    private Map<String, Object> tokenizer() {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        characters.forEach(character -> numbers.put(character, numbers.size()));
        List<Map<String, Object>> added = new ArrayList<>();
        for (String one : special) {
            added.add(Map.of(
                    "id",
                    characters.size() + added.size(),
                    "content",
                    one,
                    "special",
                    true,
                    "single_word",
                    false,
                    "lstrip",
                    false,
                    "rstrip",
                    false,
                    "normalized",
                    false));
        }
        Map<String, Object> byteLevel =
                Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", false);
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("version", "1.0");
        root.put("added_tokens", added);
        root.put("pre_tokenizer", byteLevel);
        root.put("decoder", byteLevel);
        root.put("model", Map.of("type", "BPE", "vocab", numbers, "merges", List.of()));
        return root;
    }
}
