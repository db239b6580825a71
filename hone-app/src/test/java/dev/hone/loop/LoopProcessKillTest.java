package dev.hone.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.Main;
import dev.hone.run.TinyChatModel;
import dev.hone.store.Database;
import dev.hone.store.StoreFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code hone loop} as a process, killed by {@code kill -9} at random moments and started again. */
@Tag("slow")
@Timeout(1800)
final class LoopProcessKillTest {
    private static final int KILLS = 20;
    private static final String KEYS = """
            gates: {sample-size: 5}
            loop: {model: 'MODEL', epochs: 30, least-tasks: 10}
            """;

    @TempDir
    private Path folder;

    private Process loop(String useCase) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "loop",
                        useCase,
                        "--use-cases",
                        folder.resolve("use-cases").toString(),
                        "--precision",
                        "fp32",
                        "--json"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(useCase).toFile()));
        builder.environment().put("HONE_HOME", folder.resolve("home").toString());
        builder.environment().remove("HONE_DB_URL");
        return builder.start();
    }

    private Path log(String useCase) {
        return folder.resolve(useCase + ".log");
    }

    private String said(String useCase) throws IOException {
        return Files.exists(log(useCase)) ? Files.readString(log(useCase)) : "";
    }

    private static List<String> state(Database database, String useCase) {
        String of = "(SELECT id FROM use_case WHERE name = '%s')".formatted(useCase);
        List<String> state = RoundFixture.made(database, of);
        state.addAll(StoreFixture.texts(database, "SELECT hash FROM dataset WHERE use_case = " + of));
        state.addAll(StoreFixture.texts(database, "SELECT training ->> 'finalLoss' FROM run WHERE use_case = " + of));
        state.addAll(StoreFixture.texts(database, "SELECT outcome FROM loop_round WHERE use_case = " + of));
        return state;
    }

    @Test
    void killedAtRandomMomentsItEndsInTheSameState() throws Exception {
        Path model = TinyChatModel.write(folder.resolve("tiny"), 512);
        Random random = new Random();
        try (Database database = Database.open(Map.of(), folder.resolve("home"), text -> {})) {
            Letters.charter(folder.resolve("use-cases"), "whole", model, KEYS);
            Letters.label(database, "whole", 0, 60);
            long start = System.nanoTime();
            assertEquals(0, loop("whole").waitFor(), () -> "whole");
            long took = System.nanoTime() - start;
            List<String> whole = state(database, "whole");
            List<String> moments = new ArrayList<>();
            int kills = 0;
            for (int round = 0; kills < KILLS; round++) {
                String useCase = "killed-" + round;
                Letters.charter(folder.resolve("use-cases"), useCase, model, KEYS);
                Letters.label(database, useCase, 0, 60);
                int exit = -1;
                while (exit != 0) {
                    Process process = loop(useCase);
                    long pause = (long) (random.nextDouble() * took);
                    if (kills < KILLS && !process.waitFor(pause, TimeUnit.NANOSECONDS)) {
                        process.destroyForcibly().waitFor();
                        kills++;
                        moments.add("%s after %d ms".formatted(useCase, pause / 1_000_000));
                    } else {
                        exit = process.waitFor();
                        assertEquals(0, exit, useCase + said(useCase));
                    }
                    assertEquals(
                            List.of(),
                            StoreFixture.texts(
                                    database,
                                    "SELECT r.number::text FROM rollout r WHERE NOT coalesce((SELECT g.passed FROM gate_verdict g WHERE g.version = r.version ORDER BY g.id DESC LIMIT 1), false)"),
                            "traffic is offered no version that did not pass");
                    assertEquals(
                            List.of(),
                            StoreFixture.texts(database, "SELECT name FROM alias WHERE name = 'live'"),
                            "nothing is live that no rollout made so");
                }
                assertEquals(whole, state(database, useCase), () -> "killed at " + moments);
            }
            assertTrue(kills >= KILLS, moments.toString());
        }
    }
}
