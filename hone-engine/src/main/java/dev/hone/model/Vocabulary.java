package dev.hone.model;

import dev.hone.tensor.ModelFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Which token has which id: read from a {@code tokenizer.json}, since the native library does not tell. */
final class Vocabulary {
    private static final int MAX_ID = 10_000_000;

    private final Map<String, Integer> ids;
    private final List<@Nullable String> tokens;
    private final BitSet added;
    private final BitSet special;
    private final TokenBytes bytes;

    private Vocabulary(
            Map<String, Integer> ids, List<@Nullable String> tokens, BitSet added, BitSet special, TokenBytes bytes) {
        this.ids = ids;
        this.tokens = tokens;
        this.added = added;
        this.special = special;
        this.bytes = bytes;
    }

    static Vocabulary parse(String json, Path origin) {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(json);
        } catch (JacksonException e) {
            throw new ModelFileException(origin, "is not JSON: " + e.getOriginalMessage(), "download it again", e);
        }
        Map<String, Integer> ids = new HashMap<>();
        JsonNode vocabulary = root.path("model").path("vocab");
        if (vocabulary.isObject()) {
            vocabulary.forEachEntry((token, id) -> ids.put(token, requireId(id, token, origin)));
        } else if (vocabulary.isArray()) {
            for (int id = 0; id < vocabulary.size(); id++) {
                ids.put(vocabulary.path(id).path(0).asString(""), id);
            }
        } else {
            throw new ModelFileException(
                    origin, "has no [model.vocab]", "use the tokenizer.json of Hugging Face's tokenizers library");
        }
        BitSet allAdded = new BitSet();
        BitSet special = new BitSet();
        for (JsonNode added : root.path("added_tokens")) {
            String token = added.path("content").asString("");
            int id = requireId(added.path("id"), token, origin);
            ids.put(token, id);
            allAdded.set(id);
            special.set(id, added.path("special").asBoolean(false));
        }
        int size = ids.values().stream().mapToInt(id -> id + 1).max().orElse(0);
        List<@Nullable String> tokens = new ArrayList<@Nullable String>(Collections.nCopies(size, null));
        ids.forEach((token, id) -> tokens.set(id, token));
        return new Vocabulary(ids, tokens, allAdded, special, TokenBytes.in(root));
    }

    private static int requireId(JsonNode id, String token, Path origin) {
        if (!id.isInt() || id.asInt() < 0 || id.asInt() > MAX_ID) {
            throw new ModelFileException(
                    origin, "gives token [%s] the id [%s]".formatted(token, id), "download the file again");
        }
        return id.asInt();
    }

    int size() {
        return tokens.size();
    }

    OptionalInt id(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Nullable
    String token(int id) {
        return id >= 0 && id < tokens.size() ? tokens.get(id) : null;
    }

    /** Null for special tokens and ids that are not used; an added token stands for itself. */
    byte @Nullable [] bytes(int id) {
        String token = token(id);
        if (token == null || isSpecial(id)) {
            return null;
        }
        return added.get(id) ? token.getBytes(StandardCharsets.UTF_8) : bytes.of(token);
    }

    boolean isSpecial(int id) {
        return id >= 0 && special.get(id);
    }

    int require(int id) {
        if (id < 0 || id >= tokens.size()) {
            throw new IllegalArgumentException(
                    "No token has the id [%d]; the vocabulary ends at [%d]".formatted(id, tokens.size() - 1));
        }
        return id;
    }
}
