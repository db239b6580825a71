package dev.hone.watch;

import dev.hone.improve.Drift;
import dev.hone.improve.FormGraders;
import dev.hone.improve.Improving;
import dev.hone.improve.Look;
import dev.hone.improve.Sampling;
import dev.hone.improve.Sampling.Purpose;
import dev.hone.improve.SeenCall;
import dev.hone.improve.Series;
import dev.hone.improve.Sight;
import dev.hone.improve.Vectors;
import dev.hone.store.Compared;
import dev.hone.store.Database;
import dev.hone.store.WaitingCalls;
import dev.hone.store.WatchLooks;
import dev.hone.store.WatchLooks.Reference;
import dev.hone.store.WatchedCalls;
import dev.hone.store.WatchedCalls.Kept;
import dev.hone.store.WatchedCalls.Said;
import dev.hone.store.WatchedCalls.Stored;
import dev.hone.store.WatchedCalls.Watched;
import dev.hone.store.WatchedGrades;
import dev.hone.store.WatchedGrades.Demonstrated;
import dev.hone.store.WatchedGrades.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Watches a use case, a round at a time: takes a sample of the calls in that came since the last, grades it, grades what has a demonstration by now, and
 * looks for drift. A round that was killed begins again where it was; nothing is graded twice. It reads traces alone: no call waits for it.
 */
public final class Watch {
    private static final int BATCH = 500;
    private static final int MOST_BATCHES = 2_000;
    private static final int WANTED = 200;
    private static final int DEMONSTRATIONS = 500;
    private static final int LONGEST_BODY = 2 << 20;
    private static final int LONGEST_QUESTION = 4_000;

    private final WatchedCalls calls;
    private final WaitingCalls waiting;
    private final WatchedGrades grades;
    private final WatchLooks looks;
    private final References references;
    private final Eyes eyes;
    private final Duration settle;
    private final BooleanSupplier ending;

    /**
     * @param settle how long a call must have been stored: copies that shadows answer come after it
     * @param ending whether a round should end early
     */
    public Watch(Database database, Eyes eyes, Duration settle, BooleanSupplier ending) {
        this.calls = new WatchedCalls(database);
        this.waiting = new WaitingCalls(database);
        this.grades = new WatchedGrades(database);
        this.looks = new WatchLooks(database);
        this.references = new References(database);
        this.eyes = eyes;
        this.settle = settle;
        this.ending = ending;
    }

    /**
     * What a round did.
     *
     * @param passed calls that it went by
     * @param sampled calls that it took in
     * @param wanted calls that it took in for the queue alone
     * @param unreadable calls of the sample without a request or answer that can be read
     * @param demonstrated calls that it graded against demonstrations
     * @param reference whether it took a new reference
     * @param look what it found; null where there was nothing new to look at
     */
    public record Round(
            int passed,
            int sampled,
            int wanted,
            int unreadable,
            int demonstrated,
            boolean reference,
            @Nullable Look look) {}

    /** A count that goes on. */
    private static final class Tally {
        int passed;
        int sampled;
        int unreadable;
    }

    public Round carryOut(Subject subject, Instant now) {
        Tally tally = new Tally();
        sample(subject, now, tally);
        int wanted = wanted(subject, now);
        int demonstrated = demonstrated(subject);
        calls.forget(subject.useCase());
        boolean taken = references.renew(subject, now);
        return new Round(
                tally.passed,
                tally.sampled,
                wanted,
                tally.unreadable,
                demonstrated,
                taken,
                look(subject, now).orElse(null));
    }

