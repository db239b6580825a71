package dev.hone.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.DecodeTime;
import dev.hone.record.Loss;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.record.SamplingParams;
import dev.hone.record.Snapshot;
import dev.hone.record.TrainingClient;
import dev.hone.train.WorkerException.Reason;
import java.io.BufferedReader;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real child processes with a {@link FakeEngine} in them. */
@Timeout(180)
final class WorkerTest {
    private static final TrainerSpec SPEC =
            new TrainerSpec(Path.of("/model"), new Adaptation.Lora(4, 8, 0), 1, 512, false, Precision.FP32);

    private static WorkerSettings settings(Class<?> main) {
        return new WorkerSettings(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-XX:TieredStopAtLevel=1"),
                Map.of("HONE_TEST", "1"),
                main.getName());
    }

    private static WorkerClient open() {
        return WorkerClient.open(SPEC, settings(FakeEngine.class));
    }

    private static List<Datum> order(int token) {
        return List.of(new Datum(new int[] {token, 2}, new int[] {2, 3}, new float[] {0, 0.5f}));
    }

    @Test
    void everyVerbCrossesTheSocketAndBack() {
        try (WorkerClient client = open()) {
            assertArrayEquals(
                    new float[] {-0f, -1.5f},
                    client.forward(order(1)).logprobs().get(0));
            TrainingClient.Backward backward = client.forwardBackward(order(1), new Loss.CrossEntropy());
            assertEquals(1, backward.loss());
            assertEquals(Map.of("tokens", 3.0), backward.metrics());
            assertEquals(new TrainingClient.Sharing(1, 0.5, 2), client.sharing(order(1)));
            assertEquals(new TrainingClient.OptimStep(1, 0.25), client.optimStep(AdamParams.of(0.25)));
            client.load(new TrainingClient.Checkpoint(Path.of("/somewhere"), 41));
            try (Snapshot snapshot = client.snapshot(SamplingMode.EXACT)) {
                assertEquals(41, snapshot.version());
            }
            assertEquals(
                    "exported rank 4",
                    assertThrows(WorkerException.class, () -> client.export(Path.of("/out")))
                            .getMessage());
            assertEquals(new MachineCeiling(123.5, 200, 17), client.ceiling(BlockShape.SMALL));
            assertTrue(client.peakMemoryBytes() > 10_000_000);
        }
    }

    @Test
    void tokensArriveWhileTheyAreGenerated() {
        try (Snapshot snapshot = WorkerSnapshot.open(Path.of("/m"), SamplingMode.FAST, settings(FakeEngine.class))) {
            List<Integer> heard = new ArrayList<>();
            SampleRequest request = new SampleRequest(new int[] {5}, 1, SamplingParams.greedy(3, List.of()));
            List<List<Sample>> samples = snapshot.sample(List.of(request), (r, i, token) -> heard.add(token));
            assertEquals(List.of(6, 7, 8), heard);
            assertArrayEquals(new int[] {6, 7, 8}, samples.get(0).get(0).tokens());
            assertArrayEquals(
                    new int[] {6, 7, 8},
                    snapshot.sample(List.of(request)).get(0).get(0).tokens());
            assertEquals(7, snapshot.version());
            assertEquals(new DecodeTime(7, 2, 1), snapshot.decodeTime());
        }
    }

    @Test
    void faultsTravelWithTheirReasonAndTheWorkerGoesOn() {
        try (WorkerClient client = open()) {
            WorkerException bad =
                    assertThrows(WorkerException.class, () -> client.forward(order(FakeEngine.BAD_DATUM)));
            assertEquals(Reason.BAD_INPUT, bad.reason());
            assertEquals("Token [668] is outside the vocabulary", bad.getMessage());
            WorkerException fault =
                    assertThrows(WorkerException.class, () -> client.forward(order(FakeEngine.NULL_POINTER)));
            assertEquals(Reason.FAULT, fault.reason());
            assertTrue(fault.getMessage().contains("FakeEngine"), fault.getMessage());
            WorkerException memory =
                    assertThrows(WorkerException.class, () -> client.forward(order(FakeEngine.NATIVE_MEMORY)));
            assertEquals(Reason.OUT_OF_MEMORY, memory.reason());
            assertTrue(memory.getMessage().contains("--micro-batch-tokens"), memory.getMessage());
            WorkerException disk = assertThrows(WorkerException.class, () -> client.save(Path.of("/full")));
            assertEquals(Reason.FILE, disk.reason());
            assertTrue(disk.getMessage().contains("No space left on device"), disk.getMessage());
            assertEquals(
                    1, client.forwardBackward(order(1), new Loss.CrossEntropy()).loss());
        }
    }

    @Test
    void aModelThatCannotBeOpenedEndsTheWorker() {
        TrainerSpec missing = new TrainerSpec(Path.of("/missing"), new Adaptation.Full(), 1, 512, true, Precision.FP32);
        WorkerException e =
                assertThrows(WorkerException.class, () -> WorkerClient.open(missing, settings(FakeEngine.class)));
        assertEquals("There is no model at [/missing]", e.getMessage());
    }

