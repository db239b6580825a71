package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ModelVersion;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** By which reports gates may let a version past again that a rollout took back: in a real database. */
final class TakenBackTest {
    private static final Database DATABASE = TestDatabase.database();

    private final Rollouts rollouts = new Rollouts(DATABASE);
    private final TakingBack back = new TakingBack(DATABASE);
    private final RolloutRows rows = new RolloutRows(DATABASE);

    /** Who was taken back since the disk was full, or since a person pressed a button, is not disproved by users. */
    @Test
    void whatCallsHaveShownNothingAgainstIsJudgedAnewByTheReportOfBefore() {
        ModelVersion first = rows.version("roll-withdrawn", true);
        rows.live(first);
        ModelVersion second = rows.version("roll-withdrawn", null);
        UUID old = report(second, "{\"report\": 1}");
        pass(second, old, first);
        Standing standing = new Standing(DATABASE);
        for (String action : List.of(RolloutDecision.WITHDRAW, "back")) {
            end(rows.begin(second), action);
            assertTrue(
                    standing.objection(second, null).orElseThrow().endsWith("so it must be judged again"),
                    "not as if nothing had been");
            pass(second, old, first);
            assertEquals(Optional.empty(), standing.objection(second, null), action);
        }
        end(rows.begin(second), RolloutDecision.ROLL_BACK);
        pass(second, old, first);
        assertTrue(standing.objection(second, null)
                .orElseThrow()
                .endsWith("newer than that (--report FILE), or another round must make another version"
                        + " (hone loop roll-withdrawn --again)"));
    }

    /** Gates let it pass by a report. @param live what it was compared with; null for nobody */
    private static void pass(ModelVersion version, UUID report, @Nullable ModelVersion live) {
        new GateVerdicts(DATABASE).add(version, report, true, "{}", null, live == null ? null : live.id(), "ann");
    }

    private static UUID report(ModelVersion version, String report) {
        Evaluations evaluations = new Evaluations(DATABASE);
        evaluations.add(version.useCaseId(), report, "data", 1, null, List.of(version.id()));
        return evaluations.newest(version.id()).orElseThrow().id();
    }

    /** What gates saw before users did says nothing of what users saw, however often they look at it. */
    @Test
    void whatWasTakenBackIsNotJudgedAnewByTheReportOfBefore() {
        ModelVersion first = rows.version("roll-old-report", true);
        rows.live(first);
        ModelVersion second = rows.version("roll-old-report", null);
        UUID old = report(second, "{\"report\": 1}");
        pass(second, old, first);
        rows.begin(second);
        back.end(first.useCaseId(), "rolled-back", "roll-back", "ann");
        Standing standing = new Standing(DATABASE);
        pass(second, old, first);
        for (Optional<String> objection : List.of(
                standing.objection(second, null),
                standing.objection(second.id()),
                standing.objectionToReturn(second.id()))) {
            assertTrue(objection.orElseThrow().contains("judged again by a report that is newer than that"));
        }
        pass(second, report(second, "{\"report\": 2}"), first);
        assertEquals(Optional.empty(), standing.objection(second, null));
        assertEquals(Optional.empty(), standing.objectionToReturn(second.id()));
    }

    /** Gates that judge it once more do not bring back what stood against it before it became live. */
    @Test
    void whatBecameLiveAfterCallsHadShownSomethingAgainstItIsGoodHoweverOftenItIsJudged() {
        ModelVersion first = rows.version("roll-live-since", true);
        rows.live(first);
        ModelVersion second = rows.version("roll-live-since", null);
        UUID old = report(second, "{\"report\": 1}");
        pass(second, old, first);
        end(rows.begin(second), RolloutDecision.ROLL_BACK);
        StoredRollout again = rows.begin(second);
        rollouts.record(
                RolloutRows.decision(again, "canary", "canary", RolloutDecision.NOBODY), RolloutRows.place("canary"));
        rollouts.promote(RolloutRows.decision(again, "promoted", "promote", "bob"), RolloutRows.place("promoted"));
        Standing standing = new Standing(DATABASE);
        assertEquals(Optional.empty(), standing.objection(second.id()));
        pass(second, old, null);
        assertEquals(Optional.empty(), standing.objection(second.id()), "it is live, and by a rollout");
        assertEquals(Optional.empty(), standing.objectionToReturn(second.id()));
    }

    /** Who starts it by force and takes it back by hand has not disproved what calls have shown. */
    @Test
    void whatCallsHaveShownIsNotForgottenForAnotherEnd() {
        ModelVersion first = rows.version("roll-shown-once", true);
        rows.live(first);
        ModelVersion second = rows.version("roll-shown-once", null);
        UUID old = report(second, "{\"report\": 1}");
        pass(second, old, first);
        end(rows.begin(second), RolloutDecision.ROLL_BACK);
        end(rows.begin(second), "back");
        Standing standing = new Standing(DATABASE);
        assertTrue(standing.objection(second, null).orElseThrow().contains("newer than that"), "what asks for more");
        pass(second, old, first);
        assertTrue(standing.objection(second, null).orElseThrow().contains("newer than that"));
        pass(second, report(second, "{\"report\": 2}"), first);
        assertEquals(Optional.empty(), standing.objection(second, null));
    }

    private void end(StoredRollout rollout, String action) {
        rollouts.record(
                RolloutRows.decision(rollout, "rolled-back", action, RolloutDecision.NOBODY),
                RolloutRows.place("rolled-back"));
    }
}
