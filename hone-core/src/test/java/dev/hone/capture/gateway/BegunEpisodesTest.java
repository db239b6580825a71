package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.route.Canary;
import dev.hone.capture.route.Retries;
import dev.hone.capture.route.Route;
import dev.hone.capture.route.Variant;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class BegunEpisodesTest {
    private final AtomicLong nanos = new AtomicLong();
    private final BegunEpisodes episodes = new BegunEpisodes(nanos::get);

    private static Route route(double share, String trial) {
        return new Route(
                "job",
                List.of(new Variant("live", "a", "m", 1, false), new Variant("new", "b", "m", 0, false)),
                List.of("live"),
                List.of(),
                Retries.STANDARD,
                new Canary("new", share, trial, List.of("live")));
    }

    /** Whoever began with what was live goes on with it, also when the share grows over them; whoever comes later is drawn. */
    @Test
    void anEpisodeDoesNotChangeInItsMiddle() {
        for (int i = 0; i < 1_000; i++) {
            assertEquals("live", episodes.choose(route(0, "t"), "old " + i).name());
        }
        int fresh = 0;
        for (int i = 0; i < 1_000; i++) {
            assertEquals("live", episodes.choose(route(0.5, "t"), "old " + i).name());
            fresh += episodes.choose(route(0.5, "t"), "new " + i).name().equals("new") ? 1 : 0;
        }
        assertTrue(fresh > 400 && fresh < 600, "drawn: " + fresh);
        int other = 0;
        for (int i = 0; i < 1_000; i++) {
            other += episodes.choose(route(0.5, "u"), "old " + i).name().equals("new") ? 1 : 0;
        }
        assertTrue(other > 400, "another trial begins anew: " + other);
    }

    @Test
    void whoWasNotHeardOfForADayIsForgottenAndSoIsWhoeverIsTooMany() {
        episodes.choose(route(0, "t"), "a");
        String drawn = route(0.9, "t").choose("a").name();
        nanos.addAndGet(Duration.ofHours(25).toNanos());
        assertEquals(drawn, episodes.choose(route(0.9, "t"), "a").name());
        int moved = 0;
        for (int i = 0; i < BegunEpisodes.MOST + 1_000; i++) {
            episodes.choose(route(0, "t"), "many " + i);
        }
        for (int i = 0; i < 500; i++) {
            moved += episodes.choose(route(0.9, "t"), "many " + i).name().equals("new") ? 1 : 0;
        }
        assertTrue(moved > 400, "the oldest went: " + moved);
    }
}
