package dev.hone.web.site;

import dev.hone.charter.Charter;
import dev.hone.evaluate.Interval;
import dev.hone.improve.Agreement;
import dev.hone.improve.Finding;
import dev.hone.improve.ImproveReader;
import dev.hone.improve.Improving;
import dev.hone.improve.Look;
import dev.hone.improve.SeenCall;
import dev.hone.record.AuditEntry;
import dev.hone.record.Role;
import dev.hone.store.AuditLog;
import dev.hone.store.Database;
import dev.hone.store.TraceDetails;
import dev.hone.store.WatchedGrades.Day;
import dev.hone.watch.Agreements;
import dev.hone.watch.Eyes;
import dev.hone.watch.Subject;
import dev.hone.watch.Waiting;
import dev.hone.watch.Watch;
import dev.hone.watch.WatchState;
import dev.hone.web.IntervalPlot;
import dev.hone.web.IntervalPlot.Mark;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A use case in production: what it was and is, how good its answers are by their form, and whether a loop should start. */
public final class WatchPage {
    static final String PATH = "/watch";
    private static final int LONGEST_BODY = 1 << 20;
    private static final int EXCERPT = 60;
    private static final int DAYS = 28;

    private final Views views;
    private final Database database;
    private final Supplier<List<Charter>> charters;
    private final Waiting waiting;
    private final Agreements agreements;
    private final TraceDetails details;
    private final Readings readings;
    private final AuditLog audit;
    private final Watch watch;
    private final InstantSource clock;

    /** @param charters throws {@link IllegalArgumentException} where they cannot be read */
    WatchPage(
            Views views,
            Database database,
            Supplier<List<Charter>> charters,
            Eyes eyes,
            AuditLog audit,
            InstantSource clock) {
        this.views = views;
        this.database = database;
        this.charters = charters;
        this.waiting = new Waiting(database);
        this.agreements = new Agreements(database);
        this.details = new TraceDetails(database);
        this.readings = new Readings(audit);
        this.audit = audit;
        this.watch = new Watch(database, eyes, Duration.ZERO, () -> false);
        this.clock = clock;
    }

    /**
     * @param shares of the clusters, then and now; null where nothing was looked at
     * @param scores one plot for each grader
     * @param typical what a call of each cluster asked; a dash for who may not read it
     * @param agreement of those who label
     */
    public record Page(
            Shell shell,
            WatchState state,
            Improving improving,
            @Nullable IntervalPlot shares,
            List<IntervalPlot> scores,
            List<String> typical,
            Agreement.Result agreement,
            @Nullable String trouble) {
        public Page {
            scores = List.copyOf(scores);
            typical = List.copyOf(typical);
        }

        public String window() {
            return ImproveReader.text(improving.drift().window());
        }

        /** A probability of a test of the window, which has none where nothing is there. */
        public String p(Finding finding, double p) {
            return finding.now() == 0 ? "–" : p(p);
        }

        /** What has become of something, in words. */
        public String change(Finding finding) {
            String better = finding.better();
            return better == null || finding.drifted() ? finding.change() : better;
        }

        /** A probability, as far as it matters. */
        public String p(double p) {
            return p < 1e-4 ? "< 0.0001" : String.format(Locale.ROOT, "%.4f", p);
        }
    }

    List<Route> routes() {
        return List.of(
                Route.of(Role.VIEWER, "GET", PATH + "/{name}", ask -> show(ask, subject(ask), null)),
                Route.of(Role.OPERATOR, "POST", PATH + "/{name}/adopt", this::adopt));
    }

    private Subject subject(Ask ask) {
        try {
            return charters.get().stream()
                    .filter(charter -> charter.name().equals(ask.part("name"))
                            && Subject.project(charter).equals(ask.membership().projectName()))
                    .findFirst()
                    .flatMap(charter -> Subject.of(database, charter))
                    .orElseThrow(PageRefusal::notFound);
        } catch (IllegalArgumentException e) {
            throw new PageRefusal(503, "The charters cannot be read: " + e.getMessage());
        }
    }

