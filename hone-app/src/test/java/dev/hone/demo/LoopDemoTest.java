package dev.hone.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.Main;
import dev.hone.evaluate.DifferenceInterval;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo of the loop end to end, as a process: the toy job, which fetches nothing, and the real one. */
@Tag("slow")
final class LoopDemoTest {
    @TempDir
    private Path folder;

    private JsonNode demo(String... more) throws Exception {
        Path out = folder.resolve("out");
        Path log = folder.resolve("log");
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "demo",
                "--loop",
                "--out",
                out.toString()));
        command.addAll(List.of(more));
        int exit = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertEquals(0, exit, () -> {
            try {
                return Files.readString(log);
            } catch (java.io.IOException e) {
                return e.toString();
            }
        });
        String page = Files.readString(out.resolve("loop.html"));
        assertTrue(page.contains("<svg") && page.contains("simulated"), page);
        assertTrue(!page.contains("src=") && !page.contains("href="), "the page stands alone");
        return JsonMapper.shared().readTree(Files.readString(out.resolve("loop.json")));
    }

    /**
     * What both jobs must show. Of old tools two things are known, and each is bounded:
     *
     * <p>The paired difference on the tasks that the first round judged by (43 of the real job, a fifth of what was imported; 107 of the toy), with the interval of
     * gates. Of the real job it may reach as low as it does, with a probability of 0.02, for a version that is as good as the one before: {@link #lowest} reckons that
     * from the tasks that there are. With 43 that is −0.318, and a version that is 20 points worse is seen to be with a probability of 0.77 (25 points: 0.89).
     *
     * <p>The difference between what users got before and after, of other sentences: some 200 calls before and two fifths of 300 after. At six of ten right its
     * standard error is √(0.24/200 + 0.24/120) = 0.057, the interval ±11 points; as good as before it is below −25 points with a probability of 0.007, so −0.25 is
     * what this sample allows. The toy is right in all of its old calls, so that there both are −0.10.
     *
     * <p>What users got after the bad version went, of 120 calls, against 300 before it came: at six of ten right the standard error is √(0.24/300 + 0.24/120) = 0.053,
     * and as good as before is below −25 points with a probability of 0.003. Of the toy, where 88 of 100 were right, it is 0.035: below
     * −20 points with less than 0.001.
     *
     * @param kept lower bound of the paired difference on so many old tasks
     * @param got lower bound of the difference of what users got
     * @param again the same of what they got after the bad version went
     */
    private static void judge(JsonNode story, IntToDoubleFunction kept, double got, double again) {
        List<String> kinds = StreamSupport.stream(story.path("events").spliterator(), false)
                .map(event -> event.path("kind").asString())
                .toList();
        for (String kind : List.of(
                "live",
                "usual",
                "shift",
                "drift",
                "labels",
                "loop",
                "gates",
                "shadow",
                "canary",
                "promote",
                "bad",
                "roll-back")) {
            assertTrue(kinds.contains(kind), kind + " is missing of " + kinds);
        }
        JsonNode began = story.path("began");
        assertEquals("hone serve", began.path("who").asString(), "nobody but the gateway began the round");
        assertTrue(began.path("unattended").asBoolean(), began.toString());
        assertTrue(began.path("why").asString().startsWith("production has drifted: "), began.toString());
        assertTrue(kinds.indexOf("drift") < kinds.indexOf("loop"), kinds.toString());
        assertEquals("promoted", story.path("good").path("phase").asString());
        assertEquals("rolled-back", story.path("bad").path("phase").asString());
        assertTrue(
                story.path("bad").path("candidateCalls").asInt() <= 400,
                story.path("bad").toString());
        JsonNode fresh = story.path("differences").path(0).path("interval");
        assertTrue(fresh.path("low").asDouble() > 0, "better on what is new: " + fresh);
        JsonNode old = story.path("differences").path(1).path("interval");
        assertTrue(old.path("low").asDouble() > got, "not worse on what is old: " + old);
        JsonNode last = story.path("differences").path(2);
        assertEquals("all tools, after the bad version went", last.path("first").asString());
        assertTrue(last.path("interval").path("low").asDouble(-1) > again, "users have back what they had: " + last);
        JsonNode shares = story.path("shares");
        assertTrue(shares.path(5).path("calls").asInt() > 110, shares.toString());
        assertEquals(
                "answered by the bad version, after it went",
                shares.path(6).path("name").asString());
        assertEquals(0, shares.path(6).path("calls").asInt(-1), "nobody is answered by what was taken back");
        assertEquals("end", kinds.getLast());
        JsonNode retained = StreamSupport.stream(
                        story.path("evaluated").path("comparisons").spliterator(), false)
                .filter(one -> one.path("on").asString().equals("retained")
                        && one.path("difference").path("b").asString().endsWith("/1"))
                .findFirst()
                .orElseThrow()
                .path("difference");
        int tasks = StreamSupport.stream(
                        story.path("evaluated").path("retained").spliterator(), false)
                .filter(one -> one.path("contender").asString().endsWith("/1"))
                .mapToInt(one -> one.path("rows").asInt())
                .sum();
        assertTrue(tasks >= 40, "tasks enough to see what is lost: " + tasks);
        assertTrue(
                retained.path("low").asDouble(-1) >= kept.applyAsDouble(tasks),
                "it has kept what it could, by [%d] tasks: %s".formatted(tasks, retained));
        assertTrue(
                retained.path("high").asDouble() > retained.path("low").asDouble(),
                "also where nothing differs, so many tasks cannot tell everything: " + retained);
        JsonNode kindsOfCalls = story.path("kinds");
        assertEquals(
                StreamSupport.stream(story.path("evaluated").path("all").spliterator(), false)
                        .filter(one -> one.path("contender").asString().endsWith("/1"))
                        .mapToInt(one -> one.path("rows").asInt())
                        .sum(),
                StreamSupport.stream(kindsOfCalls.spliterator(), false)
                        .mapToInt(kind -> kind.path("tasks").asInt())
                        .sum(),
                "each task is of one kind");
        JsonNode unknown = kindsOfCalls.path(0);
        assertEquals("new tools, not judged by before", unknown.path("name").asString());
        assertTrue(unknown.path("difference").path("value").asDouble(-1) > 0, "better on new tools: " + unknown);
        assertTrue(story.path("seconds").asDouble() < 40 * 60);
    }

    /**
     * Below which the interval of a version that is as good as the one before reaches with a probability of 0.02 at most, where each alone is right on an eighth of so
     * many tasks.
     */
    private static double lowest(int tasks) {
        double[] logFactorial = new double[tasks + 1];
        for (int i = 1; i <= tasks; i++) {
            logFactorial[i] = logFactorial[i - 1] + Math.log(i);
        }
        TreeMap<Double, Double> ends = new TreeMap<>();
        for (int wins = 0; wins <= tasks; wins++) {
            for (int losses = 0; losses <= tasks - wins; losses++) {
                int same = tasks - wins - losses;
                double probability = Math.exp(logFactorial[tasks]
                        - logFactorial[wins]
                        - logFactorial[losses]
                        - logFactorial[same]
                        + (wins + losses) * Math.log(1 / 8.0)
                        + same * Math.log(6 / 8.0));
                ends.merge(DifferenceInterval.paired(wins, losses, tasks).low(), probability, Double::sum);
            }
        }
        double below = 0;
        for (Map.Entry<Double, Double> end : ends.entrySet()) {
            below += end.getValue();
            if (below > 0.02) {
                return end.getKey();
            }
        }
        throw new IllegalStateException("probabilities have the sum [%s]".formatted(below));
    }

    @Test
    @Timeout(1200)
    void theToyJob() throws Exception {
        judge(demo("--quick"), tasks -> -0.1, -0.1, -0.2);
    }

    @Test
    @Timeout(3600)
    void theRealJob() throws Exception {
        judge(demo(), LoopDemoTest::lowest, -0.25, -0.25);
    }
}
