package dev.hone.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.improve.Look;
import dev.hone.record.Dataset;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Datasets;
import dev.hone.store.StoreFixture;
import dev.hone.store.UseCases;
import dev.hone.store.WatchLooks;
import dev.hone.store.WatchedCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/** Against what calls are held when versions change, and what follows of what became better or worse. */
@Timeout(120)
final class ReferencesTest extends ReferenceStory {
    /** A dataset alone changes nothing: what was found waits until a version that learned from it answers users, and then until its answers can be the reference. */
    @Test
    void aReferenceLastsUntilAVersionIsLive() {
        Subject subject = subject("until-live", "{sample: 1, calls-a-day: 5000, second-labels: 0}");
        UUID useCase = subject.useCase();
        fixture.add("until-live", 300, 3);
        watch.carryOut(subject, Instant.now());
        StoreFixture.pass(fixture.database, useCase, Duration.ofDays(8));
        assertTrue(watch.carryOut(subject, Instant.now()).reference());
        fixture.add("until-live", 260, 4);
        assertTrue(assertLooked(watch.carryOut(subject, Instant.now())).drifted());
        Dataset dataset = new Datasets(fixture.database).freeze(useCase, "7d".repeat(32), "{}", "{}", List.of());
        ModelVersion old = version(useCase, "c1", null);
        ModelVersion fresh = version(useCase, "c2", dataset.id());
        assertFalse(watch.carryOut(subject, Instant.now()).reference(), "a dataset was made");
        assertFalse(state(subject).changes().isEmpty());
        Aliases aliases = new Aliases(fixture.database);
        aliases.set(new VersionReference.Numbered("until-live", old.number()), "live", "ann");
        assertFalse(watch.carryOut(subject, Instant.now()).reference(), "it knows nothing of the change");
        aliases.set(new VersionReference.Numbered("until-live", fresh.number()), "live", "ann");
        assertFalse(watch.carryOut(subject, Instant.now()).reference(), "it has answered nothing yet");
        References.Coming coming = state(subject).coming();
        assertNotNull(coming);
        assertEquals(List.of(2, 0, 100), List.of(coming.version(), coming.calls(), coming.wanted()));
        assertNull(coming.notBefore());
        assertEquals(List.of(), state(subject).changes());
        assertNull(state(subject).look());
        assertTrue(String.valueOf(assertThrows(
                                IllegalArgumentException.class,
                                () -> watch.adopt(subject, Instant.now(), "ada", "test"))
                        .getMessage())
                .contains("[0] calls of [until-live] are watched of its live version"));
        List<UUID> own = fixture.add("until-live", 130, 4);
        Watch.Round early = watch.carryOut(subject, Instant.now());
        assertEquals(130, early.sampled());
        assertFalse(early.reference(), "not a day of it");
        assertNull(early.look(), "nothing is held against what was before it");
        assertFalse(
                watch.carryOut(subject, Instant.now().plus(Duration.ofHours(25)))
                        .reference(),
                "a day of it, but what users say of that may take another");
        Watch.Round next = watch.carryOut(subject, Instant.now().plus(Duration.ofHours(49)));
        assertTrue(next.reference());
        WatchLooks.Reference taken = state(subject).reference();
        assertNotNull(taken);
        assertTrue(taken.why().startsWith("version 2, which learned from a later dataset, is live since"), taken.why());
        assertEquals(
                own,
                new WatchedCalls(fixture.database)
                        .kept(subject.useCase(), "hashed-words", taken.from(), taken.to(), taken.answered()).stream()
                                .map(WatchedCalls.Kept::trace)
                                .toList());
        assertNull(state(subject).coming());
        assertEquals(List.of(), state(subject).changes());
        assertFalse(
                watch.carryOut(subject, Instant.now().plus(Duration.ofHours(49)))
                        .reference(),
                "once");
    }

    /**
     * A version that learned of what was bad becomes live: its feedback is the reference, neither an alarm nor the reason of another round; where it falls, that is both.
     */
    @Test
    void whatANewVersionMakesBetterIsTheReference() {
        Subject subject = subject("promoted", HOURLY);
        calls(subject, 300, 0.59);
        assertTrue(watch.carryOut(subject, Instant.now()).reference());
        Dataset dataset =
                new Datasets(fixture.database).freeze(subject.useCase(), "8d".repeat(32), "{}", "{}", List.of());
        ModelVersion fresh = version(subject.useCase(), "c5", dataset.id());
        new Aliases(fixture.database)
                .set(new VersionReference.Numbered("promoted", fresh.number()), "live", "hone serve");
        calls(subject, 150, 0.99);
        assertNotNull(state(subject).coming());
        assertEquals(List.of(), state(subject).decision().triggers());
        assertTrue(watch.carryOut(subject, Instant.now()).reference());
        calls(subject, 150, 0.99);
        Look same = assertLooked(watch.carryOut(subject, Instant.now()));
        assertFalse(same.drifted(), same.findings().toString());
        assertEquals(List.of(), same.improvements(), "it is as the reference is");
        assertEquals(List.of(), state(subject).decision().triggers());
        calls(subject, 150, 0.6);
        Look worse = assertLooked(watch.carryOut(subject, Instant.now()));
        assertTrue(isDriftOfFeedback(worse.changes()), worse.findings().toString());
        assertTrue(
                isDriftOfFeedback(state(subject).changes()),
                state(subject).changes().toString());
        assertTrue(
                state(subject).decision().reasons().getFirst().contains("feedback: rating (mean 0."),
                state(subject).decision().toString());
    }

