package dev.hone.load;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of {@code hone serve} under load: what was acknowledged is in the database, once. */
final class GatewayKillTest {
    private static final Answer CHAT = Answer.whole(200, "application/json", Answer.chat());
    private static final Answer STREAM = Answer.events(5, Duration.ofMillis(5));

    @TempDir
    private Path folder;

    @Test
    @Timeout(120)
    void killedOnce() throws Exception {
        kill(1, 200, "none");
    }

    @Test
    @Tag("slow")
    @Timeout(1200)
    void killedTwentyTimes() throws Exception {
        kill(20, 5_000, "required");
    }

    /** Each after a number of calls by chance: on a slow machine later, but never before something can be lost. */
    private void kill(int kills, int mostCalls, String keys) throws Exception {
        Random random = new Random();
        List<String> story = new ArrayList<>();
        try (Stage stage = new Stage(folder)) {
            stage.upstream("mock", asked -> asked.stream() ? STREAM : CHAT);
            stage.start(keys, "", "variants:\n  only: {upstream: mock, model: mock-1}\n");
            Callers callers = stage.callers(16, Duration.ZERO);
            for (int i = 0; i < kills; i++) {
                int before = callers.acknowledged().size();
                int until = before + mostCalls / 4 + random.nextInt(mostCalls);
                while (callers.acknowledged().size() < until) {
                    Thread.sleep(1);
                }
                stage.served().kill();
                int acknowledged = callers.acknowledged().size() - before;
                story.add("%d acknowledged".formatted(acknowledged));
                stage.served().start();
            }
            callers.close();
            System.out.printf(
                    "%d kills, %d calls acknowledged: %s%n",
                    kills, callers.acknowledged().size(), story);
            assertTrue(callers.broken() > kills, "nobody was interrupted: the kills were not under load");
            stage.assertKept(callers.acknowledged(), Set.of());
        }
    }
}
