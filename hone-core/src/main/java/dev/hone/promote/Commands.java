package dev.hone.promote;

import dev.hone.promote.Transitions.Outcome;
import dev.hone.record.Ids;
import dev.hone.record.LiveSwitch;

/**
 * What people ask of the versions of a use case, but for promotions, which the database has to say something about. What takes calls away reaches whatever has
 * them, and every answer says what is so now.
 */
final class Commands {
    /** The alarm that a person took the live version's calls away. */
    static final String HALTED = "halted";

    private static final String NOT_WRITTEN =
            "the disk does not take it, so that nothing is changed: see hone canary status";

    private final UseCaseRollout versions;

    Commands(UseCaseRollout versions) {
        this.versions = versions;
    }

    /** Of one who holds the lock of the versions. */
    AskedFiles.Answer ask(AskedFiles.Asked asked) {
        String project = versions.plan().serving().project();
        if (asked.project() != null && !asked.project().equals(project)) {
            return no("[%s] is served here for the project [%s], and not for [%s]"
                    .formatted(asked.useCase(), project, asked.project()));
        }
        return switch (asked.command()) {
            case STOP_ALL -> halt(asked);
            case STOP -> stop(asked);
            case RESUME -> asked.rollout() == null && versions.state().halted() ? unhalt(asked) : meant(asked);
            case HOLD, BACK, PROMOTE -> meant(asked);
        };
    }

    private static AskedFiles.Answer no(String why) {
        return new AskedFiles.Answer(false, why);
    }

    private AskedFiles.Answer halt(AskedFiles.Asked asked) {
        stop(asked);
        boolean written = versions.turn(new LiveSwitch(Ids.next(), true, asked.who(), versions.now()), true);
        return new AskedFiles.Answer(
                true,
                "the live version has no calls until somebody says resume"
                        + (written
                                ? ""
                                : ", as long as hone serve runs: the disk does not take it, so do not start it anew before"));
    }

    private AskedFiles.Answer unhalt(AskedFiles.Asked asked) {
        return versions.turn(new LiveSwitch(Ids.next(), false, asked.who(), versions.now()), false)
                ? new AskedFiles.Answer(true, "the live version has its calls again")
                : no(NOT_WRITTEN);
    }

    /** Ends whatever goes on, or what is waiting in the database and is not known here yet. */
    private AskedFiles.Answer stop(AskedFiles.Asked asked) {
        Rollout rollout = versions.state().goingOn();
        if (rollout != null) {
            AskedFiles.Answer answer = apply(asked, Command.STOP, rollout);
            return asked.rollout() == null || asked.rollout().equals(rollout.id())
                    ? answer
                    : new AskedFiles.Answer(answer.done(), answer.said() + ", which had begun after what was meant");
        }
        versions.stopUnknown(new Switches.Stopped(versions.now(), asked.who()));
        Rollout last = versions.state().rollout();
        if (last != null && last.phase() instanceof Phase.Promoted && last.id().equals(asked.rollout())) {
            return no("[%s] is live already: hone canary back %s takes it back, hone canary stop %2$s --live too"
                    .formatted(last.candidate().reference(), asked.useCase()));
        }
        return new AskedFiles.Answer(
                true,
                "nothing is being rolled out here; what was begun before now, and is not known here yet, is stopped when it is");
    }

    private AskedFiles.Answer meant(AskedFiles.Asked asked) {
        Rollout rollout = versions.state().goingOn();
        if (rollout == null) {
            return no(
                    asked.command() == Command.RESUME && versions.state().halted()
                            ? "the live version is stopped: hone canary resume %s gives it its calls again"
                                    .formatted(asked.useCase())
                            : "nothing is being rolled out here");
        }
        return asked.rollout() == null || asked.rollout().equals(rollout.id())
                ? apply(asked, asked.command(), rollout)
                : no("[%s] is being rolled out, and not what was meant: look at hone canary status %s, and ask again"
                        .formatted(rollout.candidate().reference(), asked.useCase()));
    }

    private AskedFiles.Answer apply(AskedFiles.Asked asked, Command command, Rollout rollout) {
        Outcome outcome = versions.apply(new Event.Asked(command, asked.who()), asked.who(), Evidence.NONE, rollout);
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
            case Outcome.Refused refused -> no(refused.why());
        };
    }
}
