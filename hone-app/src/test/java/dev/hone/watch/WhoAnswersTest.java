package dev.hone.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.improve.Look;
import dev.hone.improve.Queue;
import dev.hone.record.CapturedCall;
import dev.hone.record.Dataset;
import dev.hone.record.Ids;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Calls;
import dev.hone.store.Datasets;
import dev.hone.store.StoreFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose calls are a reference and what is held against it. */
@Timeout(120)
final class WhoAnswersTest extends ReferenceStory {
    /** What a bad candidate answered until a canary took it back is no drift; what the live version answers worse is. */
    @Test
    void onlyTheLiveVersionsCallsAreEvidence() {
        Subject subject = served("canary-back", "d");
        calls(subject, 60, 0, "candidate", 2);
        Watch.Round canary = watch.carryOut(subject, Instant.now());
        assertNull(canary.look(), "nothing of the live version has come");
        assertEquals(List.of(), state(subject).decision().triggers());
        calls(subject, 150, 0.99, "live", 1);
        Look same = assertLooked(watch.carryOut(subject, Instant.now()));
        assertFalse(same.drifted(), same.findings().toString());
        assertEquals(150, same.since());
        calls(subject, 150, 0.6, "live", 1);
        Look worse = assertLooked(watch.carryOut(subject, Instant.now()));
        assertTrue(isDriftOfFeedback(worse.changes()), worse.findings().toString());
        assertFalse(state(subject).changes().isEmpty());
    }

    /** Who goes back from a version that has a reference is held against calls of the one that is live again, once there are enough. */
    @Test
    void afterGoingBackAReferenceIsCollected() {
        Subject subject = served("gone-back", "e");
        Dataset dataset =
                new Datasets(fixture.database).freeze(subject.useCase(), "9d".repeat(32), "{}", "{}", List.of());
        assertEquals(3, version(subject.useCase(), "e3", dataset.id()).number());
        live(subject, 3);
        calls(subject, 150, 0.3, "live", 3);
        assertTrue(watch.carryOut(subject, Instant.now()).reference());
        assertEquals("live gone-back/3", reference(subject).answered());
        live(subject, 1);
        References.Coming coming = state(subject).coming();
        assertNotNull(coming);
        assertEquals(List.of(1, 0), List.of(coming.version(), coming.calls()));
        calls(subject, 150, 0.99, "live", 1);
        assertEquals(List.of(), state(subject).decision().triggers());
        Watch.Round round = watch.carryOut(subject, Instant.now());
        assertTrue(round.reference());
        assertNull(round.look());
        assertEquals("live gone-back/1", reference(subject).answered());
        assertTrue(
                reference(subject).why().startsWith("version 1, which is another than the one"),
                reference(subject).why());
        calls(subject, 150, 0.99, "live", 1);
        Look same = assertLooked(watch.carryOut(subject, Instant.now()));
        assertFalse(same.drifted(), same.findings().toString());
    }

    /** Who goes back before the bad version has a reference finds the one before, and nothing of the bad version's calls is held against it. */
    @Test
    void whoGoesBackAtOnceFindsTheReferenceBefore() {
        Subject subject = served("back-soon", "f");
        UUID before = reference(subject).id();
        live(subject, 2);
        calls(subject, 60, 0, "live", 2);
        assertNotNull(state(subject).coming());
        live(subject, 1);
        assertNull(state(subject).coming());
        assertNull(watch.carryOut(subject, Instant.now()).look(), "nothing of the live version has come");
        calls(subject, 150, 0.99, "live", 1);
        Look same = assertLooked(watch.carryOut(subject, Instant.now()));
        assertFalse(same.drifted(), same.findings().toString());
        assertEquals(before, reference(subject).id());
    }

