package dev.hone.loop;

import dev.hone.evaluate.Interval;
import dev.hone.loop.Digest.Changed;
import dev.hone.loop.Digest.Event;
import dev.hone.loop.Digest.Quality;
import dev.hone.loop.Digest.Traffic;
import dev.hone.loop.Digest.UseCaseDay;
import dev.hone.record.GateVerdict;
import dev.hone.record.ModelVersion;
import dev.hone.record.Project;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.store.Database;
import dev.hone.store.GateVerdicts;
import dev.hone.store.Labels;
import dev.hone.store.Loops;
import dev.hone.store.ModelVersions;
import dev.hone.store.Projects;
import dev.hone.store.Rollouts;
import dev.hone.store.TimeHistogram;
import dev.hone.store.Usage;
import dev.hone.store.UseCases;
import dev.hone.store.WatchLooks;
import dev.hone.store.WatchedGrades;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads a day's digest from the store. */
public final class DigestReader {
    private static final int RECENT = 200;
    private static final double Z = 1.959963984540054;

    private final Database database;
    private final Path home;
    private final InstantSource clock;

    /** @param home where Hone keeps things, and a gateway what somebody should look at */
    public DigestReader(Database database, Path home, InstantSource clock) {
        this.database = database;
        this.home = home;
        this.clock = clock;
    }

    /** The day of now, in UTC. */
    public LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    /** The projects that there are. */
    public List<String> projects() {
        return new Projects(database).all().stream().map(Project::name).toList();
    }

    /**
     * Reads it.
     *
     * @param useCase of this one alone; null for all of the project
     * @throws IllegalArgumentException when there is no such project or use case, or the day has not come
     */
    public Digest read(String project, @Nullable String useCase, LocalDate day) {
        if (day.isAfter(today())) {
            throw new IllegalArgumentException(
                    "The day [%s] has not come: today is [%s] (UTC)".formatted(day, today()));
        }
        UUID projectId = new Projects(database)
                .find(project)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no project [%s], but %s".formatted(project, projects())));
        UseCases useCases = new UseCases(database);
        List<String> names = useCase == null ? useCases.names(projectId) : List.of(useCase);
        Map<String, List<Usage.Line>> lines = new LinkedHashMap<>();
        for (Usage.Line line : new Usage(database)
                .lines(new Usage.Asked(
                        project, day, day, useCase, Set.of(Usage.By.ROUTE, Usage.By.VARIANT), Usage.Times.WHOLE))) {
            String route = line.key().route();
            lines.computeIfAbsent(route == null ? "" : route, name -> new ArrayList<>())
                    .add(line);
        }
        Day of = new Day(day);
        List<Loops.Round> rounds = new Loops(database).within(project, of.from(), of.to());
        List<UseCaseDay> days = new ArrayList<>();
        for (String name : names) {
            days.add(new Reading(project, name, useCases.require(name, project), of)
                    .read(lines.getOrDefault(name, List.of()), rounds));
        }
        return new Digest(Digest.SCHEMA, project, day.toString(), day.isBefore(today()), days);
    }

    /** One use case's day. */
    private final class Reading {
        private final String project;
        private final String name;
        private final UUID id;
        private final Day day;

        Reading(String project, String name, UUID id, Day day) {
            this.project = project;
            this.name = name;
            this.id = id;
            this.day = day;
        }

        UseCaseDay read(List<Usage.Line> lines, List<Loops.Round> rounds) {
            List<Traffic> traffic = new ArrayList<>();
            List<Quality> quality = new ArrayList<>(grades());
            for (Usage.Line line : lines) {
                if (line.sums().calls() > 0) {
                    traffic.add(traffic(line));
                }
                line.judged().stream()
                        .filter(judged -> !Set.of("demonstration", "preference", "comment")
                                .contains(judged.kind()))
                        .forEach(judged -> quality.add(
                                feedback(judged, String.valueOf(line.key().variant()))));
            }
            List<StoredRollout> rollouts = new Rollouts(database).list(id, RECENT);
            WatchLooks looks = new WatchLooks(database);
            return new UseCaseDay(
                    name,
                    traffic,
                    quality,
                    labels(),
                    changed(looks.driftedWithin(id, day.from(), day.to())),
                    changed(looks.improvedWithin(id, day.from(), day.to())),
                    new DayMoves(database, name, id).read(day, rollouts),
                    rounds(rounds),
                    gates(),
                    decisions(rollouts),
                    new DayAlarms(database, home, project, name, id).read(day, rounds, rollouts, clock.instant()));
        }

        private int labels() {
            Labels labels = new Labels(database);
            return Math.max(0, labels.labelledSince(id, day.from()) - labels.labelledSince(id, day.to()));
        }

