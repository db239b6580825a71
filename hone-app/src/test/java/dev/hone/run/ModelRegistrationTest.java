package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.cli.HoneScript;
import dev.hone.cli.HoneScript.Outcome;
import dev.hone.fetch.FetchListener;
import dev.hone.record.ModelVersion;
import dev.hone.record.RunLog;
import dev.hone.record.StoredGrader;
import dev.hone.store.Aliases;
import dev.hone.store.BundledDatabase;
import dev.hone.store.Database;
import dev.hone.store.Evaluations;
import dev.hone.store.ModelVersions;
import dev.hone.store.Runs;
import dev.hone.store.UseCases;
import dev.hone.tensor.SafetensorsWriter;
import dev.hone.train.StoredModel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A run from a tiny model and another that went on from it become versions; commands run as a user starts them. */
@Timeout(600)
final class ModelRegistrationTest {
    @TempDir
    static Path home;

    @TempDir
    static Path made;

    private static Database database;

    @TempDir
    Path folder;

    @BeforeAll
    static void make() throws IOException {
        database = Database.open(Map.of(), home, text -> {});
        Path model = TinyChatModel.write(made.resolve("model"));
        Path taught = run("taught", model, Map.of("method", "sft", "seed", "5", "prompt", "brief-tools"));
        Path rewarded = run("rewarded", taught, Map.of("method", "grpo"));
        List<Map<String, Object>> samples = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            samples.add(Map.of(
                    "step",
                    1 + i / 8,
                    "task",
                    "a",
                    "output",
                    "text " + i,
                    "reward",
                    i / 16.0,
                    "reason",
                    "",
                    "tokens",
                    i,
                    "end",
                    "END"));
        }
        StepLines.open(rewarded.resolve(ReinforcementRun.SAMPLES), 0).lines().append(samples);
    }

    /** What a run of two steps leaves, without the time that it takes: an adapter of the first query projection. */
    private static Path run(String name, Path from, Map<String, String> settings) throws IOException {
        Path run = Files.createDirectories(made.resolve(name));
        String module = "base_model.model.model.layers.0.self_attn.q_proj.lora_";
        SafetensorsWriter.write(
                run.resolve("adapter_model.safetensors"),
                Map.of("format", "pt"),
                List.of(constant(module + "A.weight", 2, 64), constant(module + "B.weight", 64, 2)));
        Map<String, Object> config =
                Map.of("peft_type", "LORA", "r", 2, "lora_alpha", 4, "base_model_name_or_path", from.toString());
        Files.writeString(
                run.resolve(StoredModel.ADAPTER_CONFIG), JsonMapper.shared().writeValueAsString(config));
        for (String file : List.of("tokenizer.json", "tokenizer_config.json")) {
            Files.copy(from.resolve(file), run.resolve(file));
        }
        StepLines.open(new RunFolder(run).metrics(), 0)
                .lines()
                .append(List.of(Map.of("step", 1, "loss", 0.2), Map.of("step", 2, "loss", 0.1)));
        Map<String, String> all = new TreeMap<>(settings);
        all.put(Manifest.MODEL_HASH, LoadedModel.hash(from));
        Manifest.Training training = new Manifest.Training(2, 1, 120, 60, 0.1, 2, null, 1L << 20);
        new Manifest(Manifest.SCHEMA, from.toString(), "letters", 2, all, training, Versions.current()).write(run);
        return run;
    }

    private static SafetensorsWriter.Entry constant(String name, long rows, long columns) {
        byte[] bytes = new byte[Math.toIntExact(rows * columns * Float.BYTES)];
        FloatBuffer floats =
                ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
        while (floats.hasRemaining()) {
            floats.put(0.01f);
        }
        return new SafetensorsWriter.Entry(
                name, List.of(rows, columns), sink -> sink.accept(MemorySegment.ofArray(bytes)));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    /** The runs and their model in a folder of its own, with paths that lead there. */
    private Path runs() throws IOException {
        for (String name : List.of("model", "taught", "rewarded")) {
            Path copy = Files.createDirectories(folder.resolve(name));
            try (Stream<Path> files = Files.list(made.resolve(name))) {
                for (Path file : files.toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
        }
        // The manifest of the first is part of what the second was trained on.
        for (String file :
                List.of("taught/adapter_config.json", "rewarded/adapter_config.json", "rewarded/hone-run.json")) {
            Path named = folder.resolve(file);
            Files.writeString(named, Files.readString(named).replace(made.toString(), folder.toString()));
        }
        return folder;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static ModelRegistration.Result register(
            Path home, String useCase, @Nullable Path report, @Nullable String alias, Path... runs) throws IOException {
        StoredGrader grader = new StoredGrader("length", "numeric", "{\"odd\": true}");
        return new ModelRegistration(database, home)
                .register(new ModelRegistration.Order(useCase, null, List.of(runs), report, grader, alias, "tester"));
    }

    private static String refusal(String useCase, @Nullable Path report, Path... runs) {
        return assertThrows(IllegalArgumentException.class, () -> register(home, useCase, report, null, runs))
                .getMessage();
    }

    private Path report(String useCase, String baseHash) throws IOException {
        return Files.writeString(
                folder.resolve("report.json"),
                JsonMapper.shared()
                        .writeValueAsString(Map.of(
                                "useCase",
                                useCase,
                                "baseModelHash",
                                baseHash,
                                "dataHash",
                                "letters",
                                "seed",
                                3,
                                "contenders",
                                List.of())));
    }

    private static String baseHash() throws IOException {
        return Manifest.read(made.resolve("taught")).orElseThrow().modelHash();
    }

    private static List<Path> artifacts(Path home) throws IOException {
        Files.createDirectories(home.resolve("artifacts"));
        try (Stream<Path> files = Files.list(home.resolve("artifacts"))) {
            return files.filter(file -> !file.getFileName().toString().equals(".lock"))
                    .toList();
        }
    }

    @Test
    void aVersionIsWholeWhenAllFoldersAreGoneAndTheHomeHasMoved() throws Exception {
        Path runs = runs();
        Path own = Files.createDirectories(folder.resolve("home"));
        String hash = LoadedModel.hash(runs.resolve("rewarded"));
        ModelRegistration.Result result = register(own, "gone", null, null, runs.resolve("rewarded"));
        assertEquals(List.of("gone/1", "gone/2"), result.fresh(), "it brings along what it began with");
        assertEquals(3, artifacts(own).size());
        for (ModelVersion each : new ModelVersions(database).list(new UseCases(database).require("gone"))) {
            String began = each.run().baseModel();
            assertTrue(
                    began.matches((each.number() == 1 ? "model" : "taught") + " \\(artifacts/[0-9a-f]{12}\\)"), began);
            assertEquals(
                    1,
                    artifacts(own).stream()
                            .filter(folder -> folder.toString()
                                    .contains(began.substring(began.indexOf('(') + 1, began.length() - 1)))
                            .count(),
                    "the copy that it stands on");
        }
        for (String name : List.of("model", "taught", "rewarded")) {
            delete(runs.resolve(name));
        }
        Path moved = Files.move(own, folder.resolve("moved"));
        ModelVersion version = result.versions().getLast();
        Artifacts artifacts = new Artifacts(moved);
        Path kept = artifacts.require(version);
        LoadedModel.open(kept.toString(), FetchListener.SILENT).close();
        assertEquals(hash, LoadedModel.hash(kept));
        Path below = StoredModel.below(kept).orElseThrow();
        assertEquals(LoadedModel.hash(made.resolve("taught")), LoadedModel.hash(below));
        assertEquals(baseHash(), LoadedModel.hash(StoredModel.base(kept)));
        assertTrue(
                StoredModel.base(kept).startsWith(moved), StoredModel.base(kept).toString());
        assertEquals(PromptForm.BRIEF_TOOLS, Taught.of(kept).form(), "as the run below it was taught");
        assertEquals(Artifacts.State.INTACT, artifacts.state(version.artifact()));
        String listed =
                new String(new ProcessBuilder("sh", "-c", "cd '" + kept + "' && LC_ALL=C sha256sum * | sha256sum")
                        .start()
                        .getInputStream()
                        .readAllBytes());
        assertTrue(listed.startsWith(version.artifact()), listed);
        Path tensors = kept.resolve("adapter_model.safetensors");
        assertFalse(Files.getPosixFilePermissions(tensors).toString().contains("WRITE"));
        Path template = below.resolve("tokenizer_config.json");
        assertTrue(template.toFile().setWritable(true));
        Files.writeString(template, Files.readString(template) + " ");
        assertEquals(Artifacts.State.CHANGED, artifacts.state(version.artifact()), "below it");
        delete(below);
        assertEquals(Artifacts.State.MISSING, artifacts.state(version.artifact()), "below it");
        delete(kept);
        assertEquals(Artifacts.State.MISSING, artifacts.state(version.artifact()));
        String message = assertThrows(IllegalArgumentException.class, () -> artifacts.require(version))
                .getMessage();
        assertTrue(message.contains("[gone/2] are not here") && message.contains(kept.toString()), message);
    }

    /** A base model in the home is told as it is seen from there: a copy of the home elsewhere has it there, and opens the version. */
    @Test
    void aBaseModelInTheHomeIsSeenFromIt() throws Exception {
        Path own = Files.createDirectories(folder.resolve("inside"));
        Path base = TinyChatModel.write(
                Files.createDirectories(own.resolve("bases")).resolve("tiny"));
        ModelVersion version = register(own, "inside", null, null, run("from-inside", base, Map.of("method", "sft")))
                .versions()
                .getFirst();
        assertEquals("bases/tiny", version.run().baseModel());
        Path copy = folder.resolve("copied");
        try (Stream<Path> files = Files.walk(own)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(own.relativize(file).toString()));
            }
        }
        Files.move(own, folder.resolve("away"));
        Path kept = new Artifacts(copy).require(version);
        LoadedModel.open(kept.toString(), FetchListener.SILENT).close();
        assertTrue(
                StoredModel.base(kept).startsWith(copy), StoredModel.base(kept).toString());
        assertEquals(
                version.run().baseModelHash(),
                LoadedModel.hash(copy.resolve(version.run().baseModel())),
                "what it says that it began with is there, too");
    }

    @Test
    void runsWithTheirFiguresTheReportAndTheAliasAreKeptOnce() throws IOException {
        Path report = report("once", baseHash());
        Path taught = made.resolve("taught");
        Path rewarded = made.resolve("rewarded");
        ModelRegistration.Result first = register(home, "once", report, "candidate", taught, rewarded);
        assertEquals(List.of("once/1", "once/2"), first.fresh());
        assertTrue(first.reportAdded());
        ModelRegistration.Result again = register(home, "once", report, "candidate", taught, rewarded);
        assertEquals(
                List.of(first.versions(), List.of(), false, first.alias()),
                List.of(again.versions(), again.fresh(), again.reportAdded(), again.alias()));
        ModelVersion last = again.versions().getLast();
        assertEquals(
                List.of("once/1", List.of("candidate"), 1), List.of(last.parent(), last.aliases(), last.evaluations()));
        RunLog log = new Runs(database).log(last.runId());
        assertEquals(List.of(2, 16), List.of(log.metrics().size(), log.samples().size()));
        JsonNode line = JsonMapper.shared()
                .readTree(Files.readAllLines(rewarded.resolve("samples.jsonl")).get(9));
        RunLog.Tried tenth = log.samples().get(9);
        assertEquals(line.path("output").asString(), tenth.output());
        assertEquals(line.path("reward").asDouble(), tenth.reward());
        assertEquals(2, tenth.step());
        assertEquals(
                0,
                new Runs(database)
                        .log(again.versions().getFirst().runId())
                        .samples()
                        .size());
        assertEquals(
                List.of(Files.readString(report), "length"),
                new Evaluations(database)
                        .of(last.id()).stream()
                                .flatMap(one -> Stream.of(one.report(), one.grader()))
                                .toList());
        assertEquals(
                1,
                new Aliases(database)
                        .changes(new UseCases(database).require("once"))
                        .size());
        Path kept = new Artifacts(home).require(last);
        assertEquals(
                List.of(), register(home, "once", null, null, kept).fresh(), "a version's own folder is that version");
    }

    @Test
    void aRunThatWentOnFromAVersionHasItAsItsParent() throws IOException {
        Path runs = runs();
        ModelVersion taught = register(home, "went-on", null, null, runs.resolve("taught"))
                .versions()
                .getFirst();
        Path config = runs.resolve("rewarded/adapter_config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace(
                                runs.resolve("taught").toString(),
                                new Artifacts(home).require(taught).toString()));
        delete(runs.resolve("taught"));
        ModelRegistration.Result result = register(home, "went-on", null, null, runs.resolve("rewarded"));
        assertEquals(List.of("went-on/2"), result.fresh());
        assertEquals("went-on/1", result.versions().getFirst().parent());
    }

    @Test
    void whatCannotBeAVersionIsNamed() throws IOException {
        Path runs = runs();
        Path begun = Files.createDirectories(folder.resolve("begun"));
        Files.writeString(begun.resolve("metrics.jsonl"), "");
        assertTrue(refusal("bad", null, begun).contains("[" + begun + "] is not finished"));
        assertTrue(refusal("bad", null, runs.resolve("model")).contains("is not the folder of a run"));
        Path other = report("another", baseHash());
        assertTrue(refusal("bad", other, runs.resolve("taught")).contains("[another], not [bad]"));
        Path stranger = report("bad", "feed");
        assertTrue(refusal("bad", stranger, runs.resolve("rewarded")).contains("[feed…]"));
        Files.writeString(stranger, "{\"seed\": \"x\"}");
        assertTrue(refusal("bad", stranger, runs.resolve("taught"))
                .contains("lacks [baseModelHash, contenders, dataHash, seed, useCase]"));
        assertThrows(IllegalArgumentException.class, () -> new UseCases(database).require("bad"), "nothing was stored");
        Files.writeString(
                runs.resolve("taught/hone-run.json"),
                Files.readString(runs.resolve("taught/hone-run.json")).replace("\"seed\" : \"5\"", "\"seed\" : \"6\""));
        String moved = refusal("bad", null, runs.resolve("rewarded"));
        assertTrue(moved.contains("was trained on weights with the hash"), moved);
    }

    @Test
    void aRunWhoseFilesWereChangedIsNotAddedAgain() throws IOException {
        Path taught = runs().resolve("taught");
        register(home, "changed", null, null, taught);
        Files.writeString(taught.resolve("chat_template.jinja"), "{{ messages[0].content }}");
        String message = refusal("changed", null, taught);
        assertTrue(message.contains("[" + taught + "] were changed") && message.contains("[changed/1]"), message);
        assertEquals(
                1,
                new ModelVersions(database)
                        .list(new UseCases(database).require("changed"))
                        .size());
    }

    private static List<String> words(String line) {
        return List.of(line.split(" "));
    }

    /** Whoever deletes the last version with the same files does not know of one that is about to be registered. */
    @Test
    void filesThatWentBeforeTheVersionWasThereAreKeptAgain() throws Exception {
        Path taught = runs().resolve("taught");
        Path config = taught.resolve("tokenizer_config.json");
        Files.writeString(config, Files.readString(config) + "\n\n");
        UUID useCase = new UseCases(database).obtain("kept-again");
        Artifacts artifacts = new Artifacts(home);
        Set<String> before = Set.copyOf(artifacts.all());
        FutureTask<ModelRegistration.Result> registering = new FutureTask<>(() -> new ModelRegistration(database, home)
                .register(new ModelRegistration.Order("kept-again", null, List.of(taught), null, null, null, "test")));
        List<String> deleted = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:%d/postgres"
                                .formatted(new BundledDatabase(home).status().port()),
                        "hone",
                        Files.readString(home.resolve("db/password")).strip());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT id FROM use_case WHERE id = '%s' FOR UPDATE".formatted(useCase));
            Thread.ofPlatform().start(registering);
            while (!statement
                    .executeQuery("SELECT pid FROM pg_locks WHERE NOT granted")
                    .next()) {
                assertFalse(registering.isDone(), "it waits for nobody");
                Thread.sleep(20);
            }
            for (String hash : artifacts.all()) {
                if (!before.contains(hash)
                        && Files.exists(artifacts.folder(hash).resolve(StoredModel.ADAPTER_CONFIG))) {
                    assertTrue(artifacts.delete(hash, Instant.now().plusSeconds(60)));
                    deleted.add(hash);
                }
            }
            connection.rollback();
        }
        ModelVersion version = registering.get().versions().getLast();
        assertEquals(List.of(version.artifact()), deleted);
        assertEquals(Artifacts.State.INTACT, artifacts.state(version.artifact()));
    }

    /** Two processes at once, after one that was killed as its first files appeared. */
    @Test
    void killedAndAtOnceAddOne() throws Exception {
        Path taught = runs().resolve("taught");
        Path config = taught.resolve("tokenizer_config.json");
        Files.writeString(config, Files.readString(config) + " ");
        List<List<String>> add = List.of(words("models add %s --use-case raced --alias live --json".formatted(taught)));
        Path errors = folder.resolve("errors");
        int before = artifacts(home).size();
        Process killed = HoneScript.start(home, errors, add);
        while (killed.isAlive() && artifacts(home).size() == before) {
            Thread.sleep(1);
        }
        killed.destroyForcibly().waitFor();
        Files.writeString(
                Files.createDirectories(home.resolve("artifacts/.half.part")).resolve("config.json"), "{");
        Process one = HoneScript.start(home, errors, add);
        Process two = HoneScript.start(home, folder.resolve("errors of two"), add);
        int added = 0;
        for (Process process : List.of(one, two)) {
            Outcome outcome = HoneScript.outcomes(process).getFirst();
            assertEquals(0, outcome.exit(), Files.readString(errors));
            added += JsonMapper.shared().readTree(outcome.last()).path("added").size();
        }
        assertTrue(added <= 1, "by the killed one or by one of these, not [" + added + "] times");
        for (String name : List.of("taught", "model")) {
            delete(folder.resolve(name));
        }
        List<Outcome> outcomes = HoneScript.run(
                home,
                errors,
                List.of(
                        words("models list --use-case raced --json"),
                        words("models show raced@live --json"),
                        words("models alias raced/1 previous"),
                        words("models alias raced/9 live"),
                        words("models show raced@previous"),
                        words("models remove-alias raced@live --json"),
                        words("chat --model raced@live --prompt ab"),
                        words("chat --model raced/1 --prompt ab --json")));
        assertEquals(
                List.of(0, 0, 0, 2, 0, 0, 2, 0),
                outcomes.stream().map(Outcome::exit).toList(),
                Files.readString(errors));
        JsonNode list = JsonMapper.shared().readTree(outcomes.get(0).last()).path("versions");
        assertEquals(1, list.size());
        JsonNode shown = JsonMapper.shared().readTree(outcomes.get(1).last());
        assertEquals("INTACT", shown.path("files").asString());
        assertEquals(2, shown.path("metrics").asInt());
        assertEquals(1, shown.path("history").size());
        assertTrue(
                outcomes.get(4).out().contains("version raced/1"),
                outcomes.get(4).out());
        String said = Files.readString(errors);
        assertTrue(
                said.contains("There is no model version [raced/9], but [raced/1, raced@live, raced@previous]"), said);
        assertTrue(said.contains("There is no model version [raced@live], but [raced/1, raced@previous]"), said);
        assertTrue(
                artifacts(home).stream().noneMatch(path -> path.toString().endsWith(".part")), "no half copy is left");
    }
}
