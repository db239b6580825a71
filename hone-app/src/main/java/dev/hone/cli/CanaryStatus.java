package dev.hone.cli;

import dev.hone.promote.AlarmFiles;
import dev.hone.promote.Rollout;
import dev.hone.promote.Served;
import dev.hone.promote.TrafficFile;
import dev.hone.promote.TrafficState;
import dev.hone.record.StoredRollout;
import dev.hone.store.Database;
import dev.hone.store.Rollouts;
import dev.hone.store.StoreException;
import dev.hone.store.UseCases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where calls of a use case go, as the files of this machine say, and what the database has of its rollouts. */
final class CanaryStatus {
    private static final int SHOWN = 10;
    private static final String PROMOTED = "promoted";

    private final Path home;

    CanaryStatus(Path home) {
        this.home = home;
    }

    /** The object of {@code status --json}. */
    record Status(
            int schemaVersion,
            List<Traffic> traffic,
            List<Row> rollouts,
            @Nullable String database) {}

    /**
     * What calls of a use case follow on this machine.
     *
     * @param served whether the live version has the calls that it should have, as hone serve said last
     */
    record Traffic(
            String useCase,
            @Nullable String live,
            boolean served,
            boolean halted,
            @Nullable String candidate,
            @Nullable String phase,
            double share,
            boolean held,
            int undrainedDecisions,
            List<String> alarms) {}

    /** A rollout as the database has it. */
    record Row(
            UUID rollout,
            String version,
            @Nullable String baseline,
            String phase,
            int step,
            boolean held,
            String since,
            String who,
            List<String> alarms) {}

    void print(String useCase, @Nullable String project, boolean json) throws IOException {
        Traffic traffic = traffic(new TrafficFile(home).read(useCase), new AlarmFiles(home).read(useCase));
        List<Row> rows = List.of();
        String away = null;
        try (Database database = Store.open()) {
            rows = new Rollouts(database)
                    .list(new UseCases(database).require(useCase, project), SHOWN).stream()
                            .map(CanaryStatus::row)
                            .toList();
        } catch (StoreException e) {
            away = e.getMessage();
        }
        if (json) {
            Json.print(new Status(1, List.of(traffic), rows, away));
        } else {
            print(traffic, rows, away);
        }
    }

    private static void print(Traffic traffic, List<Row> rows, @Nullable String away) {
        System.out.println("%s: %s".formatted(traffic.useCase(), answers(traffic)));
        if (traffic.candidate() != null) {
            System.out.println("  " + rollout(traffic));
        }
        traffic.alarms().forEach(alarm -> System.out.println("  alarm: " + alarm));
        if (away != null) {
            System.out.println("  the history is not known: " + away);
        } else if (rows.isEmpty()) {
            System.out.println("  no version was ever rolled out; next: hone canary start USE_CASE/NUMBER");
        }
        for (Row row : rows) {
            System.out.printf(
                    "  %-24s %-12s %s  by %s%n",
                    row.version(), row.phase() + (row.held() ? ", held" : ""), row.since(), row.who());
            row.alarms().stream()
                    .filter(alarm -> !traffic.alarms().contains(alarm))
                    .forEach(alarm -> System.out.println("    alarm: " + alarm));
        }
    }

    private static String answers(Traffic traffic) {
        if (traffic.halted()) {
            return "the charter's variants answer, since [%s] is stopped until hone canary resume %s"
                    .formatted(traffic.live() == null ? "every version" : traffic.live(), traffic.useCase());
        }
        if (traffic.live() == null) {
            return "the charter's variants answer";
        }
        return traffic.served()
                ? traffic.live() + " answers"
                : traffic.live() + " should answer, and does not: the charter's variants do";
    }

    /** One that is over says nothing of who has the calls now: somebody may have moved them since. */
    private static String rollout(Traffic traffic) {
        if (!isOver(traffic.phase())) {
            return String.format(
                    Locale.ROOT,
                    "%s is [%s]%s, with %.4g %% of the episodes",
                    traffic.candidate(),
                    traffic.phase(),
                    traffic.held() ? " and held" : "",
                    100 * traffic.share());
        }
        boolean since = Objects.equals(traffic.candidate(), traffic.live()) && !PROMOTED.equals(traffic.phase());
        return "the last rollout is over: %s was [%s]%s"
                .formatted(traffic.candidate(), traffic.phase(), since ? ", and somebody has made it live since" : "");
    }

    private static boolean isOver(@Nullable String phase) {
        return PROMOTED.equals(phase) || "rolled-back".equals(phase) || "stopped".equals(phase);
    }

    private static Traffic traffic(TrafficState state, Map<String, String> alarms) {
        Served live = state.live();
        Rollout rollout = state.rollout();
        return new Traffic(
                state.useCase(),
                live == null ? null : live.reference(),
                live != null && !state.halted() && !alarms.containsKey(AlarmFiles.SERVING),
                state.halted(),
                rollout == null ? null : rollout.candidate().reference(),
                rollout == null ? null : rollout.phase().word(),
                rollout == null ? 0 : rollout.share(),
                rollout != null && rollout.held(),
                state.pending().size() + state.switches().unsaid().size(),
                List.copyOf(alarms.values()));
    }

    private static Row row(StoredRollout rollout) {
        return new Row(
                rollout.id(),
                rollout.reference(),
                CanaryCommand.baseline(rollout),
                rollout.phase(),
                rollout.step(),
                rollout.held(),
                rollout.since().toString(),
                rollout.who(),
                Json.texts(rollout.alarms()));
    }
}
