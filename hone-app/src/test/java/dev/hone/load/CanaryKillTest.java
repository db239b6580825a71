package dev.hone.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.api.TinyByteModel;
import dev.hone.fetch.Hashes;
import dev.hone.promote.AlarmFiles;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.Rollouts;
import dev.hone.store.VersionRows;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of {@code hone serve} while a version comes to users by steps: what calls follow after the start is what they followed before, or what comes
 * next; a version that did not pass its gates answers nobody; what was acknowledged is in the database, once.
 */
@Tag("slow")
@Timeout(1200)
final class CanaryKillTest {
    private static final Answer CHAT = Answer.whole(200, "application/json", Answer.chat());
    private static final Answer STREAM = Answer.events(5, Duration.ofMillis(5));
    private static final Duration LONGEST = Duration.ofMinutes(8);
    private static final String SERVING = """
            variants:
              only: {upstream: mock, model: mock-1}
            promote:
              shadow-calls: 0
              shares: [0.2, 0.4, 0.6]
              calls: 60
              loss: 0.6
              beyond: 0.5
            """;

    /** Where a candidate is, in the order in which it gets there. */
    private static final List<Place> PLACES =
            List.of(new Place(1, 0), new Place(3, 0.2), new Place(3, 0.4), new Place(3, 0.6), new Place(4, 0.6));

    /** Where it has come to, at least, when the gateway is killed, after some calls more. */
    private static final List<Integer> KILLED_AT = List.of(1, 1, 2, 3, 4);

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    /** @param phase as {@code hone_rollout_phase} has it */
    private record Place(int phase, double share) {}

    /** The files of a model that answers noise, by their hash. @param note what makes them other files than those of another */
    private static String artifact(Path home, String note) throws IOException {
        Files.createDirectories(home.resolve("artifacts"));
        Path made = TinyByteModel.write(home.resolve("artifacts").resolve("made-" + note));
        Files.writeString(made.resolve("note.txt"), note);
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(made)) {
            for (Path file : files.sorted().toList()) {
                lines.add("%s  %s\n".formatted(Hashes.sha256(file), file.getFileName()));
            }
        }
        String hash = Hashes.sha256(String.join("", lines));
        Files.move(made, home.resolve("artifacts").resolve(hash));
        return hash;
    }

    /** A candidate of {@code load} that passed; of {@code other}, a live version that did not, which nobody at a terminal could make live without force. */
    private static void register(Path home) throws IOException {
        try (Database database = Database.open(Map.of(), home, text -> {})) {
            VersionRows rows = new VersionRows(database);
            ModelVersion candidate = rows.judged("load", "default", artifact(home, "passed"), true);
            rows.judged("other", "default", artifact(home, "not passed"), false);
            new Aliases(database).set(VersionReference.of("other/1"), Rollouts.LIVE, "test");
            new Rollouts(database).begin(candidate.useCaseId(), candidate.id(), "test");
        }
    }

    /** What calls follow in the process that runs; phase 0 where it has not read it. */
    private Place place(Stage stage) throws IOException, InterruptedException {
        String metrics = http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/metrics"
                                        .formatted(stage.served().address().getPort())))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return new Place((int) figure(metrics, "phase"), figure(metrics, "share"));
    }

    private static double figure(String metrics, String name) {
        Matcher line = Pattern.compile("(?m)^hone_rollout_%s\\{use_case=\"load\"} (\\S+)$".formatted(name))
                .matcher(metrics);
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Stage stage, Condition condition) throws Exception {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError(
                        "it has waited for too long: " + stage.served().said());
            }
            Thread.sleep(20);
        }
    }

    /** The first place that the process has after its start. */
    private int known(Stage stage) throws Exception {
        await(stage, () -> place(stage).phase() != 0);
        int at = PLACES.indexOf(place(stage));
        assertTrue(at >= 0, "nobody has decided to be where calls are");
        return at;
    }

    @Test
    void whoeverIsKilledGoesOnWhereUsersWere() throws Exception {
        Random random = DrawnMoments.random();
        List<String> story = new ArrayList<>();
        try (Stage stage = new Stage(folder)) {
            stage.upstream("mock", asked -> asked.stream() ? STREAM : CHAT);
            stage.start("none", "models: {own: {version: other@live}}\n", SERVING);
            ServedHone.declare(folder, "other", SERVING);
            register(stage.home());
            await(stage, () -> new AlarmFiles(stage.home()).read("other").containsKey("unfit"));
            await(stage, () -> place(stage).phase() == 3);
            Callers callers = stage.callers(8, Duration.ofMillis(20));
            Map<String, String> acknowledged = new HashMap<>();
            try (Callers others =
                    new Callers(stage.served().address(), "", "use-case/other", Duration.ofMillis(100)).begin(2)) {
                for (int least : KILLED_AT) {
                    await(stage, () -> PLACES.indexOf(place(stage)) >= least);
                    int until = callers.acknowledged().size() + 20 + random.nextInt(200);
                    await(stage, () -> callers.acknowledged().size() >= until);
                    Place before = place(stage);
                    stage.served().kill();
                    stage.served().start();
                    int from = PLACES.indexOf(before);
                    int to = known(stage);
                    story.add("%s after %d calls"
                            .formatted(before, callers.acknowledged().size()));
                    // What it has decided since, on a machine that is slow, the decisions say.
                    assertTrue(
                            from >= 0 && to >= from,
                            () -> "%s before, and %s after the kill".formatted(before, PLACES.get(to)));
                }
                await(stage, () -> place(stage).phase() == 4);
                others.close();
                acknowledged.putAll(others.acknowledged());
            }
            callers.close();
            acknowledged.putAll(callers.acknowledged());
            System.out.printf("%d calls acknowledged, killed at %s%n", acknowledged.size(), story);
            assertTrue(callers.broken() > KILLED_AT.size(), "nobody was interrupted: the kills were not under load");
            stage.assertKept(acknowledged, Set.of());
            assertEquals(
                    List.of("candidate load/1"),
                    stage.stored()
                            .column("SELECT DISTINCT variant || ' ' || model FROM attempt WHERE upstream <> 'mock'"));
            assertTrue(stage.served().said().contains("so that it is not served"), "hone.yaml serves what is live");
            assertEquals(
                    List.of("begin 0", "canary 0", "canary 1", "canary 2", "ready 2"),
                    stage.stored().column("""
                            SELECT action || ' ' || step FROM rollout_decision WHERE action <> 'hold' ORDER BY at, id
                            """),
                    "each step was decided on once, after the one before");
            assertEquals(List.of("0"), stage.stored().column("""
                            SELECT count(*) FROM attempt
                             WHERE variant = 'candidate'
                               AND trace < least_id((SELECT min(at) FROM rollout_decision WHERE action = 'canary'))
                            """), "before anybody decided it");
        }
        http.close();
    }
}
