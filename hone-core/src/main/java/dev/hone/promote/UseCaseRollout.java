package dev.hone.promote;

import dev.hone.capture.Serving;
import dev.hone.promote.Transitions.Outcome;
import dev.hone.record.Ids;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.store.Rollouts;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where the versions of one use case are, and what moves them. What calls follow is on the disk before they follow it; what takes calls away is followed even where
 * the disk cannot be written. Threads share it; none waits in it for the database.
 */
final class UseCaseRollout {
    /** How often a server is tried before its version is given up. */
    private static final int TRIES = 3;

    private final TrafficFile file;
    private final VersionServers servers;
    private final Following following;
    private final InstantSource clock;
    private final Consumer<String> notices;
    private final Alarms alarms;
    private UseCasePlan plan;
    private TrafficState state;
    private boolean unwritten;
    private @Nullable Served nextLive;

    UseCaseRollout(
            UseCasePlan plan,
            TrafficFile file,
            VersionServers servers,
            Following following,
            InstantSource clock,
            Consumer<String> notices) {
        this.plan = plan;
        this.file = file;
        this.servers = servers;
        this.following = following;
        this.clock = clock;
        this.notices = notices;
        this.alarms = new Alarms(plan.name(), notices);
        TrafficState read;
        try {
            read = file.read(plan.name());
        } catch (IOException e) {
            alarms.raise("file", String.valueOf(e.getMessage()));
            read = TrafficState.none(plan.name());
        }
        this.state = read;
    }

    synchronized void plan(UseCasePlan next) {
        plan = next;
    }

    synchronized UseCasePlan plan() {
        return plan;
    }

    synchronized TrafficState state() {
        return state;
    }