    private Answer show(Ask ask, Subject subject, @Nullable String trouble) {
        WatchState state = WatchState.of(database, subject, waiting, clock.instant());
        Look look = state.look();
        List<String> typical = look == null ? List.of() : typical(ask, look);
        return new Answer.Html(
                trouble == null ? 200 : 422,
                views.html(
                        "watch",
                        new Page(
                                views.shell(ask, "use-cases", "Watch " + subject.name()),
                                state,
                                subject.improving(),
                                look == null ? null : shares(look, typical),
                                scores(state),
                                typical,
                                agreements.of(subject),
                                trouble)));
    }

    private Answer adopt(Ask ask) {
        Subject subject = subject(ask);
        try {
            watch.adopt(subject, clock.instant(), ask.who(), "asked for on the page");
        } catch (IllegalArgumentException e) {
            return show(ask, subject, e.getMessage());
        }
        audit.add(AuditEntry.now(ask.who(), ask.project(), "watch.adopt", subject.name(), Map.of()));
        return new Answer.See(ask.below(PATH + "/" + subject.name()));
    }

    /** Prompts are for who may read them; it is written down that they were. */
    private List<String> typical(Ask ask, Look look) {
        List<String> typical = new ArrayList<>();
        for (Look.Region region : look.regions()) {
            typical.add(TracePage.mayRead(ask) ? question(ask, region.typical()) : "–");
        }
        return typical;
    }

    private String question(Ask ask, UUID trace) {
        String question = details.find(ask.membership().projectName(), trace, LONGEST_BODY)
                .map(TraceDetails.Bounded::detail)
                .flatMap(detail -> SeenCall.read(trace, detail.request(), detail.response()))
                .map(SeenCall::question)
                .orElse("");
        if (question.isBlank()) {
            return "–";
        }
        readings.add(
                AuditEntry.now(ask.who(), ask.project(), TracePage.READ, trace.toString(), Map.of("for", "watch")));
        String line = question.strip().replaceAll("\\s+", " ");
        return line.codePointCount(0, line.length()) <= EXCERPT
                ? line
                : line.substring(0, line.offsetByCodePoints(0, EXCERPT)) + "…";
    }

    private static @Nullable IntervalPlot shares(Look look, List<String> typical) {
        int then = look.regions().stream().mapToInt(Look.Region::then).sum();
        int now = look.regions().stream().mapToInt(Look.Region::now).sum();
        if (then == 0 || now == 0) {
            return null;
        }
        List<IntervalPlot.Row> rows = new ArrayList<>();
        for (int i = 0; i < look.regions().size(); i++) {
            Look.Region region = look.regions().get(i);
            rows.add(new IntervalPlot.Row(
                    (i + 1) + " " + typical.get(i),
                    List.of(new Mark("then", 0, Interval.wilson(region.then(), then)))));
            rows.add(new IntervalPlot.Row("now", List.of(new Mark("now", 3, Interval.wilson(region.now(), now)))));
        }
        return new IntervalPlot("Share of each cluster in %: grey of the reference, blue below it of the window", rows);
    }

    private static List<IntervalPlot> scores(WatchState state) {
        Map<String, List<IntervalPlot.Row>> rows = new LinkedHashMap<>();
        for (Day day : state.grades()) {
            rows.computeIfAbsent(day.grader(), grader -> new ArrayList<>())
                    .add(new IntervalPlot.Row(
                            "%s (%d)".formatted(day.day(), day.count()),
                            List.of(new Mark(day.grader(), 3, interval(day)))));
        }
        List<IntervalPlot> plots = new ArrayList<>();
        rows.forEach((grader, days) -> plots.add(new IntervalPlot(
                "Mean of the grader [%s] by day in %%, with the number of calls".formatted(grader),
                days.subList(Math.max(0, days.size() - DAYS), days.size()))));
        return plots;
    }

    /** Wilson's of scores that are 0 or 1, else that of a mean. */
    static Interval interval(Day day) {
        if (Math.abs(day.sum() - day.squares()) < 1e-9 && Math.abs(day.sum() - Math.rint(day.sum())) < 1e-9) {
            return Interval.wilson((int) Math.rint(day.sum()), day.count());
        }
        double mean = day.sum() / day.count();
        double variance =
                day.count() < 2 ? 0.25 : Math.max(0, day.squares() - day.count() * mean * mean) / (day.count() - 1);
        double half = 1.96 * Math.sqrt(variance / day.count());
        return new Interval(mean, Math.max(0, mean - half), Math.min(1, mean + half));
    }
}