    private void sample(Subject subject, Instant now, Tally tally) {
        UUID useCase = subject.useCase();
        Improving improving = subject.improving();
        Instant begin = now.minus(improving.drift().against());
        Instant day = now.minus(Duration.ofDays(1));
        Instant reached = calls.progress(useCase).orElse(begin);
        double share = Sampling.share(improving, calls.recordedSince(useCase, reached.isBefore(day) ? reached : day));
        long left = improving.callsADay() - calls.watchedSince(useCase, now.truncatedTo(ChronoUnit.DAYS));
        for (int i = 0; i < MOST_BATCHES && !ending.getAsBoolean(); i++) {
            List<Stored> batch = calls.next(useCase, begin, settle, BATCH);
            if (batch.isEmpty()) {
                return;
            }
            List<Stored> chosen = batch.stream()
                    .filter(one -> Sampling.isIn(one.trace(), Purpose.WATCH, share))
                    .limit(Math.max(0, left))
                    .toList();
            List<Watched> watched = watched(subject, chosen, true);
            int added = calls.add(useCase, watched, now, batch.getLast());
            tally.passed += batch.size();
            tally.sampled += added;
            tally.unreadable += chosen.size() - watched.size();
            left -= added;
        }
    }

    /** What somebody complained about, and what a copy answered otherwise, is for the queue; it says nothing of what most calls are like. */
    private int wanted(Subject subject, Instant now) {
        if (subject.improving().callsADay() == 0) {
            return 0;
        }
        UUID useCase = subject.useCase();
        Instant since = now.minus(subject.improving().drift().against());
        List<Stored> complained = waiting.complained(useCase, since, subject.complaints(), WANTED);
        int wanted = calls.add(useCase, watched(subject, complained, false), now, null);
        List<Watched> copied = watched(subject, waiting.copied(useCase, since, WANTED), false);
        calls.add(useCase, copied, now, null);
        for (Watched one : copied) {
            waiting.compared(one.stored().trace(), one.other(), now);
            wanted += one.other() == null ? 0 : 1;
        }
        return wanted;
    }

    private List<Watched> watched(Subject subject, List<Stored> chosen, boolean sampled) {
        if (chosen.isEmpty()) {
            return List.of();
        }
        FormGraders graders = subject.graders();
        List<Watched> watched = new ArrayList<>();
        for (Said said : calls.said(chosen, LONGEST_BODY)) {
            SeenCall.read(said.stored().trace(), said.request(), said.response())
                    .ifPresent(call -> watched.add(watched(
                            call,
                            said,
                            graders,
                            sampled,
                            sampled
                                    && Sampling.isIn(
                                            call.trace(),
                                            Purpose.JUDGE,
                                            subject.charter().loop().judge()))));
        }
        return watched;
    }

    private Watched watched(SeenCall call, Said said, FormGraders graders, boolean sampled, boolean drawn) {
        Eyes.Sight sight = eyes.open();
        String question = call.question();
        boolean otherwise = said.other() != null
                && SeenCall.read(said.other(), said.request(), said.otherResponse())
                        .filter(other -> !other.key().equals(call.key()))
                        .isPresent();
        return new Watched(
                said.stored(),
                sampled,
                drawn,
                sight.name(),
                Vectors.pack(sight.embedder()
                        .embed(
                                question.length() <= LONGEST_QUESTION
                                        ? question
                                        : question.substring(0, LONGEST_QUESTION))),
                graders.name(call),
                call.output().length(),
                call.offered(),
                call.uncertainty(said.logprob()),
                otherwise ? said.other() : null,
                graders.grade(call));
    }

    private int demonstrated(Subject subject) {
        FormGraders graders = subject.graders();
        int graded = 0;
        for (Demonstrated one : grades.demonstrated(subject.useCase(), WatchedGrades.DEMONSTRATION, DEMONSTRATIONS)) {
            Optional<Double> score = SeenCall.read(one.trace(), one.request(), one.response())
                    .flatMap(call -> graders.against(call, one.demonstration()));
            grades.add(one.trace(), WatchedGrades.DEMONSTRATION, score.orElse(null));
            graded += score.isPresent() ? 1 : 0;
        }
        return graded;
    }

    /**
     * Takes now as usual, because somebody says so.
     *
     * @throws IllegalArgumentException when there are too few
     */
    public void adopt(Subject subject, Instant now, String who, String why) {
        references.adopt(subject, now, who, why);
    }

