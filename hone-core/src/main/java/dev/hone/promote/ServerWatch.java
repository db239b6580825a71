package dev.hone.promote;

import dev.hone.record.RolloutDecision;
import java.util.function.Predicate;

/** What the servers of a use case's versions say: whether a candidate may go on, and whether what is live is served. Waits for nothing. */
final class ServerWatch {
    /** How often a server is tried before its version is given up. */
    private static final int TRIES = 3;

    /** The alarm that the live version does not have the calls that it should. */
    static final String SERVING = "serving";

    private static final String CANDIDATE = "candidate";

    private final UseCaseRollout versions;
    private final VersionServers servers;
    private final Following following;

    ServerWatch(UseCaseRollout versions, VersionServers servers, Following following) {
        this.versions = versions;
        this.servers = servers;
        this.following = following;
    }

    void look() {
        TrafficState state = versions.state();
        live(state);
        Rollout rollout = state.goingOn();
        if (rollout != null && !state.halted()) {
            candidate(rollout);
        }
    }

    /** Calls that fall back are answered, so that nobody would notice. */
    private void live(TrafficState state) {
        Served live = state.live();
        if (live == null || state.halted()) {
            versions.alarms().end(SERVING);
            return;
        }
        switch (servers.state(live)) {
            case VersionServers.State.Fails fails ->
                versions.alarms()
                        .raise(
                                SERVING,
                                "[%s] is live and cannot be opened, so that those whom the charter names answer: %s"
                                        .formatted(live.reference(), fails.why()));
            case VersionServers.State.Opening ignored -> {}
            case VersionServers.State.Answers ignored -> {
                if (isKeptAway(Traffic.LIVE)) {
                    versions.alarms()
                            .raise(
                                    SERVING,
                                    "[%s] is live and fails or is silent so often that calls are kept away from it: those whom the charter names answer"
                                            .formatted(live.reference()));
                } else {
                    versions.alarms().end(SERVING);
                }
            }
        }
    }

    private boolean isKeptAway(String name) {
        Predicate<Served> open = versions::isAnswering;
        return versions.serving(open).route().variants().stream()
                .filter(variant -> variant.name().equals(name))
                .anyMatch(following::isKeptAway);
    }

    private void candidate(Rollout rollout) {
        Served candidate = rollout.candidate();
        switch (servers.state(candidate)) {
            case VersionServers.State.Fails fails -> {
                versions.alarms()
                        .raise(
                                CANDIDATE,
                                "[%s] cannot be opened, so that it gets no calls: %s"
                                        .formatted(candidate.reference(), fails.why()));
                if (fails.tries() >= TRIES) {
                    ends(new Event.Unfit("its server cannot be opened: " + fails.why()), rollout);
                }
            }
            case VersionServers.State.Opening ignored -> {}
            case VersionServers.State.Answers ignored -> {
                if (!isKeptAway(Traffic.CANDIDATE)) {
                    versions.alarms().end(CANDIDATE);
                } else if (rollout.phase().hasUsers()) {
                    ends(
                            new Event.Fails(
                                    "it failed or was silent so often that the gateway keeps calls away from it"),
                            rollout);
                } else {
                    versions.alarms()
                            .raise(
                                    CANDIDATE,
                                    "[%s] fails or is silent so often that it gets no copies for a while"
                                            .formatted(candidate.reference()));
                }
            }
        }
    }

    private void ends(Event event, Rollout rollout) {
        versions.apply(event, RolloutDecision.NOBODY, Evidence.NONE, rollout);
    }
}