    /** Without any new version: what got better is told, begins nothing, and says so still when no call has come for hours. */
    @Test
    void whatGetsBetterBeginsNothing() {
        Subject subject = subject("gains", HOURLY);
        calls(subject, 300, 0.59);
        assertTrue(watch.carryOut(subject, Instant.now()).reference());
        calls(subject, 150, 0.99);
        Look look = assertLooked(watch.carryOut(subject, Instant.now()));
        assertEquals(0, look.window(), "all of it is thirty hours old");
        assertFalse(look.drifted(), look.findings().toString());
        assertTrue(isDriftOfFeedback(look.improvements()), look.findings().toString());
        assertTrue(
                look.findings().stream().allMatch(finding -> finding.change().equals("none of the window")),
                look.findings().toString());
        assertEquals(look, state(subject).look(), "it comes back from the store as it was");
        assertEquals(List.of(), state(subject).changes());
        assertEquals(List.of(), state(subject).decision().triggers());
        calls(subject, 150, 0.3);
        Look fallen = assertLooked(watch.carryOut(subject, Instant.now()));
        assertTrue(isDriftOfFeedback(fallen.changes()), fallen.findings().toString());
    }

    /** Of who seldom says anything a reference has too few values: it is named, and then held against the first that there are, not forgotten for a month. */
    @Test
    void feedbackThatIsSeldomIsNamedAndThenWatched() {
        Subject subject = subject("seldom", HOURLY);
        seldom(subject, 120, 0.95);
        assertTrue(watch.carryOut(subject, Instant.now()).reference());
        seldom(subject, 40, 0.95);
        Look few = assertLooked(watch.carryOut(subject, Instant.now()));
        assertEquals(1, few.few().size(), few.few().toString());
        assertTrue(
                few.few().getFirst().matches("feedback: rating \\(1[0-9] of 20 values\\)"),
                few.few().toString());
        assertEquals(few, state(subject).look(), "and it is stored so");
        seldom(subject, 300, 0.95);
        Look same = assertLooked(watch.carryOut(subject, Instant.now()));
        assertEquals(List.of(), same.few());
        assertFalse(same.drifted(), same.findings().toString());
        assertEquals(
                20,
                same.findings().stream()
                        .filter(finding -> finding.of().equals("feedback: rating"))
                        .findFirst()
                        .orElseThrow()
                        .then());
        seldom(subject, 600, 0.3);
        Look fallen = assertLooked(watch.carryOut(subject, Instant.now()));
        assertTrue(isDriftOfFeedback(fallen.changes()), fallen.findings().toString());
    }

    /** A metric that the charter declares and nobody gives is named like one that is seldom given. */
    @Test
    void whatIsDeclaredAndNeverGivenIsNamed() {
        Subject subject = new Subject(
                new UseCases(fixture.database).obtain("declared-metric"),
                WatchFixture.charter(
                        "declared-metric",
                        "{kind: tool_call}",
                        HOURLY,
                        0,
                        "feedback: {resolved: {kind: boolean, direction: higher}}\n"));
        calls(subject, 150, 0.99);
        assertTrue(watch.carryOut(subject, Instant.now()).reference());
        calls(subject, 30, 0.99);
        assertEquals(
                List.of("feedback: resolved (0 of 20 values)"),
                assertLooked(watch.carryOut(subject, Instant.now())).few());
    }

    /** After four weeks without drift: of who answers now, whoever else answered meanwhile. */
    @Test
    void anOldReferenceIsRenewedOfWhoAnswers() {
        Subject subject = served("aged", "8");
        StoreFixture.pass(fixture.database, subject.useCase(), Duration.ofDays(29));
        fixture.add("aged", 60, 3, "candidate", 2);
        assertFalse(watch.carryOut(subject, Instant.now()).reference(), "of a candidate none is taken");
        fixture.add("aged", 150, 3, "live", 1);
        assertTrue(watch.carryOut(subject, Instant.now()).reference());
        assertTrue(
                reference(subject).why().startsWith("the one before was old"),
                reference(subject).why());
        assertEquals("live aged/1", reference(subject).answered());
        assertEquals(150, comparable(subject));
    }

    /** What was stored before anything was told of what became better. */
    @Test
    void aLookOfBeforeIsRead() {
        Look look = JsonMapper.shared().readValue("""
                {"reference":100,"since":9,"window":4,"level":0.01,"regions":[],"novelty":{"radius":1.5,"expected":0.02,"found":0,"newest":[]},"newNames":[],"newTools":[],
                 "findings":[{"of":"feedback: helped","then":90,"now":4,"test":"none","statistic":0.0,"p":1.0,"pHolm":1.0,"evidence":4.1,"pEver":0.0001,"pDecides":0.0007,
                              "drifted":true,"change":"mean 0.367, 0.924 before"}]}
                """, Look.class);
        assertEquals(List.of("feedback: helped (mean 0.367, 0.924 before)"), look.changes());
        assertEquals(List.of(), look.improvements());
        assertEquals(List.of(), look.few());
    }
}
