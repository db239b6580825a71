package dev.hone.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.tensor.GgufFile;
import dev.hone.tensor.StoredTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A whole model against Python; {@code goldens/model-files/check.sh} makes the files, and reads what is written here. */
@Tag("slow")
@EnabledIfSystemProperty(named = "hone.goldens.model-files", matches = ".+")
class ModelFilesFullTest {

    private static final Path FOLDER = Path.of(System.getProperty("hone.goldens.model-files", ""));
    private static final Path MODEL = FOLDER.resolve("model.gguf");

    @Test
    void everyTensorIsDecodedAsPythonDoes() throws IOException, NoSuchAlgorithmException {
        List<String> hashes = Files.readAllLines(FOLDER.resolve("hashes.txt"));
        try (GgufFile file = GgufFile.open(MODEL)) {
            assertEquals(hashes.size(), file.tensors().size());
            assertTrue(hashes.size() > 200);
            for (String line : hashes) {
                String[] fields = line.split(" ");
                assertEquals(fields[0], hash(file.tensor(fields[1])), fields[1]);
            }
        }
    }

    private static String hash(StoredTensor tensor) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (Arena arena = Arena.ofShared()) {
            MemorySegment floats = arena.allocate(tensor.elements() * Float.BYTES);
            tensor.copyTo(floats);
            digest.update(floats.asByteBuffer());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void theModelIsWritten() {
        try (ModelFiles files = ModelFiles.open(MODEL);
                Weights weights = files.load()) {
            ModelFolder.write(FOLDER.resolve("written"), weights, List.of());
        }
        assertTrue(Files.exists(FOLDER.resolve("written/config.json")));
    }
}
