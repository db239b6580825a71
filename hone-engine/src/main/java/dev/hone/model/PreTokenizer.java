package dev.hone.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a byte-level BPE model cuts text into words before merging. A GGUF file only names it ({@code tokenizer.ggml.pre});
 * the cuts themselves are those of the model's {@code tokenizer.json}. A wrong one fails silently, so names that are not
 * here are refused.
 */
enum PreTokenizer {
    /** The regular expression of GPT-2. */
    GPT2(List.of("gpt-2"), null, false, false, false),

    /** Each digit alone, then as GPT-2: SmolLM and StarCoder. */
    DIGITS(List.of("smollm", "starcoder", "refact"), null, true, false, false),

    /** Single digits; composed characters (NFC): Qwen2, Qwen2.5, Qwen3. */
    QWEN2(List.of("qwen2", "deepseek-r1-qwen"), words("\\p{N}"), false, true, false),

    /** Up to three digits; a word that is a token is not merged but taken whole: Llama 3. */
    LLAMA3(List.of("llama-bpe", "llama3", "llama-v3"), words("\\p{N}{1,3}"), false, false, true);

    private final List<String> names;
    private final @Nullable String regex;
    private final boolean digits;
    private final boolean composed;
    private final boolean ignoreMerges;

    PreTokenizer(List<String> names, @Nullable String regex, boolean digits, boolean composed, boolean ignoreMerges) {
        this.names = names;
        this.regex = regex;
        this.digits = digits;
        this.composed = composed;
        this.ignoreMerges = ignoreMerges;
    }

    private static String words(String numbers) {
        return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|" + numbers
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }

    /** By the name that a GGUF file uses. */
    static Optional<PreTokenizer> named(String name) {
        return Arrays.stream(values()).filter(pre -> pre.names.contains(name)).findFirst();
    }

    /** All names, for messages. */
    static String supported() {
        return Arrays.stream(values()).flatMap(pre -> pre.names.stream()).collect(Collectors.joining(", "));
    }

    boolean ignoreMerges() {
        return ignoreMerges;
    }

    /** The {@code normalizer} of a {@code tokenizer.json}; null when text is taken as it is. */
    @Nullable
    ObjectNode normalizer() {
        return composed ? object("NFC") : null;
    }

    /** The {@code pre_tokenizer} of a {@code tokenizer.json}. */
    ObjectNode toJson() {
        ArrayNode steps = JsonMapper.shared().createArrayNode();
        if (digits) {
            steps.add(object("Digits").put("individual_digits", true));
        }
        if (regex != null) {
            ObjectNode split = object("Split").put("behavior", "Isolated").put("invert", false);
            split.putObject("pattern").put("Regex", regex);
            steps.add(split);
        }
        steps.add(byteLevel().put("use_regex", regex == null));
        ObjectNode sequence = object("Sequence");
        sequence.set("pretokenizers", steps);
        return sequence;
    }

    /** Bytes as printable characters: last step before merging, and the decoder after it. */
    static ObjectNode byteLevel() {
        return object("ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }

    private static ObjectNode object(String type) {
        return JsonMapper.shared().createObjectNode().put("type", type);
    }
}