    Alarms alarms() {
        return alarms;
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** How calls are served now. @param answers whether a version's server is open */
    synchronized Serving serving(Predicate<Served> answers) {
        return Traffic.serving(plan.serving(), state, answers);
    }

    /** Whether a version's server is open. */
    boolean isAnswering(Served version) {
        return servers.state(version) instanceof VersionServers.State.Answers;
    }

    /** Versions whose servers are or should be open. */
    synchronized List<Served> wanted() {
        List<Served> wanted = new ArrayList<>();
        if (state.halted()) {
            return wanted;
        }
        Served live = state.live();
        if (live != null) {
            wanted.add(live);
        }
        Rollout rollout = state.goingOn();
        if (rollout != null && !wanted.contains(rollout.candidate())) {
            wanted.add(rollout.candidate());
        }
        Served next = nextLive;
        if (next != null && !wanted.contains(next)) {
            wanted.add(next);
        }
        return wanted;
    }

    /** Looks at the servers, and at what people ask for; waits for nothing. */
    synchronized void look() {
        if (unwritten) {
            rewrite();
        }
        Rollout rollout = state.goingOn();
        if (rollout != null) {
            watch(rollout);
        }
        Served next = nextLive;
        if (next != null) {
            switch (servers.state(next)) {
                case VersionServers.State.Answers ignored -> {
                    live(next);
                    nextLive = null;
                    alarms.end("live");
                }
                case VersionServers.State.Fails fails ->
                    alarms.raise(
                            "live",
                            "[%s] is to have the calls, and cannot be opened, so that they stay where they are: %s"
                                    .formatted(next.reference(), fails.why()));
                case VersionServers.State.Opening ignored -> {}
            }
        }
    }

    private void watch(Rollout rollout) {
        Served candidate = rollout.candidate();
        switch (servers.state(candidate)) {
            case VersionServers.State.Fails fails -> {
                alarms.raise(
                        "candidate",
                        "[%s] cannot be opened, so that it gets no calls: %s"
                                .formatted(candidate.reference(), fails.why()));
                if (fails.tries() >= TRIES) {
                    apply(
                            new Event.Fails("its server cannot be opened: " + fails.why()),
                            RolloutDecision.NOBODY,
                            Evidence.NONE,
                            rollout);
                }
            }
            case VersionServers.State.Opening ignored -> {}
            case VersionServers.State.Answers ignored -> {
                boolean away = serving(this::isAnswering).route().variants().stream()
                        .filter(variant -> variant.name().equals(Traffic.CANDIDATE))
                        .anyMatch(following::isKeptAway);
                if (!away) {
                    alarms.end("candidate");
                } else if (rollout.phase().hasUsers()) {
                    apply(
                            new Event.Fails(
                                    "it failed or was silent so often that the gateway keeps calls away from it"),
                            RolloutDecision.NOBODY,
                            Evidence.NONE,
                            rollout);
                } else {
                    alarms.raise(
                            "candidate",
                            "[%s] fails or is silent so often that it gets no copies for a while"
                                    .formatted(candidate.reference()));
                }
            }
        }
    }

    /**
     * Moves it by an event, where it is still what somebody decided on.
     *
     * @param expected null for whatever it is
     */
    synchronized Outcome apply(Event event, String who, Evidence evidence, @Nullable Rollout expected) {
        Rollout rollout = state.goingOn();
        if (rollout == null || expected != null && !expected.equals(rollout)) {
            return new Outcome.Stays("");
        }
        Outcome outcome = Transitions.next(rollout, event, plan.promotion(), now());
        if (outcome instanceof Outcome.Moves moves) {
            if (moves.rollout().phase() instanceof Phase.Promoted) {
                throw new IllegalStateException("What becomes live is written in the database first");
            }
            commit(moves, decision(moves, who, evidence), true);
        }
        return outcome;
    }

    /** What would be decided. */
    RolloutDecision decision(Outcome.Moves moves, String who, Evidence evidence) {
        Rollout next = moves.rollout();
        return new RolloutDecision(
                Ids.next(),
                next.id(),
                now(),
                next.phase().word(),
                next.phase().step(),
                moves.action(),
                who,
                moves.reason(),
                evidence.text());
    }

    static Rollouts.Place place(Rollout rollout) {
        return new Rollouts.Place(
                rollout.phase().word(),
                rollout.phase().step(),
                rollout.held(),
                rollout.since(),
                TrafficFile.stages(rollout.stages()).toString());
    }

    /** The database has it already: calls follow, unless somebody has decided otherwise meanwhile. */
    synchronized void promoted(Outcome.Moves moves, RolloutDecision decision, Rollout expected) {
        if (expected.equals(state.goingOn())) {
            commit(moves, decision, false);
        }
    }

    /** @param pending whether the database does not have it yet */
    private void commit(Outcome.Moves moves, RolloutDecision decision, boolean pending) {
        Rollout next = moves.rollout();
        TrafficState changed = state.withRollout(next);
        if (next.phase() instanceof Phase.Promoted) {
            changed = changed.withLive(next.candidate());
        }
        if (pending) {
            changed = changed.with(new TrafficState.Pending(decision, place(next)));
        }
        boolean takesAway = next.phase() instanceof Phase.RolledBack || next.phase() instanceof Phase.Stopped;
        if (!write(changed, takesAway)) {
            return;
        }
        if (next.phase().isOver()) {
            alarms.end("candidate");
            alarms.endAll("silent");
            alarms.end("clock");
        }
        following.decided(plan.name(), moves.action());
        notices.accept("[%s] of [%s]: %s, now [%s]: %s"
                .formatted(
                        next.candidate().reference(),
                        plan.name(),
                        moves.action(),
                        next.phase().word(),
                        moves.reason()));
    }

    /** @return whether calls may follow it */
    private boolean write(TrafficState changed, boolean anyway) {
        try {
            file.write(changed);
            unwritten = false;
            alarms.end("disk");
        } catch (IOException e) {
            alarms.raise(
                    "disk",
                    "what calls follow cannot be written down, so that only what takes calls away is followed: "
                            + e.getMessage());
            if (!anyway) {
                return false;
            }
            unwritten = true;
        }
        state = changed;
        return true;
    }

    private void rewrite() {
        write(state, true);
    }

    private void live(@Nullable Served version) {
        Served before = state.live();
        if (write(state.withLive(version), version == null)) {
            notices.accept("[%s] is served by [%s] from here on, and was by [%s]"
                    .formatted(
                            plan.name(),
                            version == null ? "those whom the charter names" : version.reference(),
                            before == null ? "those whom the charter names" : before.reference()));
        }
    }

    /** What a person asks for, but for what the database has to say something about. */
    synchronized AskedFiles.Answer ask(AskedFiles.Asked asked) {
        Rollout rollout = state.goingOn();
        boolean meant =
                rollout != null && (asked.rollout() == null || asked.rollout().equals(rollout.id()));
        boolean resumes = asked.command() == Command.RESUME && state.halted();
        if (asked.command() == Command.STOP_ALL || resumes) {
            write(state.withHalted(!resumes), !resumes);
            following.decided(plan.name(), asked.command().word());
            notices.accept(
                    "[%s]: %s by [%s]".formatted(plan.name(), asked.command().word(), asked.who()));
        }
        Outcome outcome = meant
                ? apply(new Event.Asked(asked.command(), asked.who()), asked.who(), Evidence.NONE, rollout)
                : new Outcome.Refused("nothing is being rolled out, or another version than was meant");
        return switch (outcome) {
            case Outcome.Moves moves ->
                new AskedFiles.Answer(
                        true,
                        "[%s] is [%s]%s"
                                .formatted(
                                        moves.rollout().candidate().reference(),
                                        moves.rollout().phase().word(),
                                        moves.rollout().held() ? " and held" : ""));
            case Outcome.Stays ignored -> new AskedFiles.Answer(true, "nothing was to be done");
            case Outcome.Refused refused -> {
                boolean taken =
                        asked.command() == Command.STOP_ALL || resumes || asked.command() == Command.STOP && !meant;
                yield new AskedFiles.Answer(
                        taken,
                        asked.command() == Command.STOP_ALL
                                ? "the live version has no calls until somebody says resume"
                                : resumes ? "the live version has its calls again" : refused.why());
            }
        };
    }

    /** What the database does not have yet, the oldest first. */
    synchronized Optional<TrafficState.Pending> pending() {
        return state.pending().stream().findFirst();
    }

    /** The database has it now. */
    synchronized void flushed(TrafficState.Pending one) {
        write(state.without(one), true);
    }

    /** The database knows of a rollout, or that one is elsewhere than calls here are: another gateway moved it. */
    synchronized void adopt(StoredRollout row) {
        Rollout known = state.rollout();
        if (known != null
                && known.id().equals(row.id())
                && (known.phase().isOver() || !state.pending().isEmpty())) {
            return;
        }
        StoredRollout.Baseline baseline = row.baseline();
        Rollout adopted = new Rollout(
                row.id(),
                Served.of(row),
                baseline == null
                        ? null
                        : new Served(row.useCase(), baseline.version(), baseline.number(), baseline.artifact()),
                Phase.of(row.phase(), row.step()),
                row.held(),
                TrafficFile.stages(row.stages()),
                row.since());
        if (!adopted.equals(known)) {
            write(state.withRollout(adopted), adopted.phase().isOver());
        }
    }

    /** Which version is to have the calls; they follow once its server answers. */
    synchronized void wantLive(@Nullable Served version) {
        Served live = state.live();
        if (version == null) {
            nextLive = null;
            alarms.end("live");
            if (live != null) {
                live(null);
            }
        } else if (version.equals(live)) {
            nextLive = null;
            alarms.end("live");
        } else {
            nextLive = version;
        }
    }
}
