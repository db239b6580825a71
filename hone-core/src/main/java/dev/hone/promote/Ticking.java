package dev.hone.promote;

import dev.hone.promote.Transitions.Outcome;
import dev.hone.record.Ids;
import dev.hone.record.LiveSwitch;
import dev.hone.record.ModelVersion;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.record.VersionReference;
import dev.hone.store.Database;
import dev.hone.store.LiveSwitches;
import dev.hone.store.ModelVersions;
import dev.hone.store.Rollouts;
import dev.hone.store.Standing;
import dev.hone.store.StoreException;
import dev.hone.store.UseCases;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What the database has to say about the versions of one use case, and what it is told. One thread ticks at a time. */
final class Ticking {
    private static final String AWAY = "database";

    /** Of the time since a rollout began, between two moments that are kept for its plot. */
    private static final int LOOKS = 60;

    private final UseCaseRollout versions;
    private final ReentrantLock going = new ReentrantLock();
    private final Map<Measure, Heard> heard = new EnumMap<>(Measure.class);
    private final Set<String> holds = new HashSet<>();
    private String toldAlarms = "";
    private @Nullable UUID lastHeld;
    private @Nullable Judge judge;
    private @Nullable Instant lastLook;
    private Evidence lastEvidence = Evidence.NONE;

    /** How many values a measure had when there were last more of them than before. */
    private record Heard(long others, long candidate, Instant at) {}

    Ticking(UseCaseRollout versions) {
        this.versions = versions;
    }

    String useCase() {
        return versions.plan().name();
    }

    /**
     * Once around.
     *
     * @param promotions that people ask for
     * @return what became of each
     */
    List<AskedFiles.Answer> tick(Database database, List<AskedFiles.Asked> promotions) {
        going.lock();
        try {
            return ticked(database, promotions);
        } finally {
            going.unlock();
        }
    }

    private List<AskedFiles.Answer> ticked(Database database, List<AskedFiles.Asked> promotions) {
        List<AskedFiles.Answer> answers = new ArrayList<>();
        String trouble = "";
        try {
            Rollouts rollouts = new Rollouts(database);
            flush(rollouts);
            Optional<UUID> useCase = useCase(database);
            if (useCase.isPresent()) {
                turn(new LiveSwitches(database), useCase.get());
                sync(database, rollouts, useCase.get());
                // What a person asks for is about the step that calls follow now.
                move(database, rollouts, useCase.get());
                flush(rollouts);
                for (AskedFiles.Asked one : promotions) {
                    answers.add(promote(rollouts, one));
                }
                flush(rollouts);
                tell(rollouts);
            }
            versions.alarms().end(AWAY);
        } catch (StoreException e) {
            trouble = e.isTooLong() ? "what its calls show takes too long to be read" : "the database does not answer";
            versions.alarms()
                    .raise(
                            AWAY,
                            "%s, so that traffic stays where it is and nothing is judged (hone canary hold, back and stop work): %s"
                                    .formatted(trouble, e.getMessage()));
        }
        while (answers.size() < promotions.size()) {
            answers.add(new AskedFiles.Answer(
                    false, trouble + ", and what becomes live is written there first: ask again"));
        }
        return answers;
    }

    private void flush(Rollouts rollouts) {
        for (Optional<TrafficState.Pending> next = versions.pending(); next.isPresent(); next = versions.pending()) {
            rollouts.record(
                    next.get().decision(), next.get().place(), next.get().from());
            versions.flushed(next.get());
        }
    }

    /** Tells what is left to tell, of one that nobody follows any more; while its last tick goes on, it does that. @return whether all is told */
    boolean leave(Database database) {
        if (!going.tryLock()) {
            return false;
        }
        try {
            flush(new Rollouts(database));
            return versions.pending().isEmpty();
        } catch (StoreException e) {
            return false;
        } finally {
            going.unlock();
        }
    }

    /** What was switched off here is told, and what was switched elsewhere is followed. */
    private void turn(LiveSwitches switches, UUID useCase) {
        for (Optional<LiveSwitch> next = versions.unsaid(); next.isPresent(); next = versions.unsaid()) {
            switches.add(useCase, next.get());
            versions.said(next.get());
        }
        switches.last(useCase).ifPresent(versions::turned);
    }

    private Optional<UUID> useCase(Database database) {
        UseCasePlan plan = versions.plan();
        try {
            return Optional.of(
                    new UseCases(database).require(plan.name(), plan.serving().project()));
        } catch (IllegalArgumentException e) {
            // Nothing of it was ever stored.
            return Optional.empty();
        }
    }

