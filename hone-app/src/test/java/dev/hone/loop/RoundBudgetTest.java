package dev.hone.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.Charter;
import dev.hone.loop.RoundFixture.Killed;
import dev.hone.store.Database;
import dev.hone.store.LoopAttempts;
import dev.hone.store.SharedDatabase;
import dev.hone.store.UseCases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The hours that rounds may take in a month. */
@Timeout(300)
final class RoundBudgetTest {
    @TempDir
    static Path folder;

    private static final Database database = SharedDatabase.database();
    private static RoundFixture fixture;

    @BeforeAll
    static void open() throws IOException {
        fixture = new RoundFixture(folder);
    }

    /** @param epochs of its training @param hours a month */
    private static Charter charter(String name, int epochs, double hours) throws IOException {
        return fixture.charter(
                name,
                RoundFixture.GATES
                        + String.format(
                                Locale.ROOT,
                                "loop: {model: 'MODEL', epochs: %d, least-tasks: 10, hours-a-month: %.9f}%n",
                                epochs,
                                hours));
    }

    private static String refusal(Charter charter, List<String> heard) {
        return String.valueOf(assertThrows(
                        IllegalArgumentException.class, () -> fixture.run(charter, RoundFixture.at(heard::add)))
                .getMessage());
    }

    /** Time is bounded also where every attempt dies before its step is done: the second start does nothing. With more, it goes on. */
    @Test
    void aBudgetThatIsUsedUpStopsARoundWhereItIs() throws IOException {
        String name = "budget";
        Letters.label(database, name, 0, 40);
        Charter tight = charter(name, 100, 0.0003);
        List<String> first = new ArrayList<>();
        assertTrue(refusal(tight, first).contains("[hours-a-month]"));
        assertTrue(fixture.rounds(tight).unfinished().isPresent(), "what was begun goes on with more hours");
        assertFalse(first.contains("finished TRAINING"), first.toString());
        List<String> second = new ArrayList<>();
        assertTrue(refusal(tight, second).contains("[hours-a-month]"));
        assertEquals(List.of(), second);
        Charter wide = charter(name, 100, 1);
        boolean[] trains = new boolean[1];
        Rounds.Result result = fixture.rounds(wide)
                .run(
                        RoundFixture.order(wide, true),
                        RoundFixture.at(moment -> trains[0] |= moment.startsWith("stepped")),
                        () -> trains[0]);
        assertTrue(result.resumed() && trains[0], "with more hours it goes on");
        fixture.rounds(tight).abandon("ada");
        assertTrue(
                fixture.rounds(tight).obstacle(RoundFixture.order(tight, true)).contains("[hours-a-month]"),
                "what was given up has taken what it took");
    }

    /** A step that was killed has taken what it took: a budget that this uses up is used up before anything else is done. */
    @Test
    void whatAKilledStepTookCounts() throws IOException {
        String name = "spent";
        Letters.label(database, name, 0, 40);
        Charter charter = charter(name, 4, 1);
        assertThrows(Killed.class, () -> fixture.run(charter, RoundFixture.killedAt("stepped 2")));
        double step = fixture.rounds(charter).unfinished().orElseThrow().spent(RoundStep.TRAINING);
        assertTrue(step > 0.2, "a worker process was begun, and not within " + step + " s");
        double spent = new LoopAttempts(database).secondsSince(fixture.id(name), Instant.EPOCH);
        assertTrue(spent > step, spent + " with what came before the step, of " + step);
        List<String> heard = new ArrayList<>();
        String told = refusal(charter(name, 4, spent / 2 / 3_600), heard);
        assertTrue(told.contains("[hours-a-month]"), told);
        assertEquals(List.of(), heard);
    }

    /** Nobody closes what is killed. */
    @Test
    void timeIsWrittenDownWhileItIsTaken() throws Exception {
        String name = "astray-beats";
        UUID useCase = new UseCases(database).obtain(name);
        Charter charter = fixture.charter(name, "loop: {hours-a-month: 0.0001}\n");
        Instant from = Instant.now().minus(Duration.ofDays(1));
        Budget killed =
                new Budget(database, useCase, name, charter.loop(), InstantSource.system(), Duration.ofMillis(20));
        assertFalse(killed.isUsedUp());
        killed.begin();
        LoopAttempts attempts = new LoopAttempts(database);
        for (int i = 0; i < 6_000 && attempts.secondsSince(useCase, from) < 0.4; i++) {
            Thread.sleep(10);
        }
        assertTrue(attempts.secondsSince(useCase, from) >= 0.4);
        assertTrue(killed.isUsedUp());
        Instant now = Instant.now().plus(Duration.ofDays(40));
        Budget next = new Budget(database, useCase, name, charter.loop(), InstantSource.system(), Budget.BEAT);
        assertThrows(IllegalArgumentException.class, next::requireLeft);
        new Budget(database, useCase, name, charter.loop(), () -> now, Budget.BEAT).requireLeft();
        killed.close();
    }
}
