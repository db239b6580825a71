package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo as a process of its own, killed in every stage and started again, on a file and a tiny model. */
@Tag("slow")
@Timeout(1200)
final class LoopKillTest {
    /** What the demo says when a stage begins. */
    private static final List<String> STAGES =
            List.of("Measuring this machine", "Fine-tuning on", "Reinforcement:", "Judging on");

    @TempDir
    private Path folder;

    private Process demo(Path model, Path data, String out) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "demo",
                        "--data",
                        data.toString(),
                        "--model",
                        model.toString(),
                        "--minutes",
                        "2",
                        "--out",
                        folder.resolve(out).toString(),
                        "--json"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(out).toFile()));
        builder.environment().put("HONE_HOME", folder.resolve("home-" + out).toString());
        return builder.start();
    }

    private Path log(String out) {
        return folder.resolve(out + ".log");
    }

    private String said(String out) {
        try {
            return Files.exists(log(out)) ? Files.readString(log(out)) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void killedInEveryStageItEndsAsIfItHadNotBeen() throws Exception {
        Path model = TinyChatModel.write(folder.resolve("tiny"));
        Path data = TinyChatModel.reverseText(folder.resolve("reverse.jsonl"), 300, 1);
        assertEquals(0, demo(model, data, "whole").waitFor(), () -> said("whole"));
        // The plan follows from the machine's speed at that moment: the same amounts for both.
        Files.createDirectories(folder.resolve("killed"));
        Random random = new Random();
        List<String> moments = new ArrayList<>();
        for (String stage : STAGES) {
            if (stage.equals(STAGES.get(1))) {
                Files.copy(
                        folder.resolve("whole/plan.json"),
                        folder.resolve("killed/plan.json"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            Process process = demo(model, data, "killed");
            int from = said("killed").length();
            while (process.isAlive() && !said("killed").substring(from).contains(stage)) {
                Thread.sleep(5);
            }
            int pause = random.nextInt(1500);
            moments.add(stage + " +" + pause + " ms");
            process.waitFor(pause, TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
        }
        assertEquals(0, demo(model, data, "killed").waitFor(), () -> said("killed"));
        assertEquals(outcome("whole"), outcome("killed"), () -> "killed at " + moments);
        for (String run : List.of("model", "reinforced")) {
            Path metrics = folder.resolve("killed").resolve(run).resolve("metrics.jsonl");
            List<Long> steps = Files.readAllLines(metrics).stream()
                    .map(line -> JsonMapper.shared().readTree(line).path("step").asLong())
                    .toList();
            Set<Long> different = new HashSet<>(steps);
            assertEquals(steps.size(), different.size(), run + " has a step twice");
            assertFalse(Files.exists(folder.resolve("killed").resolve(run).resolve("checkpoints")));
        }
        assertTrue(Files.exists(folder.resolve("killed/report.html")));
        assertTrue(said("killed").contains("reverse@candidate is version 2"), () -> said("killed"));
    }

    /** What must not depend on interruptions: everyone's quality, the comparisons, and what was trained. */
    private List<String> outcome(String out) throws IOException {
        JsonNode report = JsonMapper.shared()
                .readTree(Files.readAllBytes(folder.resolve(out).resolve("report.json")));
        List<String> outcome = new ArrayList<>();
        for (JsonNode contender : report.path("contenders")) {
            outcome.add(contender.path("name") + " " + contender.path("rows") + " " + contender.path("quality"));
        }
        report.path("comparisons").forEach(comparison -> outcome.add(comparison.toString()));
        outcome.add(report.path("training").path("tokens") + " "
                + report.path("training").path("finalLoss"));
        outcome.add(report.path("reinforcement").path("steps").toString());
        assertTrue(report.path("reinforcement").path("steps").asInt() > 0, "no reinforcement: " + report);
        return outcome;
    }
}
