package dev.hone.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    private static void judge(JsonNode story) {
        List<String> kinds = StreamSupport.stream(story.path("events").spliterator(), false)
                .map(event -> event.path("kind").asString())
                .toList();
        for (String kind : List.of(
                "live",
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
        assertEquals("promoted", story.path("good").path("phase").asString());
        assertEquals("rolled-back", story.path("bad").path("phase").asString());
        assertTrue(
                story.path("bad").path("candidateCalls").asInt() <= 400,
                story.path("bad").toString());
        JsonNode fresh = story.path("differences").path(0).path("interval");
        assertTrue(fresh.path("low").asDouble() > 0, "better on what is new: " + fresh);
        JsonNode old = story.path("differences").path(1).path("interval");
        assertTrue(old.path("high").asDouble() > 0, "not surely worse on what is old: " + old);
        assertTrue(story.path("seconds").asDouble() < 40 * 60);
    }

    @Test
    @Timeout(1200)
    void theToyJob() throws Exception {
        judge(demo("--quick"));
    }

    @Test
    @Timeout(3600)
    void theRealJob() throws Exception {
        judge(demo());
    }
}
