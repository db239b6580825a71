package dev.hone.watch;

import dev.hone.improve.Drift;
import dev.hone.improve.Improving;
import dev.hone.store.Compared;
import dev.hone.store.Database;
import dev.hone.store.WatchLooks;
import dev.hone.store.WatchLooks.Live;
import dev.hone.store.WatchLooks.Reference;
import dev.hone.store.WatchedCalls;
import dev.hone.store.WatchedCalls.Collected;
import dev.hone.store.WatchedCalls.Kept;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Against which calls production is held: which these are, when others take their place, and what can be compared with them. */
public final class References {
    /** Of a reference so many are looked at, evenly over its time. */
    private static final int MOST = 1_000;

    private static final String HONE = "hone";
    private static final String STANDS =
            "what was found stands until a version that learned of it is live, or somebody takes now as usual";

    /** Of the calls of a new version: a day is like the next, and a window would be long without anybody looking. */
    private static final Duration DAY = Duration.ofDays(1);

    private final WatchedCalls calls;
    private final WatchLooks looks;

    References(Database database) {
        this.calls = new WatchedCalls(database);
        this.looks = new WatchLooks(database);
    }

    /**
     * A reference that is to be taken of a version's calls, before which nobody looks.
     *
     * @param version number of the live one, which learned from a dataset that was made after the reference before, or is another than the one that this is of
     * @param since when it became live
     * @param calls of it that are watched
     * @param wanted how many it takes
     * @param notBefore when it is taken at the earliest; null as long as there is no call
     */
    public record Coming(
            int version,
            Instant since,
            int calls,
            int wanted,
            @Nullable Instant notBefore) {}

    /** What holds no calls against the reference any more, though nothing takes its place yet; empty where there is none, or the one that there is counts. */
    Optional<Coming> coming(Subject subject) {
        UUID useCase = subject.useCase();
        Optional<Reference> reference = looks.reference(useCase);
        return looks.live(useCase)
                .filter(live -> reference.isPresent() && isOver(subject, reference.get(), live))
                .map(live -> {
                    Collected own = own(subject, live);
                    Instant first = own.first();
                    return new Coming(
                            live.number(),
                            live.since(),
                            (int) Math.min(own.count(), Integer.MAX_VALUE),
                            Drift.LEAST,
                            first == null ? null : first.plus(span(subject)));
                });
    }

    /** How long the calls of a new version are collected at least: a day or a window of them, and until what is said of these has come. */
    private static Duration span(Subject subject) {
        Improving.Drift drift = subject.improving().drift();
        Duration window = drift.window();
        return (window.compareTo(DAY) < 0 ? window : DAY).plus(drift.feedback());
    }

    /**
     * Who answers production: the live version, where the charter lets it have the calls, else whoever the charter declares. What candidates answer, and who is asked
     * in place of another, is neither reference nor held against one.
     */
    private static String answering(Subject subject, @Nullable Live live) {
        return live == null || subject.charter().promotion() == null
                ? WatchedCalls.DECLARED
                : WatchedCalls.live(subject.name() + "/" + live.number());
    }

    /**
     * Whether nothing is held against a reference any more: a version is live that learned from a later dataset, or production is answered by another than the one that
     * it is of. What had drifted before that became live is of the world, and not of who answers: it stands until it is learned from.
     */
    private boolean isOver(Subject subject, Reference reference, Live live) {
        if (live.isNewAt(reference.taken())) {
            return true;
        }
        return isOfAnother(subject, reference, live)
                && looks.firstDrift(subject.useCase(), reference.id())
                        .filter(found -> !found.isAfter(live.since()))
                        .isEmpty();
    }

    /**
     * Whether a reference is of another than who answers production now: what these differ in is no drift. Of what was taken before anybody kept whose it is, nobody
     * knows more than whether a version became live later.
     */
    private static boolean isOfAnother(Subject subject, Reference reference, @Nullable Live live) {
        String of = reference.answered();
        String answering = answering(subject, live);
        return of == null
                ? live != null
                        && !answering.equals(WatchedCalls.DECLARED)
                        && live.since().isAfter(reference.taken())
                : !of.equals(answering);
    }

