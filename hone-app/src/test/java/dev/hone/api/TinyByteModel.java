package dev.hone.api;

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
import tools.jackson.databind.json.JsonMapper;

/** A random model that reads and writes any byte, as a Hugging Face folder: whatever it says is noise, at full length. */
public final class TinyByteModel {
    public static final int POSITIONS = 2048;
    private static final List<String> SPECIAL = List.of("<|turn|>", "<|end|>");
    private static final String TEMPLATE =
            "{% for m in messages %}{% if m.content == 'never' %}{{ raise_exception('not that') }}{% endif %}"
                    + "{{ '<|turn|>' + m.role + ':' + m.content + '<|end|>' }}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ '<|turn|>assistant:' }}{% endif %}";

    private TinyByteModel() {}

    /** Writes the model; runs libtorch on the calling thread. */
    public static Path write(Path folder) throws IOException {
        ModelConfig config = new ModelConfig(
                Architecture.LLAMA,
                256 + SPECIAL.size(),
                32,
                2,
                2,
                1,
                16,
                64,
                POSITIONS,
                1e-5,
                new Rope(10_000, new Scaling.None()),
                true,
                false,
                false);
        try (Weights weights = Weights.random(config, 5)) {
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
        int unprintable = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
            vocabulary.put(Character.toString(printable ? b : unprintable++), b);
        }
        List<Map<String, Object>> added = new ArrayList<>();
        for (String special : SPECIAL) {
            added.add(Map.of(
                    "id",
                    256 + added.size(),
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
        Map<String, Object> byteLevel =
                Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", false);
        return Map.of(
                "version",
                "1.0",
                "added_tokens",
                added,
                "pre_tokenizer",
                byteLevel,
                "decoder",
                byteLevel,
                "model",
                Map.of("type", "BPE", "vocab", vocabulary, "merges", List.of()));
    }
}
