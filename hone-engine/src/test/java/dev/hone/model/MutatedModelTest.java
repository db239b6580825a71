package dev.hone.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.tensor.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to a model's configuration, it is loaded or refused by {@link ModelFileException}. */
@Timeout(60)
class MutatedModelTest {

    private static final int MUTATIONS = 1_500;

    /** What a configuration should not hold. */
    private static final String[] TOKENS = {
        "0",
        "-1",
        "1e400",
        "NaN",
        "2147483647",
        "99999999999999999999",
        "null",
        "true",
        "[]",
        "{}",
        "\"\"",
        "\"\\u0000\"",
        "{\"rope_type\": 3}",
        "[[[[",
        ",",
        "}",
    };

    @TempDir
    private Path folder;

    @Test
    void configurations() throws IOException {
        Files.copy(ModelFilesTest.fixture("qwen2/model.safetensors"), folder.resolve("model.safetensors"));
        String[] pieces =
                Files.readString(ModelFilesTest.fixture("qwen2/config.json")).split("(?=[:,])|(?<=[:,] )");
        int loaded = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Random random = new Random(seed);
            String[] mutated = pieces.clone();
            mutated[random.nextInt(pieces.length)] = random.nextBoolean()
                    ? TOKENS[random.nextInt(TOKENS.length)]
                    : pieces[random.nextInt(pieces.length)];
            Files.writeString(folder.resolve("config.json"), String.join("", mutated));
            loaded += load(folder, seed);
        }
        assertTrue(loaded > 10 && loaded < MUTATIONS / 2, loaded + " loaded");
    }

    @Test
    void gguf() throws IOException {
        byte[] valid = Files.readAllBytes(ModelFilesTest.fixture("llama.gguf"));
        Path path = folder.resolve("model.gguf");
        int loaded = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            Random random = new Random(seed);
            byte[] mutated = valid.clone();
            // The header is the first 2 KiB.
            int at = random.nextInt(2_048);
            if (random.nextBoolean()) {
                mutated[at] = (byte) random.nextInt(256);
            } else {
                System.arraycopy(valid, random.nextInt(2_048), mutated, at, 8);
            }
            loaded += load(Files.write(path, mutated), seed);
        }
        assertTrue(loaded > 0 && loaded < MUTATIONS / 2, loaded + " loaded");
    }

    private static int load(Path model, int seed) {
        try (ModelFiles files = ModelFiles.open(model);
                Weights weights = files.load()) {
            assertTrue(weights.blocks().size() <= 2, "seed " + seed);
            return 1;
        } catch (ModelFileException e) {
            return 0;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("Mutation of seed [" + seed + "] escaped", e);
        }
    }
}
