package dev.hone.watch;

import dev.hone.improve.Drift;
import dev.hone.improve.Look;
import dev.hone.improve.Queue;
import dev.hone.improve.Trigger;
import dev.hone.store.Database;
import dev.hone.store.Labels;
import dev.hone.store.Loops;
import dev.hone.store.WatchLooks;
import dev.hone.store.WatchLooks.Reference;
import dev.hone.store.WatchLooks.Stored;
import dev.hone.store.WatchedCalls;
import dev.hone.store.WatchedGrades;
import dev.hone.store.WatchedGrades.Day;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that is known of a use case in production. Made for {@code hone watch} and its page.
 *
 * @param watched calls of the sample
 * @param missing how many the first reference lacks at least; 0 where there is one
 * @param reference against what production is held; null where there is none
 * @param coming the one that takes its place, while it does not count any more; null where it counts
 * @param look the last against the reference that counts; null where there was none
 * @param looked when; null where there was none
 * @param trouble why nobody can look at it; null where somebody can
 * @param changes what has drifted against the reference that counts, at the last look or one before: what was found stays found
 * @param grades by grader and day
 * @param waiting how many calls wait for an expert, as far as they are counted
 * @param queue the first of these
 * @param labels right answers since the last dataset
 * @param lastLoop when the last loop began, or the last dataset was made; null where there was none
 * @param decision whether a loop should start
 */
public record WatchState(
        String useCase,
        long watched,
        long missing,
        @Nullable Reference reference,
        References.@Nullable Coming coming,
        @Nullable Look look,
        @Nullable Instant looked,
        @Nullable String trouble,
        List<String> changes,
        List<Day> grades,
        int waiting,
        List<Queue.Item> queue,
        int labels,
        @Nullable Instant lastLoop,
        Trigger.Decision decision) {
    private static final int QUEUE = 10;
    private static final int MOST_WAITING = 200;

    public WatchState {
        changes = List.copyOf(changes);
        grades = List.copyOf(grades);
        queue = List.copyOf(queue);
    }

    /** Reads it. */
    public static WatchState of(Database database, Subject subject, Waiting waiting, Instant now) {
        UUID useCase = subject.useCase();
        WatchedCalls calls = new WatchedCalls(database);
        WatchLooks looks = new WatchLooks(database);
        Labels labels = new Labels(database);
        Loops loops = new Loops(database);
        References references = new References(database);
        Reference reference = looks.reference(useCase).orElse(null);
        References.Coming coming = references.coming(subject).orElse(null);
        Reference counts = coming == null ? reference : null;
        Stored last = counts == null
                ? null
                : looks.looks(useCase, counts.id(), 1).stream().findFirst().orElse(null);
        Look look = last == null ? null : read(last);
        List<String> changes = counts == null
                ? List.of()
                : looks.drifted(useCase, counts.id())
                        .map(found -> read(found).changes())
                        .orElse(List.of());
        List<Queue.Item> items = waiting.of(subject, null, MOST_WAITING, now);
        Instant dataset = labels.lastDataset(useCase).orElse(null);
        Instant began = loops.list(useCase, 1).stream()
                .map(Loops.Round::begun)
                .findFirst()
                .orElse(dataset);
        int fresh = labels.labelledSince(useCase, dataset);
        long watched = calls.count(useCase);
        return new WatchState(
                subject.name(),
                watched,
                reference == null ? Math.max(0, Drift.LEAST - references.collected(subject)) : 0,
                reference,
                coming,
                look,
                last == null ? null : last.at(),
                reference == null
                        ? null
                        : references.trouble(subject, reference, coming != null).orElse(null),
                changes,
                new WatchedGrades(database)
                        .days(useCase, now.minus(subject.improving().drift().against())),
                items.size(),
                items.subList(0, Math.min(QUEUE, items.size())),
                fresh,
                began,
                Trigger.decide(
                        new Trigger.State(
                                changes,
                                fresh,
                                labels.firstLabelled(useCase).orElse(null),
                                began,
                                loops.going(useCase).isPresent()),
                        subject.improving(),
                        now));
    }

    private static Look read(Stored look) {
        return JsonMapper.shared().readValue(look.found(), Look.class);
    }
}