    /** Whoever the charter declares answers otherwise than a version that is live no more: that is no drift, and they get a reference of their own. */
    @Test
    void whereNoVersionIsLiveAnyMoreTheDeclaredGetTheirOwn() {
        Subject subject = served("none-live", "0");
        calls(subject, 40, 0.3, "incumbent", 1);
        calls(subject, 1, 0.99, "live", 1);
        new Aliases(fixture.database).remove(new VersionReference.Aliased(subject.name(), "live"), "ann");
        calls(subject, 150, 0.3);
        Watch.Round round = watch.carryOut(subject, Instant.now());
        assertNull(round.look(), "what they answer is not held against the version's");
        assertTrue(round.reference(), "a window of theirs is over");
        assertEquals("declared", reference(subject).answered());
        assertEquals(150, comparable(subject, null), "none from while the version was live");
        calls(subject, 150, 0.3);
        Look same = assertLooked(watch.carryOut(subject, Instant.now()));
        assertFalse(same.drifted(), same.findings().toString());
    }

    @Test
    void whereNoVersionIsLiveAnyMoreNobodyLooksUntilThen() {
        Subject subject = served("left", "1");
        new Aliases(fixture.database).remove(new VersionReference.Aliased(subject.name(), "live"), "ann");
        calls(subject, 50, 0.3);
        Watch.Round round = watch.carryOut(subject, Instant.now());
        assertNull(round.look());
        assertFalse(round.reference(), "too few");
        String trouble = String.valueOf(state(subject).trouble());
        assertTrue(
                trouble.startsWith(
                        "cannot look: the reference is of [live left/1], and production is answered by [declared]"),
                trouble);
    }

    /** What had drifted before somebody went back is of the world: it stands, and no other reference hides it. */
    @Test
    void whatDriftedBeforeSomebodyWentBackStands() {
        Subject subject = served("stands", "a");
        calls(subject, 150, 0.4, "live", 1);
        assertTrue(assertLooked(watch.carryOut(subject, Instant.now())).drifted());
        live(subject, 2);
        assertNull(state(subject).coming());
        assertFalse(state(subject).changes().isEmpty());
        List<String> changes = state(subject).changes();
        calls(subject, 150, 0.99, "live", 2);
        Watch.Round round = watch.carryOut(subject, Instant.now());
        assertFalse(round.reference());
        assertNull(round.look(), "what two versions differ in is no drift");
        assertEquals(changes, state(subject).changes());
        String trouble = String.valueOf(state(subject).trouble());
        assertTrue(
                trouble.startsWith(
                        "cannot look: the reference is of [live stands/1], and production is answered by [live stands/2]; what was found stands"),
                trouble);
        watch.adopt(subject, Instant.now().minus(Duration.ofHours(30)), "ada", "it is meant");
        assertEquals("live stands/2", reference(subject).answered(), "who says so takes the calls of who answers");
        assertEquals(150, comparable(subject));
        assertEquals(List.of(), state(subject).changes());
    }

    /** Whoever answers in place of the live version, since a switch keeps calls away from it, leaves nothing to look at; that is said. */
    @Test
    void whereTheLiveVersionAnswersNobodyItIsSaid() {
        Subject subject = served("silent", "2");
        calls(subject, 99, 0.99, "incumbent", 1);
        assertNull(state(subject).trouble());
        calls(subject, 1, 0.99, "incumbent", 1);
        assertNull(watch.carryOut(subject, Instant.now()).look());
        String trouble = String.valueOf(state(subject).trouble());
        assertTrue(
                trouble.startsWith("cannot look: none of the last [100] watched calls was answered by [live silent/1]"),
                trouble);
        calls(subject, 1, 0.99, "live", 1);
        assertNull(state(subject).trouble());
    }

