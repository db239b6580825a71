package dev.hone.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.Charter;
import dev.hone.loop.Results.DatasetMade;
import dev.hone.loop.Results.Evaluated;
import dev.hone.loop.Results.Trained;
import dev.hone.loop.RoundFixture.Killed;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.Loops;
import dev.hone.store.ModelVersions;
import dev.hone.store.SharedDatabase;
import dev.hone.store.StoreFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A round that is killed again and again, and the round after it. */
@Timeout(900)
final class RoundsKilledTest {
    private static final String KEYS = RoundFixture.GATES + "loop: {model: 'MODEL', epochs: 4, least-tasks: 10}\n";

    /** Moments of its training at which a round is killed. */
    private static final Set<String> WITHIN = Set.of("stepped 1", "stepped 5");

    @TempDir
    static Path folder;

    private static final Database database = SharedDatabase.database();
    private static RoundFixture fixture;

    @BeforeAll
    static void open() throws IOException {
        fixture = new RoundFixture(folder);
    }

    private static String refusal(Charter charter, boolean byHand) {
        return String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> fixture.rounds(charter)
                                .run(RoundFixture.order(charter, byHand), RoundFixture.silent(), () -> false))
                .getMessage());
    }

    /** What must not depend on interruptions: what was made, and how often. */
    private static List<String> state(String useCase, RoundFolder round) throws IOException {
        List<String> state = new ArrayList<>();
        for (RoundStep step : RoundStep.values()) {
            Record result = round.finished(step).orElseThrow().result();
            state.add(
                    switch (result) {
                        case Trained trained -> {
                            Results.Arm arm = trained.arms().getFirst();
                            yield "trained %d rows, %d steps, loss %s, quality %s"
                                    .formatted(arm.rows(), arm.steps(), arm.finalLoss(), arm.quality());
                        }
                        case Results.Registered registered -> "version " + registered.number();
                        case Evaluated evaluated ->
                            evaluated.all().stream()
                                    .map(figures -> figures.contender().replace(useCase, "") + figures.quality())
                                    .toList()
                                    .toString();
                        case Results.Judged judged ->
                            judged.passed() + " " + judged.sentences().size();
                        case Results.Asked asked -> "rollout " + (asked.rollout() != null);
                        default -> result.toString();
                    });
        }
        state.add(round.ended().orElseThrow().outcome() + " "
                + round.ended().orElseThrow().version());
        state.addAll(RoundFixture.made(database, "'%s'".formatted(fixture.id(useCase))));
        return state;
    }

    /**
     * Whether a round is killed at a moment: at the beginning and both ends of each of its six steps, where it costs no more than to find what was done; and within training and
     * answering, where a worker process begins anew after each, at three that there always are and some that are drawn.
     */
    private static boolean kills(String moment, Set<String> killed, Random random) {
        boolean answered = moment.startsWith("answered");
        boolean within = answered || moment.startsWith("stepped");
        return !within
                || WITHIN.contains(moment)
                || answered && killed.stream().noneMatch(one -> one.startsWith("answered"))
                || random.nextInt(10) < 1;
    }

    /** Killed at twenty moments and more between and within its steps, a round ends as one that was not. */
    @Test
    void killedAnywhereItEndsInTheSameState() throws IOException {
        Letters.label(database, "whole", 0, 60);
        Letters.label(database, "killed", 0, 60);
        Rounds.Result whole = fixture.run(fixture.charter("whole", KEYS), RoundFixture.silent());
        assertEquals(
                Loops.Outcome.ROLLOUT,
                whole.ended() == null ? null : whole.ended().outcome());
        Charter charter = fixture.charter("killed", KEYS);
        Random random = new Random(7);
        Set<String> killed = new HashSet<>();
        Optional<Rounds.Result> result = Optional.empty();
        while (result.isEmpty()) {
            try {
                result = Optional.of(fixture.run(charter, RoundFixture.at(moment -> {
                    if (!killed.contains(moment) && kills(moment, killed, random) && killed.add(moment)) {
                        throw new Killed();
                    }
                })));
            } catch (Killed e) {
                assertEquals(
                        1,
                        new Loops(database)
                                .list(fixture.id("killed"), 10).stream()
                                        .filter(round -> round.ended() == null)
                                        .count(),
                        "one round goes on: " + killed);
                assertTrue(
                        new ModelVersions(database)
                                .find(new VersionReference.Aliased("killed", "live"))
                                .isEmpty(),
                        "nothing is live that no rollout made so");
            }
        }
        assertTrue(killed.size() >= 20, killed.toString());
        for (RoundStep step : RoundStep.values()) {
            assertTrue(
                    killed.containsAll(Set.of("begins " + step, "made " + step, "finished " + step)),
                    () -> killed + " without all of " + step);
        }
        assertTrue(killed.containsAll(WITHIN), killed.toString());
        assertTrue(killed.stream().anyMatch(moment -> moment.startsWith("answered")), killed.toString());
        assertEquals(state("whole", whole.round()), state("killed", result.get().round()), () -> "killed at " + killed);
        story(charter);
    }

    /** What follows the first round of a use case: refusals, then a second round that learns from the live version, too. */
    private static void story(Charter charter) throws IOException {
        String rolling = refusal(charter, true);
        assertTrue(rolling.contains("killed/1") && rolling.contains("being rolled out"), rolling);
        StoreFixture.change(database, "UPDATE rollout SET phase = 'promoted' WHERE use_case = ?", fixture.id("killed"));
        new Aliases(database).set(new VersionReference.Numbered("killed", 1), "live", "ada");
        String nothing = refusal(charter, true);
        assertTrue(nothing.contains("no label") && nothing.contains("--again"), nothing);
        Letters.label(database, "killed", 60, 100);
        String cooling = refusal(charter, false);
        assertTrue(cooling.contains("[cool-down]") && cooling.contains("by hand"), cooling);
        DatasetMade before = new RoundFolder(LoopFolder.of(fixture.home(), "default", "killed")
                        .rounds()
                        .getFirst()
                        .path())
                .finished(RoundStep.DATASET, DatasetMade.class)
                .orElseThrow()
                .result();
        Rounds.Result second = fixture.run(charter, RoundFixture.silent());
        RoundFolder round = second.round();
        assertFalse(second.resumed());
        DatasetMade made = round.finished(RoundStep.DATASET, DatasetMade.class)
                .orElseThrow()
                .result();
        assertEquals(before.test(), made.retained(), "what the first round judged by is judged by again");
        assertTrue(made.test() > made.retained());
        assertTrue(made.fresh() > 0 && made.fresh() < made.train());
        Trained trained =
                round.finished(RoundStep.TRAINING, Trained.class).orElseThrow().result();
        assertEquals(
                List.of("base", "live"),
                trained.arms().stream().map(Results.Arm::from).toList());
        Results.Arm live = trained.arms().getLast();
        assertEquals(made.fresh(), live.rows() - live.replayed());
        assertEquals(Math.min(before.train(), made.fresh()), live.replayed(), "as many earlier tasks as new ones");
        Evaluated evaluated = round.finished(RoundStep.EVALUATION, Evaluated.class)
                .orElseThrow()
                .result();
        assertEquals(
                Set.of("all", "fresh", "retained"),
                new HashSet<>(evaluated.comparisons().stream()
                        .map(Results.Comparison::on)
                        .toList()));
        assertTrue(evaluated.comparisons().stream()
                .allMatch(one -> one.difference().a().equals("killed/2")));
        ModelVersion version = new ModelVersions(database).of(fixture.id("killed"), 2);
        assertEquals(made.hash(), version.dataset(), "the version knows what it learned from");
        assertEquals(trained.chosen().equals("live") ? "killed/1" : null, version.parent());
        assertTrue(
                round.finished(RoundStep.GATES, Results.Judged.class)
                        .orElseThrow()
                        .result()
                        .sentences()
                        .getLast()
                        .contains("whether it has forgotten anything is not known: [%d] tasks"
                                .formatted(made.retained())),
                "too few tasks tell nothing, and that is said");
        assertEquals(2, version.evaluations(), "a report, and one of what earlier rounds judged by");
        StoreFixture.change(
                database,
                "UPDATE rollout SET phase = 'rolled-back' WHERE use_case = ? AND number = 2",
                fixture.id("killed"));
    }
}
