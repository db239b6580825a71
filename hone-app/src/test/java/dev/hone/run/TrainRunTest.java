package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.Main;
import dev.hone.algorithm.OverLong;
import dev.hone.algorithm.Schedule;
import dev.hone.algorithm.SftPlan;
import dev.hone.evaluate.LabelScores;
import dev.hone.fetch.FetchListener;
import dev.hone.record.Constraint;
import dev.hone.record.SamplingMode;
import dev.hone.record.TokenizedChat;
import dev.hone.task.ChatFile;
import dev.hone.train.Adaptation;
import dev.hone.train.Precision;
import dev.hone.train.WorkerSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole jobs on a tiny random model, with real worker processes. */
@Timeout(600)
final class TrainRunTest {
    @TempDir
    Path folder;

    private String model = "";

    @BeforeEach
    void writeModel() throws IOException {
        model = TinyChatModel.write(folder.resolve("model")).toString();
    }

    private TrainOptions options(int epochs, Adaptation adaptation, double rate, String out, boolean resume) {
        SftPlan plan = new SftPlan(epochs, rate, Schedule.COSINE, 0.05, 500, 0, 1, 5);
        return new TrainOptions(
                model,
                plan,
                adaptation,
                64,
                OverLong.TRUNCATE,
                2048,
                false,
                Precision.FP32,
                Duration.ofSeconds(60),
                folder.resolve(out),
                resume,
                Taught.in(PromptForm.MESSAGES));
    }

    private Optional<Manifest> train(TrainOptions options, ChatFile data) throws IOException {
        try (LoadedModel loaded = LoadedModel.open(model, FetchListener.SILENT)) {
            return new TrainRun(options, demonstrations(data, loaded), loaded).run(step -> {}, () -> false);
        }
    }

    private static List<int[]> prompts(ChatFile data, LoadedModel model) throws IOException {
        return data.map(row -> Evaluation.prompt(model, row), Path.of("rows"), false)
                .values();
    }

    private static ChatFile.Mapped<TokenizedChat> demonstrations(ChatFile data, LoadedModel model) throws IOException {
        return data.map(model::demonstration, Path.of("rows"), false);
    }

    @Test
    void aRandomModelLearnsToReverseText() throws IOException {
        ChatFile data = ChatFile.read(TinyChatModel.reverseText(folder.resolve("train.jsonl"), 1500, 1), false);
        ChatFile test = ChatFile.read(TinyChatModel.reverseText(folder.resolve("test.jsonl"), 100, 2), false);
        Manifest manifest = train(options(12, new Adaptation.Full(), 3e-3, "out", false), data)
                .orElseThrow();
        assertEquals(1500, manifest.rows());
        assertEquals(
                manifest.training().steps(),
                Files.readAllLines(folder.resolve("out/metrics.jsonl")).size());
        assertFalse(Files.exists(folder.resolve("out/checkpoints")));

        double before = accuracy(model, test);
        double after = accuracy(folder.resolve("out").toString(), test);
        assertTrue(before < 0.05, "before " + before);
        assertTrue(after > 0.6, "after " + after);
    }

    private static double accuracy(String model, ChatFile test) throws IOException {
        try (LoadedModel loaded = LoadedModel.open(model, FetchListener.SILENT);
                WorkerSnapshot snapshot = WorkerSnapshot.open(loaded.weights(), SamplingMode.EXACT)) {
            Evaluation.Answers answers = new Evaluation(loaded, snapshot, new Constraint.None())
                    .answer(prompts(test, loaded), 8, done -> {});
            return LabelScores.of(answers.outputs(), Evaluation.right(test)).exactMatch();
        }
    }

    private Process command(Path data, String out, String... more) throws IOException {
        return command(List.of(), data, out, more);
    }