    /**
     * What production is held against.
     *
     * @param now who answers it, as the reference was answered
     */
    record Held(Reference reference, String now) {
        /** Of which calls what is said of them is compared. */
        Compared compared() {
            return new Compared(reference.from(), reference.to(), reference.answered(), now);
        }
    }

    /** Empty where production is held against nothing: there is no reference, another is to be taken, or it is of another than who answers. */
    Optional<Held> held(Subject subject) {
        Live live = looks.live(subject.useCase()).orElse(null);
        return looks.reference(subject.useCase())
                .filter(reference -> live == null || !live.isNewAt(reference.taken()))
                .filter(reference -> !isOfAnother(subject, reference, live))
                .map(reference -> new Held(reference, answering(subject, live)));
    }

    /** What is watched of production since a version became live, or of all times where none is. */
    private Collected own(Subject subject, @Nullable Live live) {
        Instant since = live == null ? Instant.EPOCH : live.since();
        return calls.collected(subject.useCase(), answering(subject, live), 0, since, Long.MAX_VALUE);
    }

    /** How many calls a first reference would have. */
    long collected(Subject subject) {
        return own(subject, looks.live(subject.useCase()).orElse(null)).count();
    }

    /**
     * Takes a reference where there is none, where a version that learned from a later dataset or is another than the one that it is of is live and has answered
     * enough, where none is live any more, where too little of the one before is left to compare with, and where it is old; the last three alone where nothing has drifted.
     */
    boolean renew(Subject subject, Instant now) {
        UUID useCase = subject.useCase();
        Improving.Drift drift = subject.improving().drift();
        Optional<Reference> found = looks.reference(useCase);
        Live live = looks.live(useCase).orElse(null);
        String answering = answering(subject, live);
        if (found.isEmpty()) {
            Collected all = own(subject, live);
            return spans(all, live == null ? drift.window() : span(subject), now)
                    && take(subject, all, answering, now, HONE, "the first");
        }
        Reference reference = found.get();
        if (live != null && isOver(subject, reference, live)) {
            Collected own = own(subject, live);
            return spans(own, span(subject), now)
                    && take(
                            subject,
                            own,
                            answering,
                            now,
                            HONE,
                            "version %d, which %s, is live since %s: its calls"
                                    .formatted(
                                            live.number(),
                                            live.isNewAt(reference.taken())
                                                    ? "learned from a later dataset"
                                                    : "is another than the one of the reference before",
                                            live.since()));
        }
        if (looks.drifted(useCase, reference.id()).isPresent()) {
            return false;
        }
        String of = reference.answered();
        if (of != null && isOfAnother(subject, reference, live)) {
            Collected after =
                    calls.collected(useCase, answering, calls.lastOf(useCase, of) + 1, Instant.EPOCH, Long.MAX_VALUE);
            return spans(after, drift.window(), now)
                    && take(
                            subject,
                            after,
                            answering,
                            now,
                            HONE,
                            "no version is live any more: calls since its last one");
        }
        if (comparable(useCase, reference) < Drift.LEAST) {
            return take(
                    subject,
                    usual(subject, live, now),
                    answering,
                    now,
                    HONE,
                    "too few calls of the one before could be compared any more");
        }
        return reference.taken().plus(drift.against()).isBefore(now)
                && take(
                        subject,
                        calls.collected(
                                useCase, answering, reference.to() + 1, now.minus(drift.against()), Long.MAX_VALUE),
                        answering,
                        now,
                        HONE,
                        "the one before was old, and nothing had drifted");
    }

    private static boolean spans(Collected calls, Duration time, Instant now) {
        Instant first = calls.first();
        return first != null && !first.isAfter(now.minus(time));
    }

    /** @throws IllegalArgumentException when there are too few */
    void adopt(Subject subject, Instant now, String who, String why) {
        Live live = looks.live(subject.useCase()).orElse(null);
        Collected recent = usual(subject, live, now);
        if (!take(subject, recent, answering(subject, live), now, who, why)) {
            throw new IllegalArgumentException(
                    "Of the window [%d] calls of [%s] are watched%s, and a reference takes [%d]: wait, or let [sample], [calls-a-day] or [drift.window] of its charter be larger"
                            .formatted(
                                    recent.count(),
                                    subject.name(),
                                    live == null
                                            ? ""
                                            : " of its live version, which is that since [%s]".formatted(live.since()),
                                    Drift.LEAST));
        }
    }

