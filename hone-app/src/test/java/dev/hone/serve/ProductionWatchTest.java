package dev.hone.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.Looks;
import dev.hone.charter.Charter;
import dev.hone.record.Ids;
import dev.hone.store.Loops;
import dev.hone.store.StoreFixture;
import dev.hone.store.UseCases;
import dev.hone.store.WatchLooks;
import dev.hone.watch.Eyes;
import dev.hone.watch.Subject;
import dev.hone.watch.Watch;
import dev.hone.watch.WatchFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is told of a use case that has drifted, with what follows. */
@Timeout(120)
final class ProductionWatchTest {
    private final WatchFixture fixture = WatchFixture.open();

    /** What is told at a start, an hour from now. */
    private String told(Charter charter) throws InterruptedException {
        List<String> notices = new CopyOnWriteArrayList<>();
        try (ProductionWatch ignored = new ProductionWatch(
                fixture.database,
                () -> List.of(charter),
                Eyes.ofWords(),
                Looks.STANDARD,
                () -> Instant.now().plus(Duration.ofHours(1)),
                notices::add)) {
            for (int i = 0; i < 1_500 && notices.isEmpty(); i++) {
                Thread.sleep(20);
            }
        }
        assertEquals(1, notices.size(), notices.toString());
        return notices.getFirst();
    }

    @Test
    void aRoundThatGoesOnIsToldWithTheDrift() throws InterruptedException {
        String name = "hourly";
        Charter charter =
                WatchFixture.charter(name, "{kind: tool_call}", "{sample: 1, calls-a-day: 5000, second-labels: 0}");
        Subject subject = new Subject(new UseCases(fixture.database).obtain(name), charter);
        fixture.add(name, 450, 3);
        // Calls of the last minute are left to the next hour, so they are watched here.
        Watch watch = new Watch(fixture.database, Eyes.ofWords(), Duration.ZERO, () -> false);
        watch.carryOut(subject, Instant.now());
        StoreFixture.pass(fixture.database, subject.useCase(), Duration.ofDays(8));
        assertTrue(watch.carryOut(subject, Instant.now()).reference());
        fixture.add(name, 220, 4);
        watch.carryOut(subject, Instant.now());
        Loops loops = new Loops(fixture.database);
        Loops.Round round = loops.begin(Ids.next(), subject.useCase(), "drift", "ada", "/home");
        String going = told(charter);
        assertTrue(going.startsWith("The use case [hourly] has drifted: "), going);
        assertTrue(going.contains("No loop begins: a loop of this use case goes on"), going);
        loops.end(round.id(), Loops.Outcome.ABANDONED, "enough", null);
        String ended = told(charter);
        assertFalse(ended.contains("goes on"), ended);
        assertTrue(ended.contains("nobody has labelled anything"), ended);
        whatIsToldIsNotToldAgain(charter, subject);
    }

    /** No alarm, and nothing that begins a round. */
    @Test
    void whatGotBetterIsToldAsThat() throws InterruptedException {
        String name = "praised";
        Charter charter = WatchFixture.charter(
                name, "{kind: tool_call}", "{sample: 1, calls-a-day: 5000, second-labels: 0, drift: {window: 1h}}");
        Subject subject = new Subject(new UseCases(fixture.database).obtain(name), charter);
        Watch watch = new Watch(fixture.database, Eyes.ofWords(), Duration.ZERO, () -> false);
        for (double helped : new double[] {0.59, 0.99}) {
            fixture.add(name, 200, 3);
            watch.carryOut(subject, Instant.now());
            StoreFixture.pass(fixture.database, subject.useCase(), Duration.ofHours(30));
            fixture.judge(subject, helped);
            watch.carryOut(subject, Instant.now());
        }
        String told = told(charter);
        assertTrue(
                told.startsWith("The use case [praised] has changed for the better: feedback: rating (mean 0.9")
                        || told.startsWith(
                                "The use case [praised] has changed for the better: feedback: rating (mean 1.0"),
                told);
    }

    /** Figures change with every call; that it has drifted does not. What drifts later, too, is told. */
    private void whatIsToldIsNotToldAgain(Charter charter, Subject subject) throws InterruptedException {
        WatchLooks looks = new WatchLooks(fixture.database);
        UUID reference = looks.reference(subject.useCase()).orElseThrow().id();
        List<String> notices = new CopyOnWriteArrayList<>();
        try (ProductionWatch ignored = new ProductionWatch(
                fixture.database,
                () -> List.of(charter),
                Eyes.ofWords(),
                new Looks(Duration.ofMillis(100), Duration.ofMillis(1), Duration.ofMinutes(1)),
                Instant::now,
                notices::add)) {
            for (int i = 0; i < 1_500 && notices.isEmpty(); i++) {
                Thread.sleep(20);
            }
            int before = looks.looks(subject.useCase(), reference, 100).size();
            fixture.add(subject.name(), 40, 4);
            for (int i = 0;
                    i < 1_500 && looks.looks(subject.useCase(), reference, 100).size() == before;
                    i++) {
                Thread.sleep(20);
            }
            assertTrue(looks.looks(subject.useCase(), reference, 100).size() > before, "it looks again");
            Thread.sleep(200);
        }
        List<String> drifted = notices.stream()
                .map(notice -> notice.replaceAll(" \\([^()]*\\)", ""))
                .toList();
        assertEquals(drifted.stream().distinct().toList(), drifted, "the same again, with other figures: " + notices);
    }
}