    @Test
    void killedInTheMiddleOfACallIsOneException() throws Exception {
        try (WorkerClient client = open()) {
            Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(300);
                    new ProcessBuilder("kill", "-9", Long.toString(client.pid()))
                            .start()
                            .waitFor();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            WorkerException e = assertThrows(WorkerException.class, () -> client.forward(order(FakeEngine.SLEEP)));
            assertEquals(Reason.DIED, e.reason());
            assertTrue(e.getMessage().contains("signal 9"), e.getMessage());
            assertTrue(e.getMessage().contains("--checkpointing"), e.getMessage());
            WorkerException again = assertThrows(WorkerException.class, () -> client.forward(order(1)));
            assertEquals(e.getMessage(), again.getMessage());
        }
    }

    @Test
    void aHeapThatIsFullNamesItself() {
        try (WorkerClient client = open()) {
            WorkerException e =
                    assertThrows(WorkerException.class, () -> client.forward(order(FakeEngine.EXHAUST_HEAP)));
            assertEquals(Reason.DIED, e.reason());
            assertTrue(e.getMessage().contains("Java heap"), e.getMessage());
        }
    }

    @Test
    void theLastLinesOfADeadWorkerAreShown() {
        try (WorkerClient client = open()) {
            WorkerException e =
                    assertThrows(WorkerException.class, () -> client.forward(order(FakeEngine.PRINT_AND_EXIT)));
            assertTrue(e.getMessage().contains("exit code 77"), e.getMessage());
            assertTrue(e.getMessage().contains("terminate called after"), e.getMessage());
        }
    }

    @Test
    void aWorkerThatNeverConnectsIsReported() {
        WorkerException e = assertThrows(WorkerException.class, () -> WorkerClient.open(SPEC, settings(String.class)));
        assertEquals(Reason.DIED, e.reason());
        assertTrue(e.getMessage().contains("while starting"), e.getMessage());
    }

    /** A child that answers with bytes that are no frame. */
    static final class Garbage {
        public static void main(String[] arguments) throws Exception {
            SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(Path.of(arguments[0])));
            OutputStream out = Channels.newOutputStream(channel);
            out.write(new byte[] {0, 0, 0, 3, 1, 2, 3});
            out.flush();
            Thread.sleep(600_000);
        }
    }

    /** A child that claims a frame of 2 GiB. */
    static final class Hostile {
        public static void main(String[] arguments) throws Exception {
            SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(Path.of(arguments[0])));
            OutputStream out = Channels.newOutputStream(channel);
            out.write(new byte[] {0x7f, -1, -1, -1});
            out.flush();
            Thread.sleep(600_000);
        }
    }

    @Test
    void garbageIsRefusedAndTheChildEnded() {
        for (Class<?> child : List.of(Garbage.class, Hostile.class)) {
            WorkerException e = assertThrows(WorkerException.class, () -> WorkerClient.open(SPEC, settings(child)));
            assertEquals(Reason.DIED, e.reason());
            assertTrue(e.getMessage().contains("broke the protocol"), e.getMessage());
        }
    }

    /** A parent that opens a worker, says its process id and folder, and waits inside a call. */
    static final class Parent {
        public static void main(String[] arguments) {
            WorkerClient client = open();
            System.out.println(client.pid());
            System.out.println(client.folder());
            client.forward(order(FakeEngine.SLEEP));
        }
    }

    @Test
    void aWorkerEndsWithItsParent() throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = parent.inputReader()) {
            ProcessHandle child =
                    ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
            Path folder = Path.of(out.readLine());
            assertTrue(Files.exists(folder));
            parent.destroyForcibly().waitFor();
            child.onExit().get(30, TimeUnit.SECONDS);
            assertFalse(Files.exists(folder));
        }
    }

    /** As {@code timeout} and service managers send them: to the parent and all its children. */
    @Test
    void aSignalToTheWholeGroupIsTheParentsToAnswer() throws Exception {
        try (WorkerClient client = open()) {
            for (String signal : List.of("INT", "HUP", "TERM")) {
                assertEquals(
                        0,
                        new ProcessBuilder("kill", "-" + signal, Long.toString(client.pid()))
                                .inheritIO()
                                .start()
                                .waitFor());
            }
            Thread.sleep(200);
            assertArrayEquals(
                    new float[] {-0f, -1.5f},
                    client.forward(order(1)).logprobs().get(0));
        }
    }

    @Test
    void nothingIsLeftAfterAnOrderlyEnd() {
        ProcessHandle child;
        Path folder;
        try (WorkerClient client = open()) {
            child = ProcessHandle.of(client.pid()).orElseThrow();
            folder = client.folder();
            assertTrue(Files.exists(folder));
        }
        assertFalse(child.isAlive());
        assertFalse(Files.exists(folder));
    }
}
