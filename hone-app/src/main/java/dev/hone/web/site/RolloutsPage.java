package dev.hone.web.site;

import dev.hone.promote.AskedFiles;
import dev.hone.promote.Command;
import dev.hone.promote.Evidence;
import dev.hone.promote.Stage;
import dev.hone.promote.TrafficFile;
import dev.hone.record.Role;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.store.Rollouts;
import dev.hone.web.SequencePlot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Versions on their way to the calls of users: how far they are, what was decided and on what evidence, and what a person may do. */
public final class RolloutsPage {
    private static final String PATH = "/rollouts";
    private static final int ROWS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What becomes live is written in the database first, between two looks at what calls have shown. */
    private static final Duration LATER = Duration.ofSeconds(20);

    private static final Duration BETWEEN = Duration.ofMillis(50);

    private final Views views;
    private final Rollouts rollouts;
    private final @Nullable AskedFiles asked;

    /** @param home where a gateway looks for what is asked of it; null where there is none */
    RolloutsPage(Views views, Rollouts rollouts, @Nullable Path home) {
        this.views = views;
        this.rollouts = rollouts;
        this.asked = home == null ? null : new AskedFiles(home);
    }

    /** The newest first. */
    public record Page(Shell shell, List<StoredRollout> rows) {}

    /**
     * One of them.
     *
     * @param known when it was looked at last; empty before that
     * @param plots one for each measure
     * @param said what became of what somebody asked for; null where nobody did
     */
    public record One(
            Shell shell,
            StoredRollout rollout,
            List<String> alarms,
            List<Stage> stages,
            KnownTable known,
            List<SequencePlot> plots,
            List<RolloutDecision> decisions,
            @Nullable String said) {
        public boolean isGoingOn() {
            return RolloutsPage.isGoingOn(rollout);
        }

        /** Whether users have seen it, so that a person may let it become live. */
        public boolean hasUsers() {
            return rollout.phase().equals("canary") || rollout.phase().equals("ready");
        }

        public boolean mayDecide() {
            return shell.may(Role.OPERATOR) && isGoingOn();
        }

        public String at(String command) {
            return shell.at(PATH + "/" + rollout.id() + "/" + command);
        }

        public String stage(Stage stage) {
            return KnownTable.step(stage);
        }

        /** What stood behind a decision. */
        public List<String> evidence(RolloutDecision decision) {
            Evidence evidence = Evidence.of(decision.evidence());
            return evidence == null ? List.of() : KnownTable.lines(evidence);
        }
    }

    private static boolean isGoingOn(StoredRollout rollout) {
        return switch (rollout.phase()) {
            case "promoted", "rolled-back", "stopped" -> false;
            default -> true;
        };
    }

    /** Its phase as people read it. */
    public static String shown(StoredRollout rollout) {
        return rollout.phase()
                + (rollout.phase().equals("canary") ? ", step " + (rollout.step() + 1) : "")
                + (rollout.held() && isGoingOn(rollout) ? ", held" : "");
    }

    /** Class of the badge that says it. */
    public static String colour(StoredRollout rollout) {
        return switch (rollout.phase()) {
            case "promoted" -> "good";
            case "rolled-back", "stopped" -> "bad";
            default -> "";
        };
    }

    List<Route> routes() {
        return List.of(
                Route.of(Role.VIEWER, "GET", PATH, this::list),
                Route.of(Role.VIEWER, "GET", PATH + "/{id}", ask -> show(ask, own(ask), null)),
                Route.of(Role.OPERATOR, "POST", PATH + "/{id}/{command}", this::command));
    }

    private Answer list(Ask ask) {
        return views.page(
                "rollouts",
                new Page(views.shell(ask, "rollouts", "Rollouts"), rollouts.ofProject(ask.project(), ROWS)));
    }

    private StoredRollout own(Ask ask) {
        return rollouts.find(ask.id("id"))
                .filter(rollout -> rollout.project().equals(ask.membership().projectName()))
                .orElseThrow(PageRefusal::notFound);
    }

    private Answer show(Ask ask, StoredRollout rollout, @Nullable String said) {
        List<RolloutDecision> decisions = rollouts.decisions(rollout.id());
        List<Rollouts.Look> looks = rollouts.looks(rollout.id());
        Evidence last = looks.isEmpty() ? null : Evidence.of(looks.getLast().evidence());
        return new Answer.Html(
                said == null ? 200 : 422,
                views.html(
                        "rollout",
                        new One(
                                views.shell(ask, "rollouts", rollout.reference()),
                                rollout,
                                alarms(rollout),
                                TrafficFile.stages(rollout.stages()),
                                last == null
                                        ? new KnownTable(List.of())
                                        : KnownTable.of(last, TrafficFile.stages(rollout.stages())),
                                new SequenceDrawing(rollout, looks, decisions).plots(),
                                decisions.reversed(),
                                said)));
    }

    private static List<String> alarms(StoredRollout rollout) {
        List<String> alarms = new ArrayList<>();
        JsonMapper.shared().readTree(rollout.alarms()).forEach(alarm -> alarms.add(alarm.asString()));
        return alarms;
    }

    private Answer command(Ask ask) throws IOException, InterruptedException {
        StoredRollout rollout = own(ask);
        Command command = command(ask.part("command"));
        AskedFiles files = asked;
        if (files == null) {
            throw new PageRefusal(409, "No gateway that could do this is known here.");
        }
        if (!isGoingOn(rollout)) {
            return show(ask, rollout, "It is over: it is %s".formatted(rollout.phase()));
        }
        UUID id = files.ask(rollout.useCase(), command, ask.who(), rollout.id(), rollout.project());
        Optional<AskedFiles.Answer> answer = Optional.empty();
        Duration patience = command == Command.PROMOTE ? LATER : PATIENCE;
        long until = System.nanoTime() + patience.toNanos();
        while (answer.isEmpty() && System.nanoTime() - until < 0) {
            Thread.sleep(BETWEEN);
            answer = files.answer(id);
        }
        if (answer.isEmpty() && !takesAway(command)) {
            // What moves something on must not happen when whoever asked has long given up.
            files.withdraw(id);
            answer = files.answer(id);
            if (answer.isEmpty()) {
                return show(
                        ask,
                        rollout,
                        "No gateway has carried it out within %d s, and nothing is asked any more."
                                .formatted(patience.toSeconds()));
            }
        }
        if (answer.isPresent() && !answer.get().done()) {
            return show(ask, rollout, answer.get().said());
        }
        // Calls follow before the store is told, and the page that comes next reads the store.
        while (answer.isPresent()
                && rollouts.find(rollout.id()).filter(rollout::equals).isPresent()
                && System.nanoTime() - until < 0) {
            Thread.sleep(BETWEEN);
        }
        return new Answer.See(ask.below(PATH + "/" + rollout.id()));
    }

    private static boolean takesAway(Command command) {
        return switch (command) {
            case PROMOTE, RESUME -> false;
            case HOLD, BACK, STOP, STOP_ALL -> true;
        };
    }

    private static Command command(String word) {
        try {
            Command command = Command.of(word);
            if (command != Command.STOP_ALL) {
                return command;
            }
        } catch (IllegalArgumentException e) {
            // There is nothing at such an address.
        }
        throw PageRefusal.notFound();
    }
}
