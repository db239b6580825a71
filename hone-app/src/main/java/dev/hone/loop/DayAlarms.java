package dev.hone.loop;

import dev.hone.promote.AlarmFiles;
import dev.hone.record.AliasChange;
import dev.hone.record.LiveSwitch;
import dev.hone.record.ModelVersion;
import dev.hone.record.StoredRollout;
import dev.hone.record.UseCaseName;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.LiveSwitches;
import dev.hone.store.Loops;
import dev.hone.store.ModelVersions;
import dev.hone.store.Rollouts;
import dev.hone.store.Standing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What somebody should look at in a use case now: what the database knows, and what a gateway of this home says. */
final class DayAlarms {
    private static final Set<String> GOING_ON = Set.of("waiting", "shadow", "canary", "ready");

    private final Database database;
    private final Path home;
    private final String project;
    private final String name;
    private final UUID id;

    DayAlarms(Database database, Path home, String project, String name, UUID id) {
        this.database = database;
        this.home = home;
        this.project = project;
        this.name = name;
        this.id = id;
    }

    List<String> read(Day day, List<Loops.Round> rounds, List<StoredRollout> rollouts, Instant now) {
        List<String> alarms = new ArrayList<>();
        halted(alarms);
        unfit(alarms);
        rolledOut(rollouts, alarms);
        gateways(alarms);
        astray(day, rounds, now, alarms);
        return alarms;
    }

    private void halted(List<String> alarms) {
        new LiveSwitches(database)
                .last(id)
                .filter(LiveSwitch::off)
                .ifPresent(turn -> alarms.add(
                        "its own versions have no calls since [%s] took them away at %s, and nothing is rolled out: hone canary resume %s"
                                .formatted(turn.who(), Day.shown(turn.at()), name)));
    }

    /** Also of one that was made live by force: who did that may be gone. */
    private void unfit(List<String> alarms) {
        Standing standing = new Standing(database);
        new ModelVersions(database)
                .find(new VersionReference.Aliased(project, name, Rollouts.LIVE))
                .filter(live -> standing.isJudged(id))
                .ifPresent(live -> standing.objection(live.id())
                        .ifPresent(objection ->
                                alarms.add("[%s] is live%s and %s: see hone gate %s and hone canary status %s"
                                        .formatted(
                                                live.reference(), madeSo(live), objection, live.reference(), name))));
    }

    private String madeSo(ModelVersion live) {
        return new Aliases(database)
                .changes(id).stream()
                        .filter(change -> change.alias().equals(Rollouts.LIVE)
                                && Integer.valueOf(live.number()).equals(change.after()))
                        .findFirst()
                        .map((AliasChange change) ->
                                " since [%s] made it so at %s".formatted(change.who(), Day.shown(change.changed())))
                        .orElse("");
    }

    private static void rolledOut(List<StoredRollout> rollouts, List<String> alarms) {
        for (StoredRollout rollout : rollouts) {
            if (GOING_ON.contains(rollout.phase())) {
                for (JsonNode alarm : JsonMapper.shared().readTree(rollout.alarms())) {
                    alarms.add("%s: %s"
                            .formatted(rollout.reference(), alarm.isString() ? alarm.stringValue() : alarm.toString()));
                }
                if (rollout.phase().equals("ready")) {
                    alarms.add("%s is ready, and waits for a person to promote it".formatted(rollout.reference()));
                }
            }
        }
    }

    /** A gateway tells a rollout's alarms in both places; of the switch the database knows better than a file that it wrote when it last ran. */
    private void gateways(List<String> alarms) {
        Map<String, String> told;
        try {
            told = new AlarmFiles(home).read(UseCaseName.require(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        told.forEach((kind, text) -> {
            if (!kind.equals(AlarmFiles.HALTED) && alarms.stream().noneMatch(alarm -> alarm.endsWith(text))) {
                alarms.add(text);
            }
        });
    }

    private void astray(Day day, List<Loops.Round> rounds, Instant now, List<String> alarms) {
        for (Loops.Round round : rounds) {
            Instant ended = round.ended();
            if (round.useCase().equals(name)
                    && ended != null
                    && day.has(ended)
                    && round.outcome() == Loops.Outcome.ABANDONED
                    && round.givenUpBy() == null) {
                alarms.add("a round could not be gone on with: " + round.reason());
            }
        }
        new Loops(database)
                .going(id)
                .filter(round -> round.begun().isBefore(now.minus(1, ChronoUnit.DAYS)))
                .ifPresent(round -> alarms.add("a round goes on since %s: its files are in %s"
                        .formatted(Day.shown(round.begun()), round.home())));
    }
}
