package dev.hone.promote;

import dev.hone.capture.Serving;
import dev.hone.promote.Transitions.Outcome;
import dev.hone.record.Ids;
import dev.hone.record.LiveSwitch;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import java.io.IOException;
import java.nio.file.Path;
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
    /** The alarm that the file of what calls follow could not be read. */
    private static final String FILE = "file";

    private final TrafficFile file;
    private final VersionServers servers;
    private final Following following;
    private final InstantSource clock;
    private final Consumer<String> notices;
    private final Alarms alarms;
    private final ServerWatch watch;
    private final Commands commands;
    private UseCasePlan plan;
    private TrafficState state;
    private boolean unwritten;
    private boolean unreadable;
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
        this.watch = new ServerWatch(this, servers, following);
        this.commands = new Commands(this);
        this.state = read();
    }

    /** Where nobody knows what a person took away, own versions have no calls until a person says so. */
    private TrafficState read() {
        try {
            return file.read(plan.name());
        } catch (IOException e) {
            alarms.raise(FILE, String.valueOf(e.getMessage()));
            unreadable = true;
            unwritten = true;
            return TrafficState.none(plan.name())
                    .withTurned(Switches.NONE.heard(
                            new LiveSwitch(Ids.next(), true, RolloutDecision.NOBODY + ", which lost its file", now())));
        }
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
        halted();
        watch.look();
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
            if (!commit(moves, decision(moves, who, evidence), rollout)) {
                return new Outcome.Refused(
                        "[%s] stays where it is: what calls follow cannot be written down, see hone canary status %s"
                                .formatted(rollout.candidate().reference(), plan.name()));
            }
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

    /** The database has it already: calls follow, unless somebody has decided otherwise meanwhile. */
    synchronized void promoted(Outcome.Moves moves, RolloutDecision decision, Rollout expected) {
        if (expected.equals(state.goingOn())) {
            commit(moves, decision, null);
        }
    }

    /**
     * Calls follow.
     *
     * @param from where it was, when the database does not have it yet; null where it does
     * @return whether they do
     */
    private boolean commit(Outcome.Moves moves, RolloutDecision decision, @Nullable Rollout from) {
        Rollout next = moves.rollout();
        TrafficState changed = state.withRollout(next);
        if (next.phase() instanceof Phase.Promoted) {
            changed = changed.withLive(next.candidate());
        }
        if (from != null) {
            changed = changed.with(new TrafficState.Pending(decision, next.place(), from.origin()));
        }
        boolean takesAway = next.phase() instanceof Phase.RolledBack || next.phase() instanceof Phase.Stopped;
        boolean holds = from != null && next.held() && !from.held();
        if (!write(changed, takesAway || holds)) {
            return false;
        }
        if (next.phase().isOver()) {
            List.of("candidate", "clock", "promotion").forEach(alarms::end);
            alarms.endAll("silent");
        }
        following.decided(plan.name(), moves.action());
        notices.accept("[%s] of [%s]: %s, now [%s]: %s"
                .formatted(
                        next.candidate().reference(),
                        plan.name(),
                        moves.action(),
                        next.phase().word(),
                        moves.reason()));
        return true;
    }

    /** @return whether calls may follow it */
    private boolean write(TrafficState changed, boolean anyway) {
        try {
            if (unreadable) {
                Path aside = file.setAside(plan.name(), now());
                unreadable = false;
                notices.accept("[%s]: what could not be read is [%s] now".formatted(plan.name(), aside));
            }
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
        return commands.ask(asked);
    }

    /**
     * The live version's switch is turned here.
     *
     * @param anyway whether calls follow where the disk takes nothing
     * @return whether it was written down
     */
    synchronized boolean turn(LiveSwitch turn, boolean anyway) {
        boolean followed = write(state.withTurned(state.switches().turned(turn)), anyway);
        if (followed) {
            told(turn);
            following.decided(plan.name(), turn.off() ? Command.STOP_ALL.word() : Command.RESUME.word());
        }
        return followed && !unwritten;
    }

    /** It was turned elsewhere, or the database has what was turned here. @param last that holds for all gateways */
    synchronized void turned(LiveSwitch last) {
        LiveSwitch known = state.switches().last();
        boolean newer = known == null || last.at().isAfter(known.at());
        if (newer && state.switches().unsaid().isEmpty()) {
            if (write(state.withTurned(state.switches().heard(last)), last.off())) {
                told(last);
            }
        }
    }

    private void told(LiveSwitch turn) {
        notices.accept("[%s]: the live version %s, by [%s]"
                .formatted(plan.name(), turn.off() ? "has no calls any more" : "has its calls again", turn.who()));
        halted();
    }

    private void halted() {
        if (state.halted()) {
            LiveSwitch last = state.switches().last();
            alarms.raise(
                    Commands.HALTED,
                    "its own versions have no calls since [%s] took them away, and nothing is rolled out: hone canary resume %s"
                            .formatted(last == null ? "somebody" : last.who(), plan.name()));
        } else {
            alarms.end(Commands.HALTED);
            alarms.end(FILE);
        }
    }

    /** A turn that the database does not have yet. */
    synchronized Optional<LiveSwitch> unsaid() {
        return state.switches().unsaid().stream().findFirst();
    }

    synchronized void said(LiveSwitch turn) {
        write(state.with(state.switches().said(turn)), true);
    }

    /** Whatever was begun before, and is not known here yet, is ended when it is. */
    synchronized void stopUnknown(Switches.Stopped stopped) {
        write(state.with(state.switches().stop(stopped)), true);
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
        Rollout adopted = Rollout.of(row);
        if (known != null && known.id().equals(row.id())) {
            if (!state.pending().isEmpty()) {
                return;
            }
            if (known.phase().isOver()) {
                if (!adopted.phase().isOver()) {
                    over(known);
                }
                return;
            }
        }
        if (!adopted.equals(known)
                && !write(state.withRollout(adopted), adopted.phase().isOver())) {
            return;
        }
        Switches.Stopped stopped = state.switches().stopped();
        if (stopped != null && !adopted.phase().isOver() && !row.created().isAfter(stopped.at())) {
            apply(new Event.Asked(Command.STOP, stopped.who()), stopped.who(), Evidence.NONE, adopted);
        }
    }

    /**
     * It is over here, and goes on in a database that knows less than it did: it is ended there anew. No call has shown anything against what was promoted; of what was
     * rolled back the gateway keeps no reason, so that calls may have.
     */
    private void over(Rollout known) {
        Rollout ended = known.phase() instanceof Phase.Promoted ? known.as(new Phase.RolledBack()) : known;
        String action =
                known.phase() instanceof Phase.RolledBack ? RolloutDecision.ROLL_BACK : RolloutDecision.WITHDRAW;
        RolloutDecision decision = decision(
                new Outcome.Moves(ended, action, "it was over here already, as what the gateway kept says"),
                RolloutDecision.NOBODY,
                Evidence.NONE);
        write(state.with(new TrafficState.Pending(decision, ended.place())), true);
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
