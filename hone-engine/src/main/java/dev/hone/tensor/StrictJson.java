package dev.hone.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON objects from model files, which are hostile until proven otherwise: strict UTF-8, no key twice, nothing after the
 * object, bounded in size and depth.
 */
public final class StrictJson {

    /** Largest document: many times the header of the largest models. */
    static final int MAX_BYTES = 1 << 24;

    private static final int MAX_DEPTH = 32;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private StrictJson() {}

    /**
     * The object in a file.
     *
     * @throws ModelFileException if it cannot be read, or holds anything else
     */
    public static ObjectNode read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new ModelFileException(
                        file, "is larger than [" + MAX_BYTES + "] bytes", "give the model's own JSON file");
            }
            return parse(file, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new ModelFileException(file, "cannot be read: " + e, "download the file again", e);
        }
    }

    /** The object in these bytes of a file. */
    static ObjectNode parse(Path file, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            JsonNode node = MAPPER.readTree(text);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new ModelFileException(file, "holds JSON that is not an object", "download the file again");
        } catch (CharacterCodingException e) {
            throw new ModelFileException(file, "holds text that is not UTF-8", "download the file again", e);
        } catch (JacksonException e) {
            throw new ModelFileException(
                    file, "holds malformed JSON: " + e.getOriginalMessage(), "download the file again", e);
        }
    }
}
