package dev.hone.model;

import dev.hone.tensor.ModelFileException;
import dev.hone.tensor.StrictJson;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the text side of a Hugging Face folder, as transformers 4 and 5 write it. */
final class FolderBundle {
    private static final long MAX_TEMPLATE_BYTES = 1 << 20;

    private final Path folder;
    private final JsonNode tokenizerConfig;

    private FolderBundle(Path folder) {
        this.folder = folder;
        this.tokenizerConfig = optional("tokenizer_config.json");
    }

    static ModelBundle read(Path folder) {
        return new FolderBundle(folder).read();
    }

    private ModelBundle read() {
        String chatTemplate = chatTemplate();
        String bos = token("bos_token");
        String eos = token("eos_token");
        Path file = folder.resolve("tokenizer.json");
        String json = Tokenizer.text(file);
        Tokenizer tokenizer = Tokenizer.parse(json, file);
        try {
            SortedSet<Integer> ends = endTokenIds(tokenizer, eos);
            return new ModelBundle(folder, tokenizer, json, chatTemplate, bos, eos, ends);
        } catch (RuntimeException | Error e) {
            tokenizer.close();
            throw e;
        }
    }

    /** A file of its own; or in the tokenizer's configuration, alone or among named ones. */
    private @Nullable String chatTemplate() {
        Path file = folder.resolve("chat_template.jinja");
        if (Files.exists(file)) {
            return template(file);
        }
        JsonNode node = tokenizerConfig.path("chat_template");
        if (node.isString()) {
            return node.stringValue();
        }
        for (JsonNode named : node) {
            if (named.path("name").stringValue("").equals("default")) {
                return named.path("template").stringValue("");
            }
        }
        return null;
    }

    private static String template(Path file) {
        try {
            if (Files.size(file) > MAX_TEMPLATE_BYTES) {
                throw new ModelFileException(
                        file, "is larger than [" + MAX_TEMPLATE_BYTES + "] bytes", "give the model's own template");
            }
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new ModelFileException(file, "is not UTF-8", "download the file again", e);
        } catch (IOException e) {
            throw new ModelFileException(file, "cannot be read: " + e, "download the file again", e);
        }
    }

    /** A token is written as text, or as an object with its content. */
    private @Nullable String token(String key) {
        JsonNode node = tokenizerConfig.path(key);
        if (node.isMissingNode()) {
            node = optional("special_tokens_map.json").path(key);
        }
        return node.isObject() ? node.path("content").stringValue(null) : node.stringValue(null);
    }

    /** Those of the generation configuration, else of the model's; and the tokenizer's own. */
    private SortedSet<Integer> endTokenIds(Tokenizer tokenizer, @Nullable String eos) {
        SortedSet<Integer> ends = new TreeSet<>();
        String file = "generation_config.json";
        JsonNode ids = optional(file).path("eos_token_id");
        if (ids.isMissingNode() || ids.isNull()) {
            file = "config.json";
            ids = optional(file).path("eos_token_id");
        }
        for (JsonNode id :
                ids.isArray() ? ids : JsonMapper.shared().createArrayNode().add(ids)) {
            if (id.isIntegralNumber() && id.canConvertToInt() && tokenizer.token(id.intValue()) != null) {
                ends.add(id.intValue());
            } else if (!id.isMissingNode() && !id.isNull()) {
                throw new ModelFileException(
                        folder.resolve(file), "has an [eos_token_id] of [" + id + "]", "mend the file");
            }
        }
        if (eos != null) {
            tokenizer.id(eos).ifPresent(ends::add);
        }
        return ends;
    }

    private JsonNode optional(String name) {
        Path file = folder.resolve(name);
        return Files.exists(file) ? StrictJson.read(file) : JsonMapper.shared().createObjectNode();
    }
}
