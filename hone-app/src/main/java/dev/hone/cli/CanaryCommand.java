package dev.hone.cli;

import dev.hone.promote.AskedFiles;
import dev.hone.promote.Command;
import dev.hone.promote.Rollout;
import dev.hone.promote.Served;
import dev.hone.promote.TrafficFile;
import dev.hone.promote.TrafficState;
import dev.hone.record.ModelVersion;
import dev.hone.record.StoredRollout;
import dev.hone.record.UseCaseName;
import dev.hone.record.VersionReference;
import dev.hone.store.Database;
import dev.hone.store.ModelVersions;
import dev.hone.store.Rollouts;
import dev.hone.store.StoreException;
import dev.hone.store.UseCases;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone canary}: versions on their way to the calls of users. */
@picocli.CommandLine.Command(
        name = "canary",
        mixinStandardHelpOptions = true,
        description = {
            "Bring a version to the calls of its use case by steps, and take it back (docs/rollout.md).",
            "hone serve carries it out; hold, resume, back and stop need no database."
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone canary start support/4",
            "  hone canary status support",
            "  hone canary promote support",
            "  hone canary stop support        # the kill switch"
        })
final class CanaryCommand {
    private static final int SHOWN = 10;
    private static final int NOT_FOLLOWED = 1;
    private static final int REFUSED = 2;
    private static final Duration BETWEEN = Duration.ofMillis(50);
    private static final Duration SOON = Duration.ofSeconds(5);

    /** What becomes live is written in the database first. */
    private static final Duration LATER = Duration.ofSeconds(40);

    /** The object of {@code start --json}. */
    record Started(
            int schemaVersion,
            UUID rollout,
            String version,
            @Nullable String baseline,
            String phase) {}

    /** The object of {@code status --json}. */
    record Status(
            int schemaVersion,
            List<Traffic> traffic,
            List<Row> rollouts,
            @Nullable String database) {}

    /** What calls of a use case follow on this machine. */
    record Traffic(
            String useCase,
            @Nullable String live,
            boolean halted,
            @Nullable String candidate,
            @Nullable String phase,
            double share,
            boolean held,
            int undrainedDecisions) {}

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

    /** The object of the others with {@code --json}. */
    record Said(int schemaVersion, String useCase, String command, boolean done, String said) {}

    /** Who asks. */
    static final class Who {
        @Option(
                names = "--who",
                paramLabel = "NAME",
                description = "Who decides, for the history (default: the user of this terminal).")
        private @Nullable String name;

        /** Nobody's name has spaces: nobody who signs in is taken for somebody at the terminal. */
        String text() {
            String given = name == null ? ModelsCommand.who() : name.strip();
            if (given.isEmpty() || given.length() > 200 || given.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("--who is [%s]: name somebody".formatted(given));
            }
            return given + " (command line)";
        }
    }

