package dev.hone.model;

import dev.hone.tensor.GgufMetadata;
import dev.hone.tensor.ModelFileException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the {@code tokenizer.json} that a GGUF file was converted from, out of the vocabulary, merges and names in its
 * metadata.
 */
public final class GgufTokenizer {
    private static final String MODEL = "tokenizer.ggml.model";
    private static final String PRE = "tokenizer.ggml.pre";
    private static final String TOKENS = "tokenizer.ggml.tokens";
    private static final String TYPES = "tokenizer.ggml.token_type";
    private static final String MERGES = "tokenizer.ggml.merges";

    /** Kinds of tokens: llama.cpp's {@code llama_token_type}. */
    private static final long NORMAL = 1;

    private static final long CONTROL = 3;
    private static final long USER_DEFINED = 4;
    private static final long UNUSED = 5;

    private GgufTokenizer() {}

    /**
     * The text of a {@code tokenizer.json}.
     *
     * @throws ModelFileException if the file's tokenizer is of another kind, or its parts do not fit each other
     */
    public static String toJson(GgufMetadata metadata) {
        PreTokenizer pre = preTokenizer(metadata);
        List<String> tokens = metadata.texts(TOKENS);
        List<Long> types = metadata.has(TYPES) ? metadata.wholes(TYPES) : Collections.nCopies(tokens.size(), NORMAL);
        if (types.size() != tokens.size()) {
            throw damaged(metadata, "has [%d] tokens but [%d] token types".formatted(tokens.size(), types.size()));
        }

        ObjectNode root = JsonMapper.shared().createObjectNode().put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        root.set("added_tokens", addedTokens(tokens, types));
        root.set("normalizer", pre.normalizer());
        root.set("pre_tokenizer", pre.toJson());
        root.putNull("post_processor");
        root.set("decoder", PreTokenizer.byteLevel());
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout");
        model.putNull("unk_token");
        model.putNull("continuing_subword_prefix");
        model.putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", pre.ignoreMerges());
        model.set("vocab", vocabulary(metadata, tokens, types));
        model.set("merges", merges(metadata));
        return root.toString();
    }

    private static PreTokenizer preTokenizer(GgufMetadata metadata) {
        String model = metadata.text(MODEL);
        if (!model.equals("gpt2")) {
            throw new ModelFileException(
                    metadata.file(),
                    "has a tokenizer of kind [%s]; supported is [gpt2] (byte-level BPE)".formatted(model),
                    "use the model's Hugging Face folder, whose tokenizer.json is read as it is");
        }
        String name = metadata.has(PRE) ? metadata.text(PRE) : "default";
        return PreTokenizer.named(name)
                .orElseThrow(() -> new ModelFileException(
                        metadata.file(),
                        "cuts words by [%s]; supported are [%s]".formatted(name, PreTokenizer.supported()),
                        "use the model's Hugging Face folder, whose tokenizer.json is read as it is"));
    }

    private static ArrayNode addedTokens(List<String> tokens, List<Long> types) {
        ArrayNode added = JsonMapper.shared().createArrayNode();
        for (int id = 0; id < tokens.size(); id++) {
            if (types.get(id) == CONTROL || types.get(id) == USER_DEFINED) {
                added.addObject()
                        .put("id", id)
                        .put("content", tokens.get(id))
                        .put("single_word", false)
                        .put("lstrip", false)
                        .put("rstrip", false)
                        .put("normalized", false)
                        .put("special", types.get(id) == CONTROL);
            }
        }
        return added;
    }

    private static ObjectNode vocabulary(GgufMetadata metadata, List<String> tokens, List<Long> types) {
        ObjectNode vocabulary = JsonMapper.shared().createObjectNode();
        Set<String> seen = new HashSet<>();
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            if (token.isEmpty() || !seen.add(token)) {
                throw damaged(metadata, "has the token [%s] twice or empty, at id [%d]".formatted(token, id));
            }
            if (types.get(id) != UNUSED) {
                vocabulary.put(token, id);
            }
        }
        return vocabulary;
    }

    private static ArrayNode merges(GgufMetadata metadata) {
        ArrayNode merges = JsonMapper.shared().createArrayNode();
        for (String merge : metadata.texts(MERGES)) {
            int space = merge.indexOf(' ', 1);
            if (space < 0 || space == merge.length() - 1) {
                throw damaged(metadata, "has a merge [%s] that is not two tokens".formatted(merge));
            }
            merges.addArray().add(merge.substring(0, space)).add(merge.substring(space + 1));
        }
        return merges;
    }

    private static ModelFileException damaged(GgufMetadata metadata, String problem) {
        return new ModelFileException(
                metadata.file(), problem, "download the file again, or convert the model again with llama.cpp");
    }
}
