package dev.hone.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hone.record.Datum;
import dev.hone.record.Loss;
import dev.hone.train.WorkerRequest.ForwardBackward;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

final class FramesTest {
    private static byte[] frame(WorkerRequest request) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Frames(new ByteArrayInputStream(new byte[0]), out).write(WorkerRequest.class, request);
        return out.toByteArray();
    }

    private static Frames reading(byte[] bytes) {
        return new Frames(new ByteArrayInputStream(bytes), OutputStream.nullOutputStream());
    }

    @Property(tries = 200)
    void whatIsWrittenIsRead(@ForAll @Size(min = 1, max = 50) int[] tokens, @ForAll float weight) throws IOException {
        float[] weights = new float[tokens.length];
        Arrays.fill(weights, weight);
        Frames frames = reading(
                frame(new ForwardBackward(List.of(new Datum(tokens, tokens, weights)), new Loss.CrossEntropy())));
        ForwardBackward read = (ForwardBackward) Objects.requireNonNull(frames.read(WorkerRequest.class));
        assertArrayEquals(tokens, read.data().get(0).tokens());
        assertArrayEquals(weights, read.data().get(0).weights());
        assertEquals(new Loss.CrossEntropy(), read.loss());
        assertNull(frames.read(WorkerRequest.class));
    }

    @Property(tries = 500)
    void damagedFramesAreIoExceptions(@ForAll @Size(min = 1, max = 40) int[] tokens, @ForAll int at, @ForAll byte value)
            throws IOException {
        byte[] bytes = frame(new ForwardBackward(
                List.of(new Datum(tokens, tokens, new float[tokens.length])), new Loss.CrossEntropy()));
        bytes[Math.floorMod(at, bytes.length)] = value;
        try {
            reading(bytes).read(WorkerRequest.class);
        } catch (IOException e) {
            assertNotNull(e.getMessage());
        }
        byte[] torn = Arrays.copyOf(bytes, 1 + Math.floorMod(at, bytes.length - 1));
        assertThrows(IOException.class, () -> reading(torn).read(WorkerRequest.class));
    }

    @Property(tries = 500)
    void anyBytesAreAnIoExceptionAtWorst(@ForAll @Size(max = 200) byte[] bytes) {
        ByteBuffer framed =
                ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes);
        assertThrows(IOException.class, () -> reading(framed.array()).read(WorkerRequest.class));
    }
}
