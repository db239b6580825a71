package dev.hone.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.improve.Look;
import dev.hone.improve.Queue;
import dev.hone.record.CapturedCall;
import dev.hone.record.Dataset;
import dev.hone.record.FinishedRun;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.RunLog;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Calls;
import dev.hone.store.Datasets;
import dev.hone.store.ModelVersions;
import dev.hone.store.StoreFixture;
import dev.hone.store.UseCases;
import dev.hone.store.WatchLooks;
import dev.hone.store.WatchedCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/** Against what calls are held when versions change, and what follows of what became better or worse. */
@Timeout(120)
final class ReferencesTest {
    private static final String HOURLY = "{sample: 1, calls-a-day: 5000, second-labels: 0, drift: {window: 1h}}";

    private final WatchFixture fixture = WatchFixture.open();
    private final Watch watch = new Watch(fixture.database, Eyes.ofWords(), Duration.ZERO, () -> false);

    private Subject subject(String name, String improve) {
        return new Subject(
                new UseCases(fixture.database).obtain(name), WatchFixture.charter(name, "{kind: tool_call}", improve));
    }

    private WatchState state(Subject subject) {
        return WatchState.of(fixture.database, subject, new Waiting(fixture.database), Instant.now());
    }

    private static Look assertLooked(Watch.Round round) {
        Look look = round.look();
        assertNotNull(look, round.toString());
        return look;
    }

    private ModelVersion version(UUID useCase, String digits, @Nullable UUID dataset) {
        FinishedRun run = new FinishedRun(
                digits.repeat(32), digits.repeat(32), 1, "base", digits.repeat(32), "{}", "{}", "{}", Instant.now());
        return new ModelVersions(fixture.database)
                .add(
                        useCase,
                        new ModelVersions.Candidate(
                                run, new RunLog(List.of(), List.of()), dataset, digits.repeat(32), null, "here"))
                .version();
    }

    /** So many calls come, are watched, are judged an hour later, and lie thirty hours back; what else there is lies as much farther back. */
    private void calls(Subject subject, int count, double helped) {
        fixture.add(subject.name(), count, 3);
        watch.carryOut(subject, Instant.now());
        StoreFixture.pass(fixture.database, subject.useCase(), Duration.ofHours(30));
        fixture.judge(subject, helped);
    }

    private static boolean isDriftOfFeedback(List<String> changes) {
        return changes.stream().anyMatch(change -> change.startsWith("feedback: rating (mean "));
    }

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

    /** As {@link #calls(Subject, int, double)}, where of ten calls one is judged. */
    private void seldom(Subject subject, int count, double helped) {
        calls(subject, count, helped);
        StoreFixture.change(
                fixture.database,
                "DELETE FROM feedback f USING watched_call w WHERE w.trace = f.trace AND f.use_case = ? AND w.position % 10 <> 0",
                subject.useCase());
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

    private Subject promoting(String name, String improve) {
        return new Subject(new UseCases(fixture.database).obtain(name), WatchFixture.promoting(name, improve));
    }

    /** As {@link #calls(Subject, int, double)}, answered by a version. */
    private void calls(Subject subject, int count, double helped, String variant, int version) {
        fixture.add(subject.name(), count, 3, variant, version);
        assertEquals(count, watch.carryOut(subject, Instant.now()).sampled(), "whoever answered is watched and graded");
        StoreFixture.pass(fixture.database, subject.useCase(), Duration.ofHours(30));
        fixture.judge(subject, helped);
    }

    private void live(Subject subject, int version) {
        new Aliases(fixture.database).set(new VersionReference.Numbered(subject.name(), version), "live", "ann");
    }

    private WatchLooks.Reference reference(Subject subject) {
        WatchLooks.Reference reference = state(subject).reference();
        assertNotNull(reference);
        return reference;
    }

    /** Version 1 is live, and a reference of its calls is taken; version 2 is there, and nobody knows what it learned from. */
    private Subject served(String name, String digit) {
        Subject subject = promoting(name, HOURLY);
        version(subject.useCase(), digit + "1", null);
        version(subject.useCase(), digit + "2", null);
        live(subject, 1);
        calls(subject, 60, 0.1, "candidate", 2);
        calls(subject, 300, 0.99, "live", 1);
        assertTrue(watch.carryOut(subject, Instant.now()).reference());
        assertEquals("live " + name + "/1", reference(subject).answered());
        assertEquals(
                300,
                new WatchedCalls(fixture.database)
                        .comparable(
                                subject.useCase(),
                                reference(subject).from(),
                                reference(subject).to(),
                                null),
                "none of the candidate's");
        return subject;
    }

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
        assertEquals(
                150,
                new WatchedCalls(fixture.database)
                        .comparable(
                                subject.useCase(),
                                reference(subject).from(),
                                reference(subject).to(),
                                null),
                "none from while the version was live");
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
        assertFalse(watch.carryOut(subject, Instant.now()).reference());
        assertFalse(state(subject).changes().isEmpty());
        watch.adopt(subject, Instant.now().minus(Duration.ofHours(30)), "ada", "it is meant");
        assertEquals("live stands/2", reference(subject).answered(), "who says so takes the calls of who answers");
        assertEquals(150, comparable(subject));
        assertEquals(List.of(), state(subject).changes());
    }

    private long comparable(Subject subject) {
        WatchLooks.Reference reference = reference(subject);
        return new WatchedCalls(fixture.database)
                .comparable(subject.useCase(), reference.from(), reference.to(), reference.answered());
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
