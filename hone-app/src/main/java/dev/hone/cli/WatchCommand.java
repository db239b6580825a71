package dev.hone.cli;

import dev.hone.charter.Charter;
import dev.hone.improve.Finding;
import dev.hone.improve.Look;
import dev.hone.improve.Queue;
import dev.hone.record.AuditEntry;
import dev.hone.store.AuditLog;
import dev.hone.store.Database;
import dev.hone.store.Projects;
import dev.hone.store.WatchLooks;
import dev.hone.store.WatchedGrades.Day;
import dev.hone.watch.Eyes;
import dev.hone.watch.References;
import dev.hone.watch.Subject;
import dev.hone.watch.Waiting;
import dev.hone.watch.Watch;
import dev.hone.watch.WatchState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hone watch}: what production has become. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description =
                "What is known of a use case in production: grades of a sample, drift, what is new, what waits for experts, and whether a loop should start (docs/improve.md). hone serve looks every hour.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  hone watch support", "  hone watch support --now --json", "  hone watch support --adopt"})
final class WatchCommand implements Callable<Integer> {
    @Mixin
    private UseCaseArguments useCase = new UseCaseArguments();

    @Option(names = "--now", description = "Take calls in and look now, rather than say what was found last.")
    private boolean now;

    @Option(
            names = "--adopt",
            description = "Hold calls against those of the past window from now on: what has drifted counts as usual.")
    private boolean adopt;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    private record View(
            int schemaVersion,
            String useCase,
            long watched,
            long missing,
            WatchLooks.@Nullable Reference reference,
            References.@Nullable Coming coming,
            @Nullable Instant looked,
            @Nullable Boolean drifted,
            @Nullable String trouble,
            @Nullable Look look,
            List<Graded> grades,
            int waiting,
            int newLabels,
            @Nullable Instant lastLoop,
            Starts loop,
            Watch.@Nullable Round round) {}

    /** Scores of a day. */
    private record Graded(String grader, String day, int calls, double mean) {}

    /** Whether a loop should start. */
    private record Starts(boolean start, List<String> triggers, List<String> against) {}

    @Override
    public Integer call() throws IOException {
        Charter charter = useCase.charter();
        try (Database database = Store.open()) {
            Subject subject = UseCaseArguments.subject(database, charter);
            Instant time = Instant.now();
            Watch watch = new Watch(
                    database,
                    Eyes.ofMeaning(text -> System.err.println("hone: " + text)),
                    Duration.ZERO,
                    Thread::interrupted);
            Watch.Round round = now ? watch.carryOut(subject, time) : null;
            if (adopt) {
                String who = ModelsCommand.who() + " (command line)";
                watch.adopt(subject, time, who, "asked for");
                new AuditLog(database)
                        .add(AuditEntry.now(
                                who,
                                new Projects(database)
                                        .find(Subject.project(subject.charter()))
                                        .orElse(null),
                                "watch.adopt",
                                subject.name(),
                                java.util.Map.of()));
            }
            WatchState state = WatchState.of(database, subject, new Waiting(database), time);
            if (json) {
                Json.print(view(state, round));
            } else {
                print(state, round);
            }
        }
        return 0;
    }

    private static View view(WatchState state, Watch.@Nullable Round round) {
        Look look = state.look();
        return new View(
                1,
                state.useCase(),
                state.watched(),
                state.missing(),
                state.reference(),
                state.coming(),
                state.looked(),
                look == null ? null : !state.changes().isEmpty(),
                state.trouble(),
                look,
                state.grades().stream()
                        .map(day ->
                                new Graded(day.grader(), day.day().toString(), day.count(), day.sum() / day.count()))
                        .toList(),
                state.waiting(),
                state.labels(),
                state.lastLoop(),
                new Starts(
                        state.decision().start(),
                        state.decision().reasons(),
                        state.decision().against()),
                round);
    }