    /** Where another gateway, or a command, has moved something, calls follow that. */
    private void sync(Database database, Rollouts rollouts, UUID useCase) {
        Rollout known = versions.state().goingOn();
        Optional<StoredRollout> row = known == null ? rollouts.goingOn(useCase) : rollouts.find(known.id());
        if (known != null && row.isEmpty()) {
            unfit("the database knows nothing of its rollout", known);
        }
        row.ifPresent(versions::adopt);
        Optional<ModelVersion> live = new ModelVersions(database)
                .find(new VersionReference.Aliased(versions.plan().serving().project(), useCase(), Rollouts.LIVE));
        Standing standing = new Standing(database);
        fit(standing, live.map(ModelVersion::id).orElse(null));
        if (live.isEmpty()) {
            versions.wantLive(null);
            versions.alarms().end(AlarmFiles.UNFIT);
            return;
        }
        Served wanted = Served.of(live.get());
        Optional<String> objection = standing.objection(wanted.version());
        boolean followed = wanted.equals(versions.state().live()) || standing.mayBeLive(live.get());
        if (followed) {
            versions.wantLive(wanted);
        }
        if (objection.isEmpty()) {
            versions.alarms().end(AlarmFiles.UNFIT);
        } else {
            String alarm = followed
                    ? "[%1$s] is live and %2$s: it keeps its calls until somebody moves the alias, by hone canary back %3$s or hone models alias"
                    : "[%3$s@live] is [%1$s], which %2$s: it gets no calls, and these stay where they are; see hone gate %1$s, or hone models alias %1$s live --force";
            versions.alarms().raise(AlarmFiles.UNFIT, alarm.formatted(wanted.reference(), objection.get(), useCase()));
        }
    }

    /** Whether the candidate may have calls still. @param live the version that is live now */
    private void fit(Standing standing, @Nullable UUID live) {
        Rollout rollout = versions.state().goingOn();
        if (rollout == null) {
            return;
        }
        Served baseline = rollout.baseline();
        UUID expected = baseline == null ? null : baseline.version();
        if (!Objects.equals(live, expected)) {
            unfit("another version is live now than the one that it is compared with", rollout);
            return;
        }
        standing.objection(rollout.candidate().version(), live, versions.plan().gates())
                .ifPresent(objection -> unfit("it " + objection, rollout));
    }

    private void unfit(String why, Rollout rollout) {
        versions.apply(new Event.Unfit(why), RolloutDecision.NOBODY, lastEvidence, rollout);
    }

    private void move(Database database, Rollouts rollouts, UUID useCase) {
        Rollout rollout = versions.state().goingOn();
        if (rollout == null || versions.state().halted()) {
            return;
        }
        if (!rollout.id().equals(lastHeld)) {
            lastHeld = rollout.id();
            holds.clear();
            lastLook = null;
            lastEvidence = Evidence.NONE;
            heard.clear();
        }
        if (rollout.phase() instanceof Phase.Waiting) {
            if (isTime(rollout, versions.now()) && versions.isAnswering(rollout.candidate())) {
                Served baseline = rollout.baseline();
                boolean passed = new Standing(database)
                        .objection(
                                rollout.candidate().version(),
                                baseline == null ? null : baseline.version(),
                                versions.plan().gates())
                        .isEmpty();
                versions.apply(new Event.Answers(passed), RolloutDecision.NOBODY, Evidence.NONE, rollout);
            }
            return;
        }
        versions.apply(new Event.Redeclared(), RolloutDecision.NOBODY, lastEvidence, rollout);
        judge(database, rollouts, useCase);
    }

    private void judge(Database database, Rollouts rollouts, UUID useCase) {
        Rollout rollout = versions.state().goingOn();
        Stage stage = rollout == null ? null : rollout.stage();
        if (rollout == null || stage == null) {
            return;
        }
        Instant now = versions.now();
        if (!isTime(rollout, now)) {
            return;
        }
        Judge.Judged judged = judge(database).judge(useCase, rollout, stage, now);
        lastEvidence = judged.evidence();
        silence(rollout, stage, judged.evidence(), now);
        Event event = new Event.Judged(judged.decision());
        Outcome outcome = Transitions.next(rollout, event, versions.plan().promotion(), now);
        look(rollouts, rollout, now, outcome instanceof Outcome.Moves);
        switch (outcome) {
            case Outcome.Moves moves
            when moves.rollout().phase() instanceof Phase.Promoted ->
                becomeLive(rollouts, moves, RolloutDecision.NOBODY, rollout);
            case Outcome.Moves ignored -> versions.apply(event, RolloutDecision.NOBODY, lastEvidence, rollout);
            case Outcome.Stays stays -> hold(rollouts, rollout, stays.why());
            case Outcome.Refused ignored -> {}
        }
    }

    /** Whether the clock says no less than when the step began: nobody knows what came of calls that are still to come. */
    private boolean isTime(Rollout rollout, Instant now) {
        if (now.isBefore(rollout.since())) {
            versions.alarms()
                    .raise(
                            "clock",
                            "the clock says [%s], and [%s] began at [%s]: nothing is judged until it is right"
                                    .formatted(now, rollout.candidate().reference(), rollout.since()));
            return false;
        }
        versions.alarms().end("clock");
        return true;
    }

