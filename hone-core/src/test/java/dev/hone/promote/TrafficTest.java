package dev.hone.promote;

import static dev.hone.promote.TransitionsTest.CANDIDATE;
import static dev.hone.promote.TransitionsTest.LIVE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.Serving;
import dev.hone.capture.redact.Redaction;
import dev.hone.capture.redact.RedactionKinds;
import dev.hone.capture.route.Retries;
import dev.hone.capture.route.Route;
import dev.hone.capture.route.Variant;
import dev.hone.record.Project;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What calls follow, by where versions are. */
final class TrafficTest {
    static final Serving DECLARED = new Serving(
            new Route(
                    "job",
                    List.of(
                            new Variant("big", "openai", "gpt", 3, false),
                            new Variant("small", "openai", "mini", 1, false),
                            new Variant("spare", "other", "m", 0, false)),
                    List.of("spare"),
                    List.of(),
                    Retries.STANDARD),
            Redaction.NOTHING,
            Project.DEFAULT,
            1);

    private static TrafficState state(@Nullable Served live, @Nullable Phase phase, double share) {
        Instant now = Instant.parse("2026-03-01T10:00:00Z");
        Rollout rollout = phase == null
                ? null
                : new Rollout(
                        new UUID(1, 9),
                        CANDIDATE,
                        live,
                        phase,
                        false,
                        List.of(new Stage(phase instanceof Phase.Shadow, phase.step(), share, now, null)),
                        now);
        return new TrafficState("job", live, rollout, false, List.of());
    }

    private static Route route(TrafficState state) {
        return Traffic.serving(DECLARED, state, version -> true).route();
    }

    @Test
    void whereNothingIsLiveTheCharterIsFollowed() {
        assertSame(DECLARED, Traffic.serving(DECLARED, TrafficState.none("job"), version -> true));
        for (Phase phase : List.of(new Phase.Waiting(), new Phase.RolledBack(), new Phase.Stopped())) {
            assertSame(DECLARED, Traffic.serving(DECLARED, state(null, phase, 0.5), version -> true), phase.toString());
        }
    }

    @Test
    void whatIsLiveHasTheCallsAndTheCharterIsItsFallback() {
        Route route = route(state(LIVE, null, 0));
        assertEquals("live", route.choose("e").name());
        assertEquals(
                "job/3 job/3",
                route.variant("live").upstream() + " " + route.variant("live").model());
        assertEquals(List.of("big", "small", "spare"), route.fallback());
        assertNull(route.canary());
        assertSame(
                DECLARED,
                Traffic.serving(DECLARED, state(LIVE, null, 0), version -> false),
                "a version whose server is not open is asked nothing");
        for (TrafficState one : List.of(state(LIVE, null, 0), state(LIVE, new Phase.Canary(0), 0.1))) {
            assertSame(
                    DECLARED,
                    Traffic.serving(
                            DECLARED,
                            new TrafficState("job", one.live(), one.rollout(), true, List.of()),
                            version -> true));
        }
    }

    @Test
    void copiesAreForNobody() {
        Route route = route(state(LIVE, new Phase.Shadow(), 0));
        assertEquals(List.of("candidate"), route.shadows());
        for (int i = 0; i < 500; i++) {
            assertEquals("live", route.choose("e" + i).name());
        }
    }

    @Test
    void aCanaryHasItsShareAndGoesBackToWhatIsLive() {
        Route route = route(state(LIVE, new Phase.Canary(1), 0.25));
        int candidate = 0;
        for (int i = 0; i < 4_000; i++) {
            candidate += route.choose("e" + i).name().equals("candidate") ? 1 : 0;
        }
        assertEquals(0.25, candidate / 4_000.0, 0.03);
        assertEquals(List.of("live", "big", "small", "spare"), route.canary().fallback());
        assertEquals(List.of("big", "small", "spare"), route.fallback());
        assertEquals(List.of(), route.shadows());
        assertNull(
                Traffic.serving(DECLARED, state(LIVE, new Phase.Canary(1), 0.25), LIVE::equals)
                        .route()
                        .canary(),
                "one that does not answer gets nothing");
        Route first = route(state(null, new Phase.Ready(0), 0.25));
        assertEquals(List.of("spare"), first.fallback(), "the charter's own calls go as they did");
        assertEquals(List.of("big", "small", "spare"), first.canary().fallback());
        for (Phase over : List.of(new Phase.RolledBack(), new Phase.Stopped(), new Phase.Promoted())) {
            assertNull(route(state(LIVE, over, 0.25)).canary(), over.toString());
        }
    }

    /** Whoever is with the candidate stays with it when its share grows, and nobody else moves between the others. */
    @Test
    void anEpisodeStaysWhileTheShareGrows() {
        Route before = route(state(null, new Phase.Canary(0), 0.05));
        Route after = route(state(null, new Phase.Canary(1), 0.3));
        int moved = 0;
        for (int i = 0; i < 5_000; i++) {
            String was = before.choose("episode " + i).name();
            String is = after.choose("episode " + i).name();
            assertTrue(was.equals(is) || !was.equals("candidate") && is.equals("candidate"), was + " " + is);
            moved += was.equals(is) ? 0 : 1;
        }
        assertEquals(0.25, moved / 5_000.0, 0.03);
    }

    @Test
    void versionsSeeWhatIsStoredWhereSomethingIsTakenOut() {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        Serving redacted = new Serving(DECLARED.route(), kinds.redaction(), Project.DEFAULT, 0.5);
        Serving served = Traffic.serving(redacted, state(LIVE, new Phase.Shadow(), 0), version -> true);
        assertTrue(served.route().variant("live").redacted()
                && served.route().variant("candidate").redacted());
        assertEquals(0.5, served.shadowShare());
    }
}
