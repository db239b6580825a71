package dev.hone.capture.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RouteTest {
    private static Route route(double a, double b) {
        return new Route(
                "job",
                List.of(
                        new Variant("a", "one", "m", a, false),
                        new Variant("b", "two", "m", b, false),
                        new Variant("c", "two", "m", 0, false)),
                List.of(),
                List.of("c"),
                Retries.STANDARD);
    }

    @Test
    void weightsAreKept() {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            counts.merge(route(3, 1).choose("episode-" + i).name(), 1, Integer::sum);
        }
        assertEquals(2, counts.size(), "a weight of 0 is never chosen");
        assertEquals(0.75, counts.getOrDefault("a", 0) / 20_000.0, 0.01);
    }

    /** An episode stays; when a canary grows from 10 to 20 %, those in it stay in it. */
    @Test
    void anEpisodeStaysWithItsVariant() {
        Route before = new Route(
                "job",
                List.of(new Variant("canary", "u", "m", 10, false), new Variant("live", "u", "m", 90, false)),
                List.of(),
                List.of(),
                Retries.STANDARD);
        Route after = new Route(
                "job",
                List.of(new Variant("canary", "u", "m", 20, false), new Variant("live", "u", "m", 80, false)),
                List.of(),
                List.of(),
                Retries.STANDARD);
        int moved = 0;
        for (int i = 0; i < 5_000; i++) {
            String first = before.choose("e" + i).name();
            assertEquals(first, before.choose("e" + i).name());
            String then = after.choose("e" + i).name();
            if (first.equals("canary")) {
                assertEquals("canary", then);
            }
            moved += first.equals(then) ? 0 : 1;
        }
        assertEquals(0.1, moved / 5_000.0, 0.02);
    }

    private static Route trial(double share, String trial) {
        return new Route(
                "job",
                List.of(
                        new Variant("a", "one", "m", 3, false),
                        new Variant("b", "two", "m", 1, false),
                        new Variant("new", "own", "m", 0, false)),
                List.of(),
                List.of(),
                Retries.STANDARD,
                new Canary("new", share, trial, List.of("a", "b")));
    }

    /** When the share of one on trial grows, nobody leaves it, and nobody moves between the others. */
    @Test
    void whoIsOnTrialHasItsShareOfAllAndKeepsWhomItHas() {
        Map<String, Integer> counts = new HashMap<>();
        int again = 0;
        for (int i = 0; i < 20_000; i++) {
            String key = "episode-" + i;
            String before = trial(0.1, "t1").choose(key).name();
            String after = trial(0.3, "t1").choose(key).name();
            assertTrue(before.equals(after) || after.equals("new") && !before.equals("new"), before + " " + after);
            counts.merge(after, 1, Integer::sum);
            again += before.equals("new") && trial(0.1, "t2").choose(key).name().equals("new") ? 1 : 0;
            assertEquals(trial(0, "t1").choose(key), trial(0.3, "t1").chooseByWeight(key));
        }
        assertEquals(0.3, counts.getOrDefault("new", 0) / 20_000.0, 0.01);
        assertEquals(0.75, counts.getOrDefault("a", 0) / (0.7 * 20_000), 0.02);
        assertEquals(0.01, again / 20_000.0, 0.005, "another trial has other episodes");
        assertEquals(
                List.of("new", "a", "b"),
                trial(0.1, "t1").chain(trial(0.1, "t1").variant("new")).stream()
                        .map(Variant::name)
                        .toList());
        assertEquals(1, trial(0.1, "t1").chain(trial(0.1, "t1").variant("a")).size());
        assertThrows(IllegalArgumentException.class, () -> trial(1, "t1"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Route(
                        "job",
                        List.of(new Variant("a", "one", "m", 1, false)),
                        List.of(),
                        List.of(),
                        Retries.STANDARD,
                        new Canary("new", 0.1, "t", List.of())));
    }

    @Test
    void whatCannotServeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> route(0, 0));
        assertThrows(IllegalArgumentException.class, () -> route(-1, 2));
        assertThrows(IllegalArgumentException.class, () -> route(Double.NaN, 2));
        List<Variant> two = List.of(new Variant("a", "one", "m", 1, false), new Variant("a", "two", "m", 1, false));
        assertThrows(
                IllegalArgumentException.class, () -> new Route("job", two, List.of(), List.of(), Retries.STANDARD));
        List<Variant> one = List.of(new Variant("a", "one", "m", 1, false));
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new Route("job", one, List.of("b"), List.of(), Retries.STANDARD))
                .getMessage();
        assertTrue(message.contains("[b]") && message.contains("[a]"), message);
        assertThrows(
                IllegalArgumentException.class,
                () -> new Route("job", one, List.of(), List.of("a", "a"), Retries.STANDARD));
    }
}