    /**
     * Calls of the past window since the live version is that, whatever else was before it; where drift was found those since then, or the newest that make a
     * reference: what was before it is none of it.
     */
    private Collected usual(Subject subject, @Nullable Live live, Instant now) {
        UUID useCase = subject.useCase();
        String answering = answering(subject, live);
        Instant window = now.minus(subject.improving().drift().window());
        Instant since = live != null && live.since().isAfter(window) ? live.since() : window;
        Collected all = calls.collected(useCase, answering, 0, since, Long.MAX_VALUE);
        Optional<Instant> drift =
                looks.reference(useCase).flatMap(reference -> looks.firstDrift(useCase, reference.id()));
        if (drift.isEmpty()) {
            return all;
        }
        Instant later = drift.filter(since::isBefore).orElse(since);
        Collected after = calls.collected(useCase, answering, 0, later, Long.MAX_VALUE);
        return after.count() >= Drift.LEAST ? after : calls.collected(useCase, answering, 0, since, Drift.LEAST);
    }

    private boolean take(Subject subject, Collected from, String answered, Instant now, String who, String why) {
        if (from.count() < Drift.LEAST) {
            return false;
        }
        looks.take(subject.useCase(), from.from(), from.to(), answered, now, who, why);
        return true;
    }

    /** What of a reference can be compared with the newest calls, in its order. */
    List<Kept> of(UUID useCase, Reference reference) {
        return calls.embedder(useCase)
                .map(embedder -> of(calls, useCase, embedder, reference))
                .orElse(List.of());
    }

    /** What of it has vectors of an embedder, in its order. */
    static List<Kept> of(WatchedCalls calls, UUID useCase, String embedder, Reference reference) {
        return thinned(calls.kept(useCase, embedder, reference.from(), reference.to(), reference.answered()));
    }

    /** What came after it of production. */
    List<Kept> since(UUID useCase, Held held) {
        return calls.embedder(useCase)
                .map(embedder -> calls.kept(useCase, embedder, held.reference().to() + 1, Long.MAX_VALUE, held.now()))
                .orElse(List.of());
    }

    /** Every k-th, so that what is left is of the whole time. */
    static <T> List<T> thinned(List<T> all) {
        int step = (all.size() + MOST - 1) / MOST;
        if (step <= 1) {
            return all;
        }
        List<T> some = new ArrayList<>();
        for (int i = 0; i < all.size(); i += step) {
            some.add(all.get(i));
        }
        return some;
    }

    private long comparable(UUID useCase, Reference reference) {
        return calls.comparable(useCase, reference.from(), reference.to(), reference.answered());
    }

    /** Why nobody can look, or nothing comes to be looked at; empty where somebody can. @param coming whether another reference is to be taken */
    Optional<String> trouble(Subject subject, Reference reference, boolean coming) {
        UUID useCase = subject.useCase();
        Live live = looks.live(useCase).orElse(null);
        String answering = answering(subject, live);
        boolean drifted = looks.drifted(useCase, reference.id()).isPresent();
        if (!coming && isOfAnother(subject, reference, live)) {
            return Optional.of("cannot look: the reference is of [%s], and production is answered by [%s]; %s"
                    .formatted(
                            reference.answered() == null ? "whoever answered before that" : reference.answered(),
                            answering,
                            drifted
                                    ? STANDS
                                    : "another is taken of these calls, as soon as %d and a window of them are watched"
                                            .formatted(Drift.LEAST)));
        }
        if (calls.isSilent(useCase, reference.to(), answering, Drift.LEAST)) {
            return Optional.of(
                    "cannot look: none of the last [%d] watched calls was answered by [%s], whose calls these would be: hone canary status %s says who has them"
                            .formatted(Drift.LEAST, answering, subject.name()));
        }
        long left = comparable(useCase, reference);
        if (coming || left >= Drift.LEAST) {
            return Optional.empty();
        }
        return Optional.of(
                "cannot look: of the reference [%d] calls can be compared with the newest, and it takes [%d]. The vectors of the others went with their content, or are of another model than those of the newest; %s"
                        .formatted(
                                left,
                                Drift.LEAST,
                                drifted
                                        ? STANDS
                                        : "another is taken as soon as so many calls of a window are watched"));
    }
}
