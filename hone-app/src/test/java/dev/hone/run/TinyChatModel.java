package dev.hone.run;

import dev.hone.model.ModelConfig;
import dev.hone.model.ModelConfig.Architecture;
import dev.hone.model.ModelConfig.Rope;
import dev.hone.model.ModelConfig.Scaling;
import dev.hone.model.ModelFolder;
import dev.hone.model.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/** A random model that reads and writes the letters a to h, as a Hugging Face folder; and a job for it. */
public final class TinyChatModel {
    private static final String LETTERS = "abcdefgh";
    private static final List<String> SPECIAL = List.of("<|user|>", "<|assistant|>", "<|end|>");
    private static final String TEMPLATE =
            "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('knows no system') }}{% endif %}{{ '<|' + m.role + '|>' + m.content + '<|end|>' }}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

    private TinyChatModel() {}

    /** Writes the model; runs libtorch on the calling thread. */
    public static Path write(Path folder) throws IOException {
        return write(folder, 64);
    }

    /** @param positions that it reads at most */
    public static Path write(Path folder, int positions) throws IOException {
        ModelConfig config = new ModelConfig(
                Architecture.LLAMA,
                LETTERS.length() + SPECIAL.size(),
                64,
                2,
                4,
                4,
                16,
                128,
                positions,
                1e-5,
                new Rope(10_000, new Scaling.None()),
                true,
                false,
                false);
        try (Weights weights = Weights.random(config, 11)) {
            ModelFolder.write(folder, weights, List.of());
        }
        Files.writeString(folder.resolve("tokenizer.json"), JsonMapper.shared().writeValueAsString(tokenizer()));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                JsonMapper.shared().writeValueAsString(Map.of("chat_template", TEMPLATE, "eos_token", "<|end|>")));
        return folder;
    }

    private static Map<String, Object> tokenizer() {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        LETTERS.chars().forEach(letter -> vocabulary.put(Character.toString(letter), vocabulary.size()));
        List<Map<String, Object>> added = new ArrayList<>();
        for (String special : SPECIAL) {
            added.add(Map.of(
                    "id",
                    LETTERS.length() + added.size(),
                    "content",
                    special,
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
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("vocab", vocabulary);
        model.put("merges", List.of());
        Map<String, Object> byteLevel =
                Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", false);
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("version", "1.0");
        root.put("added_tokens", added);
        root.put("pre_tokenizer", byteLevel);
        root.put("decoder", byteLevel);
        root.put("model", model);
        return root;
    }

    /** Rows that ask for a text of four letters backwards. */
    static Path reverseText(Path file, int rows, long seed) throws IOException {
        Random random = new Random(seed);
        List<String> lines = IntStream.range(0, rows)
                .mapToObj(row -> {
                    String text = IntStream.range(0, 4)
                            .mapToObj(i -> LETTERS.substring(random.nextInt(8)).substring(0, 1))
                            .collect(Collectors.joining());
                    return "{\"input\": \"%s\", \"output\": \"%s\"}".formatted(text, new StringBuilder(text).reverse());
                })
                .toList();
        return Files.write(file, lines);
    }
}
