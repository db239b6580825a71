package dev.hone.promote;

import dev.hone.promote.Event.Asked;
import dev.hone.record.RolloutDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What comes of a rollout by an event: a pure function. What is over stays what it is; nothing but a candidate that passed its gates, and whose
 * server answers, ever gets calls; and without a person it becomes live only where the charter says so.
 */
public final class Transitions {
    /** Until all calls follow a new share; those that begin before are not counted. */
    static final Duration SETTLING = Duration.ofSeconds(1);

    private Transitions() {}

    /** What came of it. */
    public sealed interface Outcome {
        /** Nothing moves. @param why to be kept where it is another reason than before; empty for none */
        record Stays(String why) implements Outcome {}

        /** @param action in a word */
        record Moves(Rollout rollout, String action, String reason) implements Outcome {}

        /** What a person asks for cannot be done. */
        record Refused(String why) implements Outcome {}
    }

    /** @param clock now; where it went back, the last time that is known counts */
    public static Outcome next(Rollout rollout, Event event, Promotion promotion, Instant clock) {
        if (rollout.phase().isOver()) {
            return event instanceof Asked
                    ? new Outcome.Refused("[%s] is over: it is [%s]"
                            .formatted(
                                    rollout.candidate().reference(),
                                    rollout.phase().word()))
                    : new Outcome.Stays("");
        }
        Instant now = clock.isBefore(rollout.since()) ? rollout.since() : clock;
        return switch (event) {
            // Where the clock is behind whoever began it, its stage would begin in the future, and users would have it
            // unjudged until then.
            case Event.Answers answers ->
                clock.isBefore(rollout.since())
                        ? new Outcome.Stays("")
                        : answers(rollout, answers.passed(), promotion, now);
            case Event.Judged judged -> judged(rollout, judged.decision(), promotion, now);
            case Event.Redeclared ignored -> redeclared(rollout, promotion, now);
            case Event.Unfit unfit ->
                ended(rollout, new Phase.RolledBack(), RolloutDecision.WITHDRAW, unfit.why(), now);
            case Event.Fails fails ->
                ended(rollout, new Phase.RolledBack(), RolloutDecision.ROLL_BACK, fails.why(), now);
            case Asked asked -> asked(rollout, asked, now);
        };
    }

    private static Outcome answers(Rollout rollout, boolean passed, Promotion promotion, Instant now) {
        if (!(rollout.phase() instanceof Phase.Waiting)) {
            return new Outcome.Stays("");
        }
        if (!passed) {
            return ended(
                    rollout,
                    new Phase.RolledBack(),
                    RolloutDecision.WITHDRAW,
                    "its gates did not let it pass, or were not asked",
                    now);
        }
        if (rollout.held()) {
            return new Outcome.Stays("a person holds it");
        }
        return promotion.shadowCalls() == 0
                ? canary(rollout, 0, promotion, "its server answers", now)
                : new Outcome.Moves(
                        moved(rollout, new Phase.Shadow(), new Stage(true, 0, 0, now.plus(SETTLING), null), now),
                        "shadow",
                        "its server answers");
    }

    private static Outcome canary(Rollout rollout, int step, Promotion promotion, String reason, Instant now) {
        double share = promotion.policy().shares().get(step);
        return new Outcome.Moves(
                moved(rollout, new Phase.Canary(step), new Stage(false, step, share, now.plus(SETTLING), null), now),
                "canary",
                reason + ", so it gets %s of the episodes".formatted(percent(share)));
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.4g %%", 100 * share).replaceFirst("\\.?0+ %", " %");
    }

    private static Outcome judged(Rollout rollout, Decision decision, Promotion promotion, Instant now) {
        if (decision instanceof Decision.RollBack back) {
            return rollout.phase() instanceof Phase.Waiting
                    ? new Outcome.Stays("")
                    : ended(rollout, new Phase.RolledBack(), RolloutDecision.ROLL_BACK, worse(back), now);
        }
        if (decision instanceof Decision.Hold hold) {
            return new Outcome.Stays(hold.why());
        }
        if (rollout.held()) {
            return new Outcome.Stays("a person holds it");
        }
        int last = promotion.policy().shares().size() - 1;
        return switch (rollout.phase()) {
            case Phase.Shadow ignored ->
                decision instanceof Decision.Advance
                        ? canary(rollout, 0, promotion, "copies show nothing against it", now)
                        : new Outcome.Stays("");
            case Phase.Canary canary -> {
                if (decision instanceof Decision.Advance advance) {
                    yield advance.step() == canary.step() + 1 && advance.step() <= last
                            ? canary(rollout, advance.step(), promotion, "this share shows nothing against it", now)
                            : new Outcome.Stays("");
                }
                yield canary.step() < last ? new Outcome.Stays("") : shown(rollout, decision, promotion, last, now);
            }
            case Phase.Ready ignored -> {
                if (decision instanceof Decision.Promote) {
                    yield shown(rollout, decision, promotion, last, now);
                }
                yield new Outcome.Stays("");
            }
            case Phase.Waiting ignored -> new Outcome.Stays("");
            case Phase.Promoted ignored -> new Outcome.Stays("");
            case Phase.RolledBack ignored -> new Outcome.Stays("");
            case Phase.Stopped ignored -> new Outcome.Stays("");
        };
    }