    /** The same as long as the charter and the database are. */
    private Judge judge(Database database) {
        Judge known = judge;
        if (known == null || !known.isOf(versions.plan(), database)) {
            known = new Judge(versions.plan(), database);
            judge = known;
        }
        return known;
    }

    /** Kept where it is for another reason than before; counts in it are no reason. */
    private void hold(Rollouts rollouts, Rollout rollout, String why) {
        String reason = rollout.phase() + why.replaceAll("[0-9.]+", "0");
        if (why.isEmpty() || holds.contains(reason)) {
            return;
        }
        rollouts.record(
                new RolloutDecision(
                        Ids.next(),
                        rollout.id(),
                        versions.now(),
                        rollout.phase().word(),
                        rollout.phase().step(),
                        "hold",
                        RolloutDecision.NOBODY,
                        why,
                        lastEvidence.text()),
                null);
        holds.add(reason);
    }

    private void look(Rollouts rollouts, Rollout rollout, Instant now, boolean moves) {
        Instant begun = rollout.stages().getFirst().from();
        Duration between = Duration.between(begun, now).dividedBy(LOOKS);
        Instant last = lastLook;
        if (moves || last == null || now.isAfter(last.plus(between).plusSeconds(1))) {
            rollouts.look(rollout.id(), new Rollouts.Look(now, lastEvidence.text()));
            lastLook = now;
        }
    }

    /** A measure that brings nothing more shows nothing: that is for a person to look at. */
    private void silence(Rollout rollout, Stage stage, Evidence evidence, Instant now) {
        Duration patience = versions.plan().promotion().silentAfter();
        for (Evidence.Known known : evidence.measures()) {
            long others = known.others().count();
            long candidate = known.candidate().count();
            Heard last = heard.get(known.measure());
            if (last == null || last.at().isBefore(stage.from()) || candidate < last.candidate()) {
                heard.put(
                        known.measure(), new Heard(others, candidate, now.isBefore(stage.from()) ? stage.from() : now));
            } else if (others > last.others() && candidate > last.candidate()) {
                heard.put(known.measure(), new Heard(others, candidate, now));
                versions.alarms().end("silent " + known.measure().word());
            } else if (Duration.between(last.at(), now).compareTo(patience) >= 0) {
                versions.alarms()
                        .raise(
                                "silent " + known.measure().word(),
                                "[%s] of [%s] has brought nothing for %s: [%d] values of it, and [%d] of what it is compared with"
                                        .formatted(
                                                known.measure().word(),
                                                rollout.candidate().reference(),
                                                shown(patience),
                                                candidate,
                                                others));
            }
        }
    }

    private static String shown(Duration duration) {
        return duration.toMinutes() > 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
    }

    private AskedFiles.Answer promote(Rollouts rollouts, AskedFiles.Asked asked) {
        Rollout rollout = versions.state().goingOn();
        String project = versions.plan().serving().project();
        if (asked.project() != null && !asked.project().equals(project)) {
            return new AskedFiles.Answer(
                    false, "[%s] is served here for the project [%s]".formatted(asked.useCase(), project));
        }
        if (rollout == null || asked.rollout() != null && !asked.rollout().equals(rollout.id())) {
            return new AskedFiles.Answer(false, "nothing is being rolled out, or another version than was meant");
        }
        if (versions.state().halted()) {
            return new AskedFiles.Answer(
                    false,
                    "the use case's own versions have no calls: hone canary resume %s first"
                            .formatted(asked.useCase()));
        }
        Outcome outcome = Transitions.next(
                rollout,
                new Event.Asked(Command.PROMOTE, asked.who()),
                versions.plan().promotion(),
                versions.now());
        return switch (outcome) {
            case Outcome.Moves moves -> becomeLive(rollouts, moves, asked.who(), rollout);
            case Outcome.Refused refused -> new AskedFiles.Answer(false, refused.why());
            case Outcome.Stays ignored -> new AskedFiles.Answer(false, "nothing was to be done");
        };
    }

    /** In the database first: then calls follow, also after the process died between the two. */
    private AskedFiles.Answer becomeLive(Rollouts rollouts, Outcome.Moves moves, String who, Rollout rollout) {
        RolloutDecision decision = versions.decision(moves, who, lastEvidence);
        try {
            rollouts.promote(decision, moves.rollout().place());
        } catch (IllegalArgumentException e) {
            versions.alarms().raise("promotion", String.valueOf(e.getMessage()));
            return new AskedFiles.Answer(false, String.valueOf(e.getMessage()));
        }
        versions.alarms().end("promotion");
        versions.promoted(moves, decision, rollout);
        return new AskedFiles.Answer(
                true, "[%s] is live".formatted(rollout.candidate().reference()));
    }

    /** What somebody should look at stands on the page, too. */
    private void tell(Rollouts rollouts) {
        Rollout rollout = versions.state().rollout();
        String alarms = versions.alarms().text();
        if (rollout != null && !alarms.equals(toldAlarms)) {
            rollouts.alarms(rollout.id(), alarms);
            toldAlarms = alarms;
        }
    }
}