    /** A canary is in the middle of the live version's calls: neither vectors, nor what is said, nor what is new is held against the candidate's. */
    @Test
    void whatACandidateAnswersAmidAReferenceIsNoneOfIt() {
        Subject subject = promoting("amid", HOURLY);
        version(subject.useCase(), "61", null);
        version(subject.useCase(), "62", null);
        live(subject, 1);
        calls(subject, 70, 0.99, "live", 1);
        List<UUID> strange = new ArrayList<>();
        List<CapturedCall> candidate = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            strange.add(Ids.next());
            candidate.add(fixture.call(
                    "amid",
                    strange.getLast(),
                    3,
                    4,
                    null,
                    "reserve",
                    List.of(new CapturedCall.Attempt(1, "candidate", "amid/2", "amid/2", 200, null, 10, null))));
        }
        new Calls(fixture.database).add(candidate);
        watch.carryOut(subject, Instant.now());
        StoreFixture.pass(fixture.database, subject.useCase(), Duration.ofHours(30));
        fixture.judge(subject, 0);
        calls(subject, 70, 0.99, "live", 1);
        assertEquals(140, comparable(subject));
        List<Queue.Item> waiting = new Waiting(fixture.database)
                .of(subject, null, 500, Instant.now()).stream()
                        .filter(item -> strange.contains(item.trace()))
                        .toList();
        assertFalse(waiting.isEmpty());
        for (Queue.Item item : waiting) {
            assertTrue(
                    item.reasons().contains("like nothing before")
                            || item.reasons().contains("unlike most before"),
                    item.toString());
        }
        calls(subject, 150, 0.55, "live", 1);
        Look worse = assertLooked(watch.carryOut(subject, Instant.now()));
        assertEquals(140, worse.reference());
        assertTrue(isDriftOfFeedback(worse.changes()), worse.findings().toString());
        StoreFixture.change(fixture.database, """
                UPDATE watched_call SET input = NULL
                 WHERE trace IN (SELECT trace FROM watched_call WHERE use_case = ? AND answered = 'live amid/1' ORDER BY position LIMIT 60)
                """, subject.useCase());
        String trouble = state(subject).trouble();
        assertTrue(trouble != null && trouble.startsWith("cannot look: of the reference [80] calls"), trouble);
    }

    /** Where the charter lets no version have the calls, the alias says nothing of who answers. */
    @Test
    void withoutPromoteTheDeclaredAreProduction() {
        Subject subject = subject("by-hand", HOURLY);
        version(subject.useCase(), "51", null);
        version(subject.useCase(), "52", null);
        live(subject, 1);
        calls(subject, 150, 0.99, "incumbent", 1);
        assertTrue(watch.carryOut(subject, Instant.now()).reference());
        assertEquals("declared", reference(subject).answered());
        live(subject, 2);
        assertNull(state(subject).coming());
        StoreFixture.change(
                fixture.database, "UPDATE watch_reference SET answered = NULL WHERE use_case = ?", subject.useCase());
        assertNull(state(subject).coming(), "nor of a reference of whomever");
    }

    /** What an older Hone left says of nobody who answered: it counts, until another version is live. */
    @Test
    void whatWasTakenBeforeCounts() {
        Subject subject = served("older", "7");
        for (String table : List.of("watch_reference", "watched_call")) {
            StoreFixture.change(
                    fixture.database,
                    "UPDATE %s SET answered = NULL WHERE use_case = ?".formatted(table),
                    subject.useCase());
        }
        assertNull(state(subject).coming());
        calls(subject, 150, 0.99, "live", 1);
        Look same = assertLooked(watch.carryOut(subject, Instant.now()));
        assertFalse(same.drifted(), same.findings().toString());
        assertEquals(List.of(300, 150), List.of(same.reference(), same.since()));
        assertEquals(List.of(), same.few());
        live(subject, 2);
        assertNotNull(state(subject).coming());
    }

    /** As long as no version is live, candidates' calls are neither; a live version takes no window before anybody looks. */
    @Test
    void theFirstReferenceIsOfWhoAnswers() {
        Subject subject =
                promoting("first-of", "{sample: 1, calls-a-day: 5000, second-labels: 0, drift: {feedback: 1h}}");
        version(subject.useCase(), "b1", null);
        calls(subject, 150, 0.5, "candidate", 1);
        StoreFixture.pass(fixture.database, subject.useCase(), Duration.ofDays(8));
        assertFalse(watch.carryOut(subject, Instant.now()).reference(), "a window of a candidate's calls");
        assertEquals(100, state(subject).missing());
        live(subject, 1);
        fixture.add("first-of", 150, 3, "live", 1);
        watch.carryOut(subject, Instant.now());
        assertEquals(0, state(subject).missing());
        assertFalse(
                watch.carryOut(subject, Instant.now().plus(Duration.ofHours(24)))
                        .reference(),
                "a day, but not what is said of it");
        assertTrue(watch.carryOut(subject, Instant.now().plus(Duration.ofHours(26)))
                .reference());
        assertEquals("live first-of/1", reference(subject).answered());
    }
}
