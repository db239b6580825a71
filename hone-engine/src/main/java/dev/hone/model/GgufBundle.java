package dev.hone.model;

import dev.hone.tensor.GgufFile;
import dev.hone.tensor.GgufMetadata;
import dev.hone.tensor.ModelFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the text side of a GGUF file. */
final class GgufBundle {
    private static final String TEMPLATE = "tokenizer.chat_template";

    /** Special tokens that end a turn in the supported families, whatever the file says: llama.cpp's rule. */
    private static final List<String> ENDS = List.of("<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>");

    private static final List<String> END_KEYS =
            List.of("tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id");

    private GgufBundle() {}

    static ModelBundle read(Path file) {
        try (GgufFile gguf = GgufFile.open(file)) {
            return read(file, gguf.metadata());
        }
    }

    static ModelBundle read(Path file, GgufMetadata metadata) {
        String json = GgufTokenizer.toJson(metadata);
        String template = metadata.has(TEMPLATE) ? metadata.text(TEMPLATE) : null;
        Tokenizer tokenizer = Tokenizer.parse(json, file);
        try {
            SortedSet<Integer> ends = new TreeSet<>();
            for (String key : END_KEYS) {
                if (metadata.has(key)) {
                    ends.add(id(metadata, key, tokenizer));
                }
            }
            for (String end : ENDS) {
                tokenizer.id(end).ifPresent(id -> {
                    if (tokenizer.isSpecial(id)) {
                        ends.add(id);
                    }
                });
            }
            String bos = token(metadata, "tokenizer.ggml.bos_token_id", tokenizer);
            String eos = token(metadata, "tokenizer.ggml.eos_token_id", tokenizer);
            return new ModelBundle(file, tokenizer, json, template, bos, eos, ends);
        } catch (RuntimeException | Error e) {
            tokenizer.close();
            throw e;
        }
    }

    private static @Nullable String token(GgufMetadata metadata, String key, Tokenizer tokenizer) {
        return metadata.has(key) ? tokenizer.token(id(metadata, key, tokenizer)) : null;
    }

    private static int id(GgufMetadata metadata, String key, Tokenizer tokenizer) {
        long id = metadata.whole(key);
        if (id < 0 || id >= tokenizer.vocabularySize()) {
            throw new ModelFileException(
                    metadata.file(),
                    "has a [%s] of [%d], outside its vocabulary".formatted(key, id),
                    "download the file again");
        }
        return (int) id;
    }
}