        private List<Quality> grades() {
            List<Quality> quality = new ArrayList<>();
            for (WatchedGrades.Day one : new WatchedGrades(database).days(id, day.from())) {
                if (one.day().equals(day.date())) {
                    double mean = one.sum() / one.count();
                    quality.add(new Quality(
                            "grader " + one.grader(), one.count(), mean, ofMean(one.count(), mean, one.squares())));
                }
            }
            return quality;
        }

        private static List<Changed> changed(List<WatchLooks.Changed> found) {
            return found.stream()
                    .map(one -> new Changed(
                            one.of(), one.change(), Day.shown(one.first()), Day.shown(one.last()), one.looks()))
                    .toList();
        }

        private List<Event> rounds(List<Loops.Round> rounds) {
            List<Event> events = new ArrayList<>();
            for (Loops.Round round : rounds) {
                if (!round.useCase().equals(name)) {
                    continue;
                }
                if (day.has(round.begun())) {
                    events.add(new Event(
                            Day.shown(round.begun()), "a round began (%s): %s".formatted(round.who(), round.why())));
                }
                Instant ended = round.ended();
                Loops.Outcome outcome = round.outcome();
                if (ended != null && outcome != null && day.has(ended)) {
                    events.add(new Event(Day.shown(ended), ended(round, outcome)));
                }
            }
            return events;
        }

        private String ended(Loops.Round round, Loops.Outcome outcome) {
            String reason = round.reason();
            String after = reason == null ? "" : ": " + reason;
            return switch (outcome) {
                case ROLLOUT ->
                    "the round ended: %s/%d passed, and a rollout was asked for".formatted(name, round.version());
                case PASSED -> "the round ended: %s/%d passed%s".formatted(name, round.version(), after);
                case NOT_PASSED -> "the round ended without a rollout" + after;
                case ABANDONED -> "the round was given up" + after;
            };
        }

        private List<Event> gates() {
            List<Event> events = new ArrayList<>();
            GateVerdicts verdicts = new GateVerdicts(database);
            for (ModelVersion version : new ModelVersions(database).list(id)) {
                for (GateVerdict verdict : verdicts.of(version.id())) {
                    if (day.has(verdict.created())) {
                        events.add(new Event(Day.shown(verdict.created()), version.reference() + " " + said(verdict)));
                    }
                }
            }
            events.sort(Comparator.comparing(Event::at));
            return events;
        }

        private static String said(GateVerdict verdict) {
            if (!verdict.passed()) {
                return "did not pass its gates";
            }
            return verdict.forced() == null
                    ? "passed its gates"
                    : "was forced past its gates by %s: %s".formatted(verdict.who(), verdict.forced());
        }

        private List<Event> decisions(List<StoredRollout> rollouts) {
            List<Event> events = new ArrayList<>();
            for (StoredRollout rollout : rollouts.reversed()) {
                for (RolloutDecision decision : new Rollouts(database).decisions(rollout.id())) {
                    if (day.has(decision.at())) {
                        events.add(new Event(
                                Day.shown(decision.at()),
                                "%s: %s (%s)%s"
                                        .formatted(
                                                rollout.reference(),
                                                decision.action(),
                                                decision.who(),
                                                decision.reason().isEmpty() ? "" : ": " + decision.reason())));
                    }
                }
            }
            return events;
        }
    }

    private static Traffic traffic(Usage.Line line) {
        Map<String, String> spend = new LinkedHashMap<>();
        line.spend().forEach((currency, amount) -> spend.put(currency, shown(amount)));
        TimeHistogram times = line.whole();
        return new Traffic(
                String.valueOf(line.key().variant()),
                line.key().shadow(),
                line.sums().calls(),
                line.sums().errors(),
                line.sums().promptTokens(),
                line.sums().completionTokens(),
                spend,
                times.quantile(0.5).orElse(Double.NaN),
                times.quantile(0.95).orElse(Double.NaN));
    }

    private static String shown(BigDecimal amount) {
        return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }

    /** Of booleans the share with Wilson's interval; of other numbers the mean alone, whose bounds are not kept. */
    private static Quality feedback(Usage.Judged judged, String variant) {
        boolean counted = judged.kind().equals("boolean");
        return new Quality(
                "feedback %s, %s".formatted(judged.name(), variant),
                judged.given(),
                judged.mean(),
                counted && judged.given() > 0
                        ? Interval.wilson(
                                (int) Math.min(judged.given(), judged.score().longValue()), (int) judged.given())
                        : null);
    }

    /** Wilson's where all values are 0 or 1, else by the normal distribution; null of one value. */
    private static @Nullable Interval ofMean(int count, double mean, double squares) {
        double sum = mean * count;
        if (Math.abs(squares - sum) < 1e-9) {
            return Interval.wilson((int) Math.round(sum), count);
        }
        if (count < 2) {
            return null;
        }
        double variance = Math.max(0, (squares - count * mean * mean) / (count - 1));
        double half = Z * Math.sqrt(variance / count);
        return new Interval(mean, Math.max(0, mean - half), Math.min(1, mean + half));
    }
}
