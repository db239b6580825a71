package dev.hone.tensor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to a file, it is read or refused by {@link ModelFileException}. */
@Timeout(60)
class MutatedFileTest {

    private static final int MUTATIONS = 4_000;

    /** Values at which sizes, counts and offsets break. */
    private static final long[] EDGES = {
        0,
        1,
        -1,
        7,
        8,
        31,
        32,
        255,
        1 << 16,
        Integer.MAX_VALUE,
        1L << 31,
        1L << 32,
        1L << 62,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
    };

    @TempDir
    private Path folder;

    @Test
    void gguf() throws IOException {
        fuzz("tiny.gguf", GgufFile::open);
    }

    @Test
    void safetensors() throws IOException {
        fuzz("tiny.safetensors", SafetensorsFile::open);
    }

    private void fuzz(String fixture, Function<Path, TensorFile> open) throws IOException {
        byte[] valid = Files.readAllBytes(GgufFileTest.fixture(fixture));
        Path path = folder.resolve(fixture);
        int read = 0;
        int refused = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            byte[] mutated = mutate(valid, new Random(seed));
            Files.write(path, mutated);
            try (TensorFile file = open.apply(path);
                    Arena arena = Arena.ofShared()) {
                for (StoredTensor tensor : file.tensors().values()) {
                    assertTrue(tensor.bytes().byteSize() <= mutated.length, "seed " + seed);
                    tensor.copyTo(arena.allocate(tensor.elements() * Float.BYTES));
                }
                read++;
            } catch (ModelFileException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("Mutation of seed [" + seed + "] escaped", e);
            }
        }
        assertTrue(read > MUTATIONS / 100 && refused > MUTATIONS / 10, read + " read, " + refused + " refused");
    }

    private static byte[] mutate(byte[] valid, Random random) {
        byte[] bytes = valid.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> {
                    long edge = EDGES[random.nextInt(EDGES.length)];
                    for (int j = 0; j < 8 && at + j < bytes.length; j++) {
                        bytes[at + j] = (byte) (edge >> 8 * j);
                    }
                }
                case 3 -> bytes = Arrays.copyOf(bytes, 1 + at);
                case 4 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(64));
                case 5 -> {
                    // One stretch over another: repeats names, offsets, braces.
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(80), bytes.length - Math.max(from, at));
                    System.arraycopy(bytes, from, bytes, at, length);
                }
                default -> throw new AssertionError();
            }
        }
        return bytes;
    }
}
