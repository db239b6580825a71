package dev.hone.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.tensor.ModelFileException;
import dev.hone.tensor.SafetensorsFile;
import dev.hone.tensor.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelFolderTest {

    @TempDir
    private Path folder;

    static Stream<ModelConfig> configs() {
        return Stream.of(ModelFilesTest.llama(), ModelFilesTest.qwen2(), ModelFilesTest.qwen3());
    }

    @ParameterizedTest
    @MethodSource("configs")
    void whatIsWrittenIsRead(ModelConfig config) {
        Path model = folder.resolve("model");
        try (Weights weights = Weights.random(config, 7)) {
            ModelFolder.write(model, weights, List.of());
            try (ModelFiles files = ModelFiles.open(model);
                    Weights again = files.load()) {
                assertEquals(config, files.config());
                ModelFilesTest.assertEqual(weights, again);
            }
        }
    }

    /** Qwen3's fixture is fp32, so that nothing is lost on the way through {@link Weights}. */
    @Test
    void tensorsComeBackAsPythonWroteThem() {
        Path model = folder.resolve("model");
        try (ModelFiles files = ModelFiles.open(ModelFilesTest.fixture("qwen3"));
                Weights weights = files.load()) {
            ModelFolder.write(model, weights, List.of());
        }
        try (SafetensorsFile python = SafetensorsFile.open(ModelFilesTest.fixture("qwen3/model.safetensors"));
                SafetensorsFile ours = SafetensorsFile.open(model.resolve("model.safetensors"))) {
            assertEquals(python.tensors().keySet(), ours.tensors().keySet());
            for (StoredTensor tensor : python.tensors().values()) {
                assertEquals(tensor.shape(), ours.tensor(tensor.name()).shape());
                assertEquals(
                        -1, tensor.bytes().mismatch(ours.tensor(tensor.name()).bytes()), tensor.name());
            }
        }
    }

    @Test
    void copiesCompanionsAndReplacesNothing() throws IOException {
        Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), "{}");
        Path model = folder.resolve("model");
        try (Weights weights = Weights.random(ModelFilesTest.qwen2(), 7)) {
            ModelFolder.write(model, weights, List.of(tokenizer));
            assertEquals("{}", Files.readString(model.resolve("tokenizer.json")));
            byte[] before = Files.readAllBytes(model.resolve("model.safetensors"));
            assertThrows(ModelFileException.class, () -> ModelFolder.write(model, weights, List.of()));
            assertArrayEquals(before, Files.readAllBytes(model.resolve("model.safetensors")));

            Path broken = folder.resolve("broken");
            List<Path> absent = List.of(folder.resolve("absent.json"));
            assertThrows(ModelFileException.class, () -> ModelFolder.write(broken, weights, absent));
            assertFalse(Files.exists(broken));
        }
    }

    @Test
    void randomWeightsFollowTheirSeed() {
        try (Weights first = Weights.random(ModelFilesTest.qwen2(), 7);
                Weights same = Weights.random(ModelFilesTest.qwen2(), 7);
                Weights other = Weights.random(ModelFilesTest.qwen2(), 8)) {
            ModelFilesTest.assertEqual(first, same);
            assertFalse(first.embedding().equal(other.embedding()));
            assertEquals(
                    ModelFilesTest.qwen2().parameters(),
                    first.tensors().mapToLong(tensor -> tensor.numel()).sum());
            double deviation = first.embedding().std().item_double();
            assertTrue(Math.abs(deviation - 1 / Math.sqrt(32)) < 0.02, "deviation " + deviation);
        }
    }
}
