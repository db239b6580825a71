package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.run.TinyChatModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code hone train --method grpo} as somebody types it: a random model is rewarded for the letter that it is asked for. */
@Timeout(300)
final class RewardTrainingTest {
    @TempDir
    Path folder;

    private String model = "";
    private String charter = "";
    private String data = "";
    private String out = "";
    private String errors = "";

    @BeforeEach
    void write() throws IOException {
        model = TinyChatModel.write(folder.resolve("model")).toString();
        charter = Files.writeString(folder.resolve("letters.yaml"), """
                name: letters
                owner: Ada
                job: Says the letter.
                good: {kind: string_check, operation: like}
                viewers: [everyone]
                """).toString();
        StringBuilder rows = new StringBuilder();
        for (String letter : "abcdefgh".split("")) {
            rows.append("""
                    {"trace":"trace-%1$s","messages":[{"role":"user","content":"%1$s"},{"role":"assistant","content":"%1$s"}],"metadata":{"part":"%1$s"}}
                    """.formatted(letter));
        }
        data = Files.writeString(folder.resolve("letters.train.jsonl"), rows).toString();
    }

    private int run(String... options) {
        List<String> command = new ArrayList<>(List.of("train", "--data", data, "--model", model));
        command.addAll(List.of(options));
        if (!command.contains("--out")) {
            command.addAll(List.of("--out", folder.resolve("out").toString()));
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream wrong = new ByteArrayOutputStream();
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(wrong, true, StandardCharsets.UTF_8));
        try {
            return HoneCommand.run(command.toArray(String[]::new));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
            out = said.toString(StandardCharsets.UTF_8);
            errors = wrong.toString(StandardCharsets.UTF_8);
        }
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(out.lines().reduce((a, b) -> b).orElse("{}"));
    }

    private List<JsonNode> lines(String file) throws IOException {
        return Files.readAllLines(folder.resolve("out").resolve(file)).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    private static final String[] EVERYTHING = {
        "--method",
        "grpo",
        "--steps",
        "3",
        "--prompts",
        "4",
        "--samples",
        "6",
        "--max-tokens",
        "5",
        "--temperature",
        "0.9",
        "--mode",
        "exact",
        "--advantages",
        "leave_one_out",
        "--normalisation",
        "constant",
        "--updates",
        "2",
        "--passes",
        "2",
        "--clip-low",
        "0.1",
        "--clip-high",
        "0.3",
        "--importance-cap",
        "3",
        "--kl",
        "0.05",
        "--lr",
        "0.01",
        "--seed",
        "4"
    };

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void everyOptionReachesTheRunAndTheRunItsFolder() throws IOException {
        assertEquals(0, run(with(EVERYTHING, "--charter", charter, "--lora-rank", "4", "--json")), errors);
        JsonNode result = json();
        assertEquals("finished", result.path("status").asString());
        JsonNode settings = result.path("run").path("settings");
        assertEquals(
                List.of(
                        "grpo",
                        "3",
                        "4",
                        "6",
                        "5",
                        "0.9",
                        "exact",
                        "leave_one_out",
                        "constant",
                        "2",
                        "2",
                        "Ppo[low=0.1, high=0.3, dual=3.0]",
                        "3.0",
                        "0.05",
                        "0.01",
                        "4",
                        "4",
                        "letters",
                        "messages"),
                Stream.of(
                                "method",
                                "steps",
                                "prompts",
                                "samples",
                                "max-tokens",
                                "temperature",
                                "mode",
                                "advantages",
                                "normalisation",
                                "updates",
                                "passes",
                                "loss",
                                "importance-cap",
                                "kl",
                                "lr",
                                "seed",
                                "lora-rank",
                                "use-case",
                                "prompt")
                        .map(name -> settings.path(name).asString())
                        .toList());
        assertTrue(result.path("run").path("training").path("finalReward").isNumber(), out);
        List<JsonNode> steps = lines("metrics.jsonl");
        assertEquals(3, steps.size());
        assertTrue(steps.getLast().path("klToReference").asDouble() != 0, "no reference: " + steps.getLast());
        List<JsonNode> samples = lines("samples.jsonl");
        assertEquals(3 * 4 * 6, samples.size());
        assertTrue(
                samples.stream().allMatch(one -> one.path("task").asString().startsWith("trace-")),
                samples.getFirst().toString());
        assertTrue(errors.contains("reinforcing 3/3  ") && errors.contains("reward "), errors);
        assertTrue(errors.contains("tried on 8 right answers and 8 corrupted ones: it fails on 0"), errors);
        assertEquals(2, run(with(EVERYTHING, "--charter", charter)));
        assertTrue(errors.contains("holds a finished run"), errors);
    }

    @Test
    void aPlanIsToldAndNothingIsDone() throws IOException {
        Files.writeString(
                Path.of(data),
                "{\"messages\":[]}\n{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"},{\"role\":\"assistant\",\"content\":\"a\"}]}\n"
                        .formatted("abcdefgh".repeat(20)),
                StandardOpenOption.APPEND);
        assertEquals(2, run("--method", "grpo", "--charter", charter, "--dry-run"));
        assertTrue(errors.contains("has [1] bad lines of [10]") && errors.contains("--skip-bad"), errors);
        assertEquals(
                0,
                run("--method", "grpo", "--charter", charter, "--dry-run", "--skip-bad", "--max-tokens", "8", "--json"),
                errors);
        JsonNode result = json();
        assertEquals("dry-run", result.path("status").asString());
        assertEquals(8, result.path("plan").path("tasks").asInt());
        assertEquals(50, result.path("plan").path("steps").asInt());
        assertEquals(8 * 8, result.path("plan").path("samplesPerStep").asInt(), "of 16 tasks a step, there are 8");
        assertEquals(1, result.path("leftOut").path("badLines").asInt());
        assertEquals(1, result.path("leftOut").path("tooLong").asInt());
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void whatMeansNothingIsRefused() {
        assertEquals(2, run("--method", "grpo"));
        assertTrue(errors.contains("name it with --charter"), errors);
        assertEquals(2, run("--method", "grpo", "--charter", charter, "--epochs", "2"));
        assertTrue(errors.contains("--epochs does nothing with --method grpo"), errors);
        assertEquals(2, run("--kl", "0.1"));
        assertTrue(errors.contains("--kl does nothing with --method sft"), errors);
        assertEquals(2, run("--method", "grpo", "--charter", charter, "--samples", "1"));
        assertTrue(errors.contains("samples must be at least 2: they are each other's baseline, not [1]"), errors);
        assertEquals(2, run("--method", "grpo", "--charter", charter, "--clip-low", "2"));
        assertTrue(errors.contains("Clipping needs low in [0, 1]"), errors);
        assertEquals(2, run("--method", "grpo", "--charter", charter, "--resume", "--max-tokens", "8"));
        assertTrue(errors.contains("There is no run to resume"), errors);
    }
}