    private Optional<Look> look(Subject subject, Instant now) {
        UUID useCase = subject.useCase();
        References.Held held = references.held(subject).orElse(null);
        if (held == null) {
            return Optional.empty();
        }
        Reference reference = held.reference();
        List<Kept> then = references.of(useCase, reference);
        List<Kept> since = references.since(useCase, held);
        if (then.size() < Drift.LEAST || since.isEmpty()) {
            return Optional.empty();
        }
        Instant window = now.minus(subject.improving().drift().window());
        Look look = Drift.look(
                sights(then),
                sights(since),
                (int) since.stream()
                        .filter(one -> !one.recorded().isBefore(window))
                        .count(),
                series(subject, held, window, now),
                subject.improving().drift().alpha(),
                reference.id().getLeastSignificantBits());
        String found = JsonMapper.shared().writeValueAsString(look);
        boolean same = looks.looks(useCase, reference.id(), 1).stream()
                .anyMatch(last -> last.found().equals(found));
        if (!same) {
            looks.add(useCase, reference.id(), now, look.drifted(), found);
        }
        return Optional.of(look);
    }

    static List<Sight> sights(List<Kept> kept) {
        return kept.stream()
                .map(one -> new Sight(
                        one.trace(),
                        one.position(),
                        Vectors.unpack(one.input()),
                        one.named(),
                        one.length(),
                        one.offered()))
                .toList();
    }

    private List<Series> series(Subject subject, References.Held held, Instant window, Instant now) {
        UUID useCase = subject.useCase();
        Reference reference = held.reference();
        Compared compared = held.compared();
        Duration within = subject.improving().drift().feedback();
        List<Series> series = new ArrayList<>();
        series.addAll(series(
                "grades: ",
                name -> Series.Better.HIGHER,
                grades.scores(useCase, compared, WatchedGrades.DEMONSTRATION),
                List.of(),
                reference,
                window,
                Duration.ZERO));
        series.addAll(series(
                "feedback: ",
                subject::better,
                grades.feedback(useCase, compared, within, now),
                subject.judging(),
                reference,
                window,
                within));
        series.addAll(series(
                "feedback: ",
                name -> Series.Better.UNKNOWN,
                grades.answered(useCase, compared, within, now),
                List.of(),
                reference,
                window,
                within));
        return series;
    }

    /**
     * @param better which way each is better, by its name
     * @param declared which there are, also where none has a value
     * @param late how long after its call a value is known at the earliest; what was not known when the reference was taken is none of it
     */
    private static List<Series> series(
            String kind,
            Function<String, Series.Better> better,
            List<Value> values,
            List<String> declared,
            Reference reference,
            Instant window,
            Duration late) {
        List<Series> series = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(declared);
        values.forEach(value -> names.add(value.name()));
        for (String name : names) {
            List<Value> own =
                    values.stream().filter(value -> value.name().equals(name)).toList();
            List<Value> then = own.stream()
                    .filter(value -> value.position() <= reference.to()
                            && !value.at().plus(late).isAfter(reference.taken()))
                    .toList();
            List<Value> since = own.stream()
                    .filter(value -> value.position() > reference.to())
                    .toList();
            if (then.size() < Drift.LEAST_NUMBERS) {
                int first = Math.min(Drift.LEAST_NUMBERS, own.size());
                then = own.subList(0, first);
                since = own.subList(first, own.size());
            }
            series.add(new Series(
                    kind + name,
                    better.apply(name),
                    References.thinned(then).stream().mapToDouble(Value::score).toArray(),
                    since.stream().mapToDouble(Value::score).toArray(),
                    recentCount(since, window)));
        }
        return series;
    }

    /** How many at the end are of the window. */
    private static int recentCount(List<Value> values, Instant window) {
        int count = 0;
        for (Value value : values.reversed()) {
            if (value.at().isBefore(window)) {
                break;
            }
            count++;
        }
        return count;
    }
}