    private static Outcome shown(Rollout rollout, Decision decision, Promotion promotion, int last, Instant now) {
        String why = "by no measure is it worse by more than %s"
                .formatted(promotion.policy().loss());
        if (decision instanceof Decision.Promote && promotion.policy().promotes()) {
            return ended(rollout, new Phase.Promoted(), "promote", why, now);
        }
        return new Outcome.Moves(
                new Rollout(
                        rollout.id(),
                        rollout.candidate(),
                        rollout.baseline(),
                        new Phase.Ready(last),
                        rollout.held(),
                        rollout.stages(),
                        now),
                "ready",
                why + ": a person decides");
    }

    private static String worse(Decision.RollBack back) {
        return String.format(
                Locale.ROOT,
                "by %s it is worse: %+.3f (%+.3f to %+.3f)",
                back.measure().word(),
                back.difference().value(),
                back.difference().low(),
                back.difference().high());
    }

    private static Outcome redeclared(Rollout rollout, Promotion promotion, Instant now) {
        Stage stage = rollout.stage();
        if (!rollout.phase().hasUsers() || stage == null) {
            return new Outcome.Stays("");
        }
        int step = Math.min(rollout.phase().step(), promotion.policy().shares().size() - 1);
        return promotion.policy().shares().get(step) == stage.share() && step == stage.step()
                ? new Outcome.Stays("")
                : canary(rollout, step, promotion, "the charter says so", now);
    }

    private static Outcome asked(Rollout rollout, Asked asked, Instant now) {
        return switch (asked.command()) {
            case PROMOTE ->
                rollout.phase().hasUsers()
                        ? ended(rollout, new Phase.Promoted(), "promote", "a person decided so", now)
                        : new Outcome.Refused(
                                "[%s] is [%s]: what no user has seen is not promoted, see hone canary status %s"
                                        .formatted(
                                                rollout.candidate().reference(),
                                                rollout.phase().word(),
                                                rollout.candidate().useCase()));
            case HOLD ->
                rollout.held()
                        ? new Outcome.Refused("[%s] is held already"
                                .formatted(rollout.candidate().reference()))
                        : new Outcome.Moves(held(rollout, true), "hold", "a person decided so");
            case RESUME ->
                rollout.held()
                        ? new Outcome.Moves(held(rollout, false), "resume", "a person decided so")
                        : new Outcome.Refused(
                                "[%s] is not held".formatted(rollout.candidate().reference()));
            case BACK -> ended(rollout, new Phase.RolledBack(), "back", "a person decided so", now);
            case STOP, STOP_ALL -> ended(rollout, new Phase.Stopped(), "stop", "a person decided so", now);
        };
    }

    private static Rollout held(Rollout rollout, boolean held) {
        return new Rollout(
                rollout.id(),
                rollout.candidate(),
                rollout.baseline(),
                rollout.phase(),
                held,
                rollout.stages(),
                rollout.since());
    }

    private static Outcome ended(Rollout rollout, Phase phase, String action, String reason, Instant now) {
        return new Outcome.Moves(moved(rollout, phase, null, now), action, reason);
    }

    /** In another phase, with the stage that was going on at its end. */
    private static Rollout moved(Rollout rollout, Phase phase, @Nullable Stage begins, Instant now) {
        List<Stage> stages = new ArrayList<>(rollout.stages());
        if (!stages.isEmpty() && stages.getLast().to() == null) {
            stages.set(stages.size() - 1, stages.getLast().until(now));
        }
        if (begins != null) {
            stages.add(begins);
        }
        return new Rollout(rollout.id(), rollout.candidate(), rollout.baseline(), phase, rollout.held(), stages, now);
    }
}
