package dev.hone.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.improve.Look;
import dev.hone.record.FinishedRun;
import dev.hone.record.ModelVersion;
import dev.hone.record.RunLog;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.ModelVersions;
import dev.hone.store.StoreFixture;
import dev.hone.store.UseCases;
import dev.hone.store.WatchLooks;
import dev.hone.store.WatchedCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A use case that is watched, as tests tell what becomes of it. */
abstract class ReferenceStory {
    static final String HOURLY = "{sample: 1, calls-a-day: 5000, second-labels: 0, drift: {window: 1h}}";

    final WatchFixture fixture = WatchFixture.open();

    final Watch watch = new Watch(fixture.database, Eyes.ofWords(), Duration.ZERO, () -> false);

    Subject subject(String name, String improve) {
        return new Subject(
                new UseCases(fixture.database).obtain(name), WatchFixture.charter(name, "{kind: tool_call}", improve));
    }

    WatchState state(Subject subject) {
        return WatchState.of(fixture.database, subject, new Waiting(fixture.database), Instant.now());
    }

    static Look assertLooked(Watch.Round round) {
        Look look = round.look();
        assertNotNull(look, round.toString());
        return look;
    }

    ModelVersion version(UUID useCase, String digits, @Nullable UUID dataset) {
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
    void calls(Subject subject, int count, double helped) {
        fixture.add(subject.name(), count, 3);
        watch.carryOut(subject, Instant.now());
        StoreFixture.pass(fixture.database, subject.useCase(), Duration.ofHours(30));
        fixture.judge(subject, helped);
    }

    static boolean isDriftOfFeedback(List<String> changes) {
        return changes.stream().anyMatch(change -> change.startsWith("feedback: rating (mean "));
    }

    /** As {@link #calls(Subject, int, double)}, where of ten calls one is judged. */
    void seldom(Subject subject, int count, double helped) {
        calls(subject, count, helped);
        StoreFixture.change(
                fixture.database,
                "DELETE FROM feedback f USING watched_call w WHERE w.trace = f.trace AND f.use_case = ? AND w.position % 10 <> 0",
                subject.useCase());
    }

    Subject promoting(String name, String improve) {
        return new Subject(new UseCases(fixture.database).obtain(name), WatchFixture.promoting(name, improve));
    }

    /** As {@link #calls(Subject, int, double)}, answered by a version. */
    void calls(Subject subject, int count, double helped, String variant, int version) {
        fixture.add(subject.name(), count, 3, variant, version);
        assertEquals(count, watch.carryOut(subject, Instant.now()).sampled(), "whoever answered is watched and graded");
        StoreFixture.pass(fixture.database, subject.useCase(), Duration.ofHours(30));
        fixture.judge(subject, helped);
    }

    void live(Subject subject, int version) {
        new Aliases(fixture.database).set(new VersionReference.Numbered(subject.name(), version), "live", "ann");
    }

    WatchLooks.Reference reference(Subject subject) {
        WatchLooks.Reference reference = state(subject).reference();
        assertNotNull(reference);
        return reference;
    }

    /** Version 1 is live, and a reference of its calls is taken; version 2 is there, and nobody knows what it learned from. */
    Subject served(String name, String digit) {
        Subject subject = promoting(name, HOURLY);
        version(subject.useCase(), digit + "1", null);
        version(subject.useCase(), digit + "2", null);
        live(subject, 1);
        calls(subject, 60, 0.1, "candidate", 2);
        calls(subject, 300, 0.99, "live", 1);
        assertTrue(watch.carryOut(subject, Instant.now()).reference());
        assertEquals("live " + name + "/1", reference(subject).answered());
        assertEquals(300, comparable(subject, null), "none of the candidate's");
        return subject;
    }

    /** Calls at the positions of its reference that whoever that is of answered. */
    long comparable(Subject subject) {
        return comparable(subject, reference(subject).answered());
    }

    /** Calls at the positions of its reference. @param answered who did; null for whoever */
    long comparable(Subject subject, @Nullable String answered) {
        WatchLooks.Reference reference = reference(subject);
        return new WatchedCalls(fixture.database)
                .comparable(subject.useCase(), reference.from(), reference.to(), answered);
    }
}