    private static void print(WatchState state, Watch.@Nullable Round round) {
        if (round != null) {
            System.out.printf(
                    "took in      %d of %d calls, %d for the queue, graded %d against demonstrations%s%n",
                    round.sampled(),
                    round.passed(),
                    round.wanted(),
                    round.demonstrated(),
                    round.unreadable() == 0 ? "" : ", could not read " + round.unreadable());
        }
        System.out.printf("watched      %d calls%n", state.watched());
        grades(state.grades()).forEach(line -> System.out.println("graded       " + line));
        WatchLooks.Reference reference = state.reference();
        if (reference == null) {
            System.out.println(
                    state.missing() > 0
                            ? "reference    none yet: %d more calls must be watched".formatted(state.missing())
                            : "reference    none yet: it is taken when a window (of a live version a day at most, and until feedback counts) is over since the first of its calls");
        } else {
            System.out.printf("reference    taken %s by %s: %s%n", reference.taken(), reference.who(), reference.why());
        }
        if (state.trouble() != null) {
            System.out.println("trouble      " + state.trouble());
        }
        Look look = state.look();
        References.Coming coming = state.coming();
        if (coming != null) {
            System.out.println("drift        " + words(coming));
        } else if (look == null) {
            System.out.println("drift        nobody has looked yet");
        } else {
            print(look, state.looked());
        }
        System.out.printf("waiting      %d calls for experts (hone queue %s)%n", state.waiting(), state.useCase());
        for (Queue.Item item :
                state.queue().subList(0, Math.min(3, state.queue().size()))) {
            System.out.println("  " + QueueCommand.line(item));
        }
        System.out.printf("labels       %d since the last dataset%n", state.labels());
        System.out.printf("loop         %s%n", state.decision().start() ? "should start" : "need not start");
        state.decision().reasons().forEach(reason -> System.out.println("  for it:     " + reason));
        state.decision().against().forEach(reason -> System.out.println("  against it: " + reason));
    }

    private static String words(References.Coming coming) {
        Instant notBefore = coming.notBefore();
        return "not looked at: version %d is live since %s, and the next reference is of its calls, of which %d of %d are watched%s"
                .formatted(
                        coming.version(),
                        coming.since(),
                        coming.calls(),
                        coming.wanted(),
                        notBefore == null ? "" : "; it is taken at %s at the earliest".formatted(notBefore));
    }

    private static void print(Look look, @Nullable Instant looked) {
        System.out.printf(
                Locale.ROOT,
                "drift        %s: %d calls of the reference, %d since, %d of the window; false alarms at most %s; looked %s%n",
                look.drifted() ? "found" : "none found",
                look.reference(),
                look.since(),
                look.window(),
                look.level(),
                looked);
        System.out.printf("  %-28s %9s %9s %9s %9s  %s%n", "", "p", "p Holm", "log10 e", "p ever", "change");
        for (Finding finding : look.findings()) {
            String better = finding.drifted() ? null : finding.better();
            System.out.printf(
                    Locale.ROOT,
                    "%s %-28s %9s %9s %9.1f %9.2g  %s (%s)%n",
                    finding.drifted() ? "!" : better != null ? "+" : " ",
                    finding.of(),
                    ofWindow(finding, finding.p()),
                    ofWindow(finding, finding.pHolm()),
                    finding.evidence(),
                    finding.pDecides(),
                    better == null ? finding.change() : "better: " + better,
                    finding.test());
        }
        if (!look.few().isEmpty()) {
            System.out.println(
                    "not looked at, with too few values to hold others against: " + String.join(", ", look.few()));
        }
        if (look.window() == 0) {
            System.out.println("novelty      none of the window");
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "novelty      %d of %d calls are like nothing of the reference (%.0f %% would be)%n",
                    look.novelty().found(),
                    look.window(),
                    100 * look.novelty().expected());
        }
        if (!look.newNames().isEmpty()) {
            System.out.println("new answers  " + String.join(", ", look.newNames()));
        }
        if (!look.newTools().isEmpty()) {
            System.out.println("new tools    " + String.join(", ", look.newTools()));
        }
    }

    /** A test of nothing has no p. */
    private static String ofWindow(Finding finding, double p) {
        return finding.now() == 0 ? "-" : String.format(Locale.ROOT, "%.4f", p);
    }

    /** A line for each grader, of all its days. */
    private static List<String> grades(List<Day> days) {
        List<String> lines = new ArrayList<>();
        days.stream().map(Day::grader).distinct().forEach(grader -> {
            List<Day> own =
                    days.stream().filter(day -> day.grader().equals(grader)).toList();
            int calls = own.stream().mapToInt(Day::count).sum();
            double sum = own.stream().mapToDouble(Day::sum).sum();
            lines.add(String.format(Locale.ROOT, "%s: mean %.3f of %d calls", grader, sum / calls, calls));
        });
        return lines;
    }
}