    private Process command(List<String> launcher, Path data, String out, String... more) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "train",
                "--model",
                model,
                "--data",
                data.toString(),
                "--out",
                folder.resolve(out).toString(),
                "--batch-tokens",
                "300",
                "--save-every",
                "0"));
        List<String> given = List.of(more);
        command.addAll(given.contains("--epochs") ? List.of() : List.of("--epochs", "4"));
        command.addAll(given);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(out + ".log").toFile())
                .start();
    }

    @Test
    void aKilledCommandResumesToTheSameBytes() throws Exception {
        Path data = TinyChatModel.reverseText(folder.resolve("train.jsonl"), 300, 1);
        assertEquals(0, command(data, "whole").waitFor(), () -> log("whole"));
        Process killed = command(data, "killed");
        int at = 3 + new Random().nextInt(20);
        Path metrics = folder.resolve("killed/metrics.jsonl");
        while (killed.isAlive()
                && (!Files.exists(metrics) || Files.readAllLines(metrics).size() < at)) {
            Thread.sleep(5);
        }
        killed.destroyForcibly().waitFor();
        assertFalse(Files.exists(folder.resolve("killed").resolve(Manifest.FILE)), () -> log("killed"));
        assertThrows(
                IllegalArgumentException.class,
                () -> LoadedModel.open(folder.resolve("killed").toString(), FetchListener.SILENT));
        assertEquals(2, command(data, "killed", "--resume", "--lr", "0.01").waitFor(), () -> log("killed"));
        assertTrue(log("killed").contains("[lr] was [0.001] and is now [0.01]"), log("killed"));
        assertEquals(0, command(data, "killed", "--resume").waitFor(), () -> log("killed"));
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("whole/adapter_model.safetensors")),
                Files.readAllBytes(folder.resolve("killed/adapter_model.safetensors")),
                "killed at step " + at);
        assertEquals(2, command(data, "killed").waitFor());
        assertTrue(log("killed").contains("holds a finished run"), log("killed"));
    }

    @Test
    void interruptedItLeavesACheckpointAndSaysHowToGoOn() throws Exception {
        Path data = TinyChatModel.reverseText(folder.resolve("train.jsonl"), 300, 1);
        // A shell without job control starts what runs in the background with SIGINT ignored.
        // However long the signal takes, there is training left.
        Process process = command(List.of("env", "--default-signal=INT"), data, "out", "--epochs", "400");
        Path metrics = folder.resolve("out/metrics.jsonl");
        while (process.isAlive()
                && (!Files.exists(metrics) || Files.readAllLines(metrics).size() < 3)) {
            Thread.sleep(5);
        }
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        assertEquals(130, process.exitValue(), () -> log("out"));
        assertTrue(log("out").contains("--resume"), log("out"));
        assertTrue(Files.isDirectory(folder.resolve("out/checkpoints")));
    }

    @Test
    void aModelThatWillNotFitIsRefusedBeforeItIsLoaded() throws IOException {
        ChatFile data = ChatFile.read(TinyChatModel.reverseText(folder.resolve("train.jsonl"), 10, 1), false);
        TrainOptions small = options(1, new Adaptation.Full(), 1e-3, "out", false);
        TrainOptions huge = new TrainOptions(
                model,
                small.plan(),
                new Adaptation.Lora(1 << 28, 1, 0),
                64,
                OverLong.DROP,
                64,
                false,
                Precision.FP32,
                Duration.ZERO,
                small.out(),
                false,
                Taught.in(PromptForm.MESSAGES));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> train(huge, data));
        assertTrue(
                e.getMessage().contains("MiB] of memory") && e.getMessage().contains("--micro-batch-tokens"),
                e.getMessage());
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void aModelThatWillNotFitIsNotGeneratedWith() throws IOException {
        try (LoadedModel loaded = LoadedModel.open(model, FetchListener.SILENT)) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> loaded.requireMemory(SamplingMode.EXACT, 4, 64, 1 << 20))
                    .getMessage();
            assertTrue(message.contains("[1 MiB] are available"), message);
            loaded.requireMemory(SamplingMode.EXACT, 4, 64, 8L << 30);
        }
    }

    /** A sequence that is longer than a micro-batch is computed whole. */
    @Test
    void memoryIsThatOfTheLongestRow() throws IOException {
        TrainOptions options = options(1, new Adaptation.Lora(2, 4, 0), 1e-3, "out", false);
        long before = 0;
        for (int length : new int[] {2, 24, 48}) {
            Path file = folder.resolve("rows-" + length + ".jsonl");
            Files.writeString(file, "{\"input\": \"a\", \"output\": \"%s\"}%n".formatted("b".repeat(length)));
            try (LoadedModel loaded = LoadedModel.open(model, FetchListener.SILENT)) {
                TrainOptions small = new TrainOptions(
                        options.model(),
                        options.plan(),
                        options.adaptation(),
                        1000,
                        OverLong.DROP,
                        4,
                        false,
                        Precision.FP32,
                        Duration.ZERO,
                        options.out(),
                        false,
                        Taught.in(PromptForm.MESSAGES));
                long bytes = new TrainRun(small, demonstrations(ChatFile.read(file, false), loaded), loaded)
                        .forecast()
                        .memoryBytes();
                assertTrue(bytes > before, length + ": " + bytes + " after " + before);
                before = bytes;
            }
        }
    }

    /** A run is resumed under the same settings alone, and the weights are one of them. */
    @Test
    void weightsAreKnownByTheirContent() throws IOException {
        String first = hash(TinyChatModel.write(folder.resolve("first")));
        Path second = TinyChatModel.write(folder.resolve("second"));
        assertEquals(first, hash(second));
        Path file = second.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertNotEquals(first, hash(second));
        ChatFile data = ChatFile.read(TinyChatModel.reverseText(folder.resolve("train.jsonl"), 10, 1), false);
        try (LoadedModel loaded = LoadedModel.open(second.toString(), FetchListener.SILENT)) {
            TrainOptions options = options(1, new Adaptation.Full(), 1e-3, "out", false);
            assertEquals(
                    loaded.hash(),
                    new TrainRun(options, demonstrations(data, loaded), loaded)
                            .forecast()
                            .settings()
                            .get("model-sha256"));
        }
    }

    private static String hash(Path model) throws IOException {
        try (LoadedModel loaded = LoadedModel.open(model.toString(), FetchListener.SILENT)) {
            return loaded.hash();
        }
    }

    @Test
    void aPromptLongerThanTheModelIsCountedAndItsNeighboursAreAnswered() throws IOException {
        Path file = folder.resolve("long.jsonl");
        String row = "{\"input\": \"%s\", \"output\": \"b\"}%n";
        Files.writeString(file, row.formatted("a") + row.formatted("a".repeat(100)) + "%n" + row.formatted("b"));
        Files.writeString(file, Files.readString(file).replace("%n", "\n"));
        ChatFile data = ChatFile.read(file, false);
        assertEquals(List.of(1, 2, 4), data.lines());
        try (LoadedModel loaded = LoadedModel.open(model, FetchListener.SILENT);
                WorkerSnapshot snapshot = loaded.sampler(SamplingMode.EXACT, 3, 64)) {
            Evaluation.Answers answers = new Evaluation(loaded, snapshot, new Constraint.None())
                    .answer(prompts(data, loaded), 4, done -> {});
            assertEquals(1, answers.overLong());
            assertEquals("", answers.outputs().get(1));
            assertEquals(3, answers.outputs().size());
            assertTrue(answers.completionTokens() >= 2, answers.toString());
        }
    }

    @Test
    void aLineThatTheModelCannotTakeIsNamedByItsNumberAndCanBeSkipped() throws IOException {
        Path file = folder.resolve("refused.jsonl");
        Files.writeString(
                file,
                "\n{\"input\": \"a\", \"output\": \"b\"}\n"
                        + "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\","
                        + " \"tool_calls\": [{\"function\": {\"name\": \"f\"}}]}]}\n"
                        + "nonsense\n"
                        + "{\"messages\": [{\"role\": \"system\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"b\"}]}\n");
        ChatFile data = ChatFile.read(file, true);
        try (LoadedModel loaded = LoadedModel.open(model, FetchListener.SILENT)) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> data.map(row -> Evaluation.prompt(loaded, row), file, false))
                    .getMessage();
            assertTrue(message.contains("line 3: ends with a tool call"), message);
            assertTrue(message.contains("knows no system"), message);
            ChatFile skipped =
                    data.map(row -> Evaluation.prompt(loaded, row), file, true).file();
            assertEquals(List.of(2), skipped.lines());
            assertEquals(
                    List.of(3, 4, 5),
                    skipped.bad().stream().map(ChatFile.BadLine::line).toList());
            ChatFile trainable = data.map(loaded::demonstration, file, true).file();
            assertFalse(trainable.lines().contains(5), trainable.lines().toString());
        }
    }

    @Test
    void aRunThatWasKilledBeforeItsFirstCheckpointIsResumedFromItsStart() throws IOException {
        ChatFile data = ChatFile.read(TinyChatModel.reverseText(folder.resolve("train.jsonl"), 10, 1), false);
        Path out = Files.createDirectories(folder.resolve("early"));
        assertFalse(new RunFolder(out).isBegun());
        Files.writeString(out.resolve("metrics.jsonl"), "{\"step\":1}\n");
        assertTrue(new RunFolder(out).isBegun());
        train(options(1, new Adaptation.Lora(2, 4, 0), 1e-3, "early", true), data);
        assertTrue(Files.exists(out.resolve(Manifest.FILE)));
        assertTrue(Files.readAllLines(out.resolve("metrics.jsonl")).getFirst().contains("\"loss\""));
    }

    /** What the user keeps there stays as it is, and no run is said to go on. */
    @Test
    void aFolderWithSomethingElseIsNoRun() throws IOException {
        ChatFile data = ChatFile.read(TinyChatModel.reverseText(folder.resolve("train.jsonl"), 10, 1), false);
        Path notes = Files.writeString(
                Files.createDirectories(folder.resolve("notes")).resolve("notes.txt"), "mine");
        for (boolean resume : new boolean[] {false, true}) {
            TrainOptions options = options(1, new Adaptation.Full(), 1e-3, "notes", resume);
            String message = assertThrows(IllegalArgumentException.class, () -> train(options, data))
                    .getMessage();
            assertTrue(message.contains(resume ? "no run to resume" : "what it holds is no run"), message);
        }
        try (Stream<Path> inside = Files.list(notes.getParent())) {
            assertEquals(List.of(notes), inside.toList());
        }
    }

    @Test
    void thereMustBeARunToResume() throws IOException {
        ChatFile data = ChatFile.read(TinyChatModel.reverseText(folder.resolve("train.jsonl"), 10, 1), false);
        TrainOptions options = options(1, new Adaptation.Full(), 1e-3, "missing", true);
        String message = assertThrows(IllegalArgumentException.class, () -> train(options, data))
                .getMessage();
        assertTrue(message.contains("no run to resume in [") && message.contains("missing"), message);
        assertFalse(Files.exists(folder.resolve("missing")));
    }

    /** No file may grow over 16 KiB: the system refuses the write, as it does when a disk is full. */
    @Test
    void aDiskThatTakesNoMoreIsNamedAndNothingIsLeftHalfWritten() throws Exception {
        Path data = TinyChatModel.reverseText(folder.resolve("train.jsonl"), 300, 1);
        Process process = command(List.of("sh", "-c", "ulimit -f 32; exec \"$@\"", "sh"), data, "limited", "--full");
        assertEquals(1, process.waitFor(), () -> log("limited"));
        String log = log("limited");
        assertTrue(log.contains("File too large") && log.contains("step-0000000001.part"), log);
        assertFalse(log.contains("A fault in Hone"), log);
        Path out = folder.resolve("limited");
        try (Stream<Path> left = Files.walk(out)) {
            assertEquals(
                    List.of(),
                    left.filter(path -> path.toString().contains(".part")).toList());
        }
        assertFalse(Files.exists(out.resolve(Manifest.FILE)));
    }

    private String log(String out) {
        try {
            return Files.readString(folder.resolve(out + ".log"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
