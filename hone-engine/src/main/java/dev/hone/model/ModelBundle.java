package dev.hone.model;

import dev.hone.tensor.DurableFiles;
import dev.hone.tensor.ModelFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What turns a model's ids into a conversation: everything of a model but its weights ({@link ModelFiles} has those). Read
 * from a Hugging Face folder or a GGUF file. Consumed by chat, training and sampling.
 *
 * @param path folder or .gguf file
 * @param tokenizer closed by {@link #close()}
 * @param tokenizerJson text of the {@code tokenizer.json}, to be kept beside weights made from these
 * @param chatTemplate Jinja source; null when the model has none, and is not made for chat
 * @param bosToken begin of text, which templates may write; null when the model has none
 * @param eosToken end of text or turn; null when the model has none
 * @param endTokenIds ids after which generation stops; empty when the model names none
 */
public record ModelBundle(
        Path path,
        Tokenizer tokenizer,
        String tokenizerJson,
        @Nullable String chatTemplate,
        @Nullable String bosToken,
        @Nullable String eosToken,
        SortedSet<Integer> endTokenIds)
        implements AutoCloseable {

    public ModelBundle {
        endTokenIds = Collections.unmodifiableSortedSet(new TreeSet<>(endTokenIds));
    }

    /**
     * Opens what a model has beside its weights.
     *
     * @param model folder or .gguf file
     * @throws ModelFileException if a file is missing, damaged, or of a kind that is not supported
     */
    public static ModelBundle open(Path model) {
        return Files.isDirectory(model) ? FolderBundle.read(model) : GgufBundle.read(model);
    }

    /**
     * Checks that every id of the tokenizer has a row in the embedding.
     *
     * @throws ModelFileException if not: the tokenizer belongs to another model
     */
    public void requireFits(ModelConfig config) {
        if (tokenizer.vocabularySize() > config.vocabulary()) {
            throw new ModelFileException(
                    path,
                    "has a tokenizer with ids up to [%d] but [%d] embedding rows"
                            .formatted(tokenizer.vocabularySize() - 1, config.vocabulary()),
                    "use the tokenizer.json that belongs to these weights");
        }
    }

    /**
     * Writes {@code tokenizer.json}, {@code tokenizer_config.json}, {@code generation_config.json} and, if there is one,
     * {@code chat_template.jinja}: the files that {@link ModelFolder#write} puts beside new weights, for any program that
     * reads Hugging Face folders.
     *
     * @param folder exists
     * @return the files
     */
    public List<Path> writeCompanions(Path folder) {
        Map<String, Object> tokenizerConfig = new LinkedHashMap<>();
        tokenizerConfig.put("tokenizer_class", "PreTrainedTokenizerFast");
        tokenizerConfig.put("bos_token", bosToken);
        tokenizerConfig.put("eos_token", eosToken);
        tokenizerConfig.put("pad_token", eosToken);
        tokenizerConfig.put("clean_up_tokenization_spaces", false);
        if (chatTemplate != null) {
            tokenizerConfig.put("chat_template", chatTemplate);
        }
        Map<String, Object> generationConfig = new LinkedHashMap<>();
        if (!endTokenIds.isEmpty()) {
            generationConfig.put("eos_token_id", endTokenIds.size() == 1 ? endTokenIds.first() : endTokenIds);
        }
        List<Path> written = new ArrayList<>();
        written.add(write(folder.resolve("tokenizer.json"), tokenizerJson));
        written.add(write(folder.resolve("tokenizer_config.json"), json(tokenizerConfig)));
        written.add(write(folder.resolve("generation_config.json"), json(generationConfig)));
        if (chatTemplate != null) {
            written.add(write(folder.resolve("chat_template.jinja"), chatTemplate));
        }
        return written;
    }

    private static String json(Map<String, Object> fields) {
        return JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(fields);
    }

    private static Path write(Path file, String text) {
        DurableFiles.write(file, channel -> writeFully(channel, text));
        return file;
    }

    private static void writeFully(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