    @picocli.CommandLine.Command(
            name = "start",
            mixinStandardHelpOptions = true,
            description = "Begin with a version that passed its gates; a running hone serve finds it.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone canary start support/4", "  hone canary start support@candidate --who ada --json"})
    int start(
            @Parameters(paramLabel = "VERSION", description = "USE_CASE/NUMBER or USE_CASE@ALIAS.") String version,
            @Mixin Who who,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json) {
        VersionReference reference = VersionReference.of(version);
        String name = who.text();
        try (Database database = Store.open()) {
            ModelVersion found = new ModelVersions(database).require(reference);
            StoredRollout begun = new Rollouts(database).begin(found.useCaseId(), found.id(), name);
            if (json) {
                Json.print(new Started(1, begun.id(), begun.reference(), baseline(begun), begun.phase()));
            } else {
                System.out.printf(
                        "[%s] waits for hone serve, compared with %s; next: hone canary status %s%n",
                        begun.reference(),
                        begun.baseline() == null ? "those whom the charter names" : "[" + baseline(begun) + "]",
                        begun.useCase());
            }
        }
        return 0;
    }

    private static @Nullable String baseline(StoredRollout rollout) {
        StoredRollout.Baseline baseline = rollout.baseline();
        return baseline == null ? null : new VersionReference.Numbered(rollout.useCase(), baseline.number()).text();
    }

    @picocli.CommandLine.Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description =
                    "Where calls of a use case go, and the last of its versions on their way; also while the database is away.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone canary status support", "  hone canary status support --json"})
    int status(
            @Parameters(paramLabel = "USE_CASE", description = "Which.") String useCase,
            @Mixin ProjectOption project,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        UseCaseName.require(useCase);
        Traffic traffic = traffic(new TrafficFile(Store.home()).read(useCase));
        List<Row> rows = List.of();
        String away = null;
        try (Database database = Store.open()) {
            rows = new Rollouts(database)
                    .list(new UseCases(database).require(useCase, project.name()), SHOWN).stream()
                            .map(CanaryCommand::row)
                            .toList();
        } catch (StoreException e) {
            away = e.getMessage();
        }
        if (json) {
            Json.print(new Status(1, List.of(traffic), rows, away));
        } else {
            print(traffic, rows, away);
        }
        return 0;
    }

    private static void print(Traffic traffic, List<Row> rows, @Nullable String away) {
        System.out.printf(
                "%s: %s answers%s%n",
                traffic.useCase(),
                traffic.live() == null || traffic.halted() ? "the charter's variants" : traffic.live(),
                traffic.halted() ? ", since [" + traffic.live() + "] is stopped" : "");
        if (traffic.candidate() != null) {
            System.out.printf(
                    "  %s is [%s]%s, with %.4g %% of the episodes%n",
                    traffic.candidate(), traffic.phase(), traffic.held() ? " and held" : "", 100 * traffic.share());
        }
        if (away != null) {
            System.out.println("  the history is not known: " + away);
        } else if (rows.isEmpty()) {
            System.out.println("  no version was ever rolled out; next: hone canary start USE_CASE/NUMBER");
        }
        for (Row row : rows) {
            System.out.printf(
                    "  %-24s %-12s %s  by %s%n",
                    row.version(), row.phase() + (row.held() ? ", held" : ""), row.since(), row.who());
            row.alarms().forEach(alarm -> System.out.println("    alarm: " + alarm));
        }
    }

    private static Traffic traffic(TrafficState state) {
        Served live = state.live();
        Rollout rollout = state.rollout();
        return new Traffic(
                state.useCase(),
                live == null ? null : live.reference(),
                state.halted(),
                rollout == null ? null : rollout.candidate().reference(),
                rollout == null ? null : rollout.phase().word(),
                rollout == null ? 0 : rollout.share(),
                rollout != null && rollout.held(),
                state.pending().size());
    }

    private static Row row(StoredRollout rollout) {
        return new Row(
                rollout.id(),
                rollout.reference(),
                baseline(rollout),
                rollout.phase(),
                rollout.step(),
                rollout.held(),
                rollout.since().toString(),
                rollout.who(),
                Json.texts(rollout.alarms()));
    }

    @picocli.CommandLine.Command(
            name = "promote",
            mixinStandardHelpOptions = true,
            description = "Let the candidate have all calls: live moves to it, and previous to what was live.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone canary promote support --who ada"})
    int promote(
            @Parameters(paramLabel = "USE_CASE", description = "Which.") String useCase,
            @Mixin Who who,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException, InterruptedException {
        return ask(useCase, Command.PROMOTE, who, json, LATER);
    }

    @picocli.CommandLine.Command(
            name = "hold",
            mixinStandardHelpOptions = true,
            description = "Let nobody but a person move the candidate on; it may still be taken back.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone canary hold support"})
    int hold(
            @Parameters(paramLabel = "USE_CASE", description = "Which.") String useCase,
            @Mixin Who who,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException, InterruptedException {
        return ask(useCase, Command.HOLD, who, json, SOON);
    }

    @picocli.CommandLine.Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description =
                    "Let a candidate that is held move on again, and a live version that was stopped have its calls.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone canary resume support"})
    int resume(
            @Parameters(paramLabel = "USE_CASE", description = "Which.") String useCase,
            @Mixin Who who,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException, InterruptedException {
        return ask(useCase, Command.RESUME, who, json, SOON);
    }

    @picocli.CommandLine.Command(
            name = "back",
            mixinStandardHelpOptions = true,
            description = {
                "Take the candidate's calls away. Where none is on its way, what was live before is live again, which takes the database."
            },
            footerHeading = "%nExamples:%n",
            footer = {"  hone canary back support"})
    int back(
            @Parameters(paramLabel = "USE_CASE", description = "Which.") String useCase,
            @Mixin ProjectOption project,
            @Mixin Who who,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException, InterruptedException {
        UseCaseName.require(useCase);
        if (new TrafficFile(Store.home()).read(useCase).goingOn() != null) {
            return ask(useCase, Command.BACK, who, json, SOON);
        }
        try (Database database = Store.open()) {
            int number =
                    new Rollouts(database).goBack(new UseCases(database).require(useCase, project.name()), who.text());
            return say(
                    useCase,
                    Command.BACK,
                    new AskedFiles.Answer(true, "[%s/%d] is live again; hone serve follows".formatted(useCase, number)),
                    json);
        }
    }

    @picocli.CommandLine.Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description = {
                "The kill switch: the candidate gets no calls from now on, within a second, also while the database is away.",
                "With --live, what is live gets none either, and the charter's variants answer until hone canary resume."
            },
            footerHeading = "%nExamples:%n",
            footer = {"  hone canary stop support", "  hone canary stop support --live --who ada"})
    int stop(
            @Parameters(paramLabel = "USE_CASE", description = "Which.") String useCase,
            @Option(names = "--live", description = "Take the live version's calls away, too.") boolean live,
            @Mixin Who who,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException, InterruptedException {
        return ask(useCase, live ? Command.STOP_ALL : Command.STOP, who, json, SOON);
    }

    private static int ask(String useCase, Command command, Who who, boolean json, Duration patience)
            throws IOException, InterruptedException {
        UseCaseName.require(useCase);
        AskedFiles files = new AskedFiles(Store.home());
        Rollout known = new TrafficFile(Store.home()).read(useCase).goingOn();
        UUID id = files.ask(useCase, command, who.text(), known == null ? null : known.id());
        long until = System.nanoTime() + patience.toNanos();
        Optional<AskedFiles.Answer> answer = Optional.empty();
        while (answer.isEmpty() && System.nanoTime() - until < 0) {
            Thread.sleep(BETWEEN);
            answer = files.answer(id);
        }
        if (answer.isPresent()) {
            return say(useCase, command, answer.get(), json);
        }
        boolean takesAway = command == Command.HOLD || command == Command.BACK || command == Command.STOP;
        boolean safe = command == Command.STOP_ALL || takesAway && known != null;
        if (!safe) {
            files.withdraw(id);
        }
        String said = "no hone serve follows what is asked in [%s] (HONE_HOME): %s"
                .formatted(
                        Store.home(),
                        safe
                                ? "it stays asked, and is carried out as soon as one does"
                                : "run this where it runs; nothing is asked any more");
        if (json) {
            Json.print(new Said(1, useCase, command.word(), false, said));
        }
        System.err.println("hone: " + said);
        return NOT_FOLLOWED;
    }

    private static int say(String useCase, Command command, AskedFiles.Answer answer, boolean json) {
        if (json) {
            Json.print(new Said(1, useCase, command.word(), answer.done(), answer.said()));
        } else if (answer.done()) {
            System.out.printf("%s: %s%n", useCase, answer.said());
        }
        if (!answer.done()) {
            System.err.printf("hone: %s: %s%n", useCase, answer.said());
        }
        return answer.done() ? 0 : REFUSED;
    }
}
