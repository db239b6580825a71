package dev.hone.watch;

import dev.hone.improve.Drift;
import dev.hone.improve.Improving;
import dev.hone.store.Database;
import dev.hone.store.WatchLooks;
import dev.hone.store.WatchLooks.Live;
import dev.hone.store.WatchLooks.Reference;
import dev.hone.store.WatchedCalls;
import dev.hone.store.WatchedCalls.Kept;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Against which calls production is held: which these are, when others take their place, and what can be compared with them. */
final class References {
    /** Of a reference so many are looked at, evenly over its time. */
    private static final int MOST = 1_000;

    private static final String HONE = "hone";

    private final WatchedCalls calls;
    private final WatchLooks looks;

    References(Database database) {
        this.calls = new WatchedCalls(database);
        this.looks = new WatchLooks(database);
    }

    /**
     * Takes a reference where there is none, where a version that learned from a later dataset became live, where too little of the one before is left to
     * compare with, and where it is old; the last two alone where nothing has drifted.
     */
    boolean renew(Subject subject, Instant now) {
        UUID useCase = subject.useCase();
        Improving.Drift drift = subject.improving().drift();
        Optional<Reference> found = looks.reference(useCase);
        if (found.isEmpty()) {
            List<Kept> all = kept(useCase, 0, Long.MAX_VALUE);
            boolean spans = !all.isEmpty() && !all.getFirst().recorded().isAfter(now.minus(drift.window()));
            return spans && take(useCase, all, now, HONE, "the first");
        }
        Reference reference = found.get();
        Optional<Live> live = looks.live(useCase, reference.taken());
        if (live.isPresent()) {
            return take(
                    useCase,
                    usual(subject, now),
                    now,
                    HONE,
                    "version %d, which learned from a later dataset, became live at %s"
                            .formatted(live.get().number(), live.get().since()));
        }
        if (looks.drifted(useCase, reference.id()).isPresent()) {
            return false;
        }
        if (calls.comparable(useCase, reference.from(), reference.to()) < Drift.LEAST) {
            return take(
                    useCase,
                    usual(subject, now),
                    now,
                    HONE,
                    "too few calls of the one before could be compared any more");
        }
        return reference.taken().plus(drift.against()).isBefore(now)
                && take(
                        useCase,
                        recent(kept(useCase, reference.to() + 1, Long.MAX_VALUE), now.minus(drift.against())),
                        now,
                        HONE,
                        "the one before was old, and nothing had drifted");
    }

    /** @throws IllegalArgumentException when there are too few */
    void adopt(Subject subject, Instant now, String who, String why) {
        List<Kept> recent = usual(subject, now);
        if (!take(subject.useCase(), recent, now, who, why)) {
            throw new IllegalArgumentException(
                    "Of the window [%d] calls of [%s] are watched, and a reference takes [%d]: wait, or let [sample], [calls-a-day] or [drift.window] of its charter be larger"
                            .formatted(recent.size(), subject.name(), Drift.LEAST));
        }
    }

    /** Calls of the past window; where drift was found those since then, or the newest that make a reference: what was before it is none of it. */
    private List<Kept> usual(Subject subject, Instant now) {
        UUID useCase = subject.useCase();
        List<Kept> window = recent(
                kept(useCase, 0, Long.MAX_VALUE),
                now.minus(subject.improving().drift().window()));
        Optional<Instant> drift =
                looks.reference(useCase).flatMap(reference -> looks.firstDrift(useCase, reference.id()));
        if (drift.isEmpty()) {
            return window;
        }
        List<Kept> since = recent(window, drift.get());
        return since.size() >= Drift.LEAST
                ? since
                : window.subList(Math.max(0, window.size() - Drift.LEAST), window.size());
    }

    private static List<Kept> recent(List<Kept> all, Instant since) {
        return all.stream().filter(one -> !one.recorded().isBefore(since)).toList();
    }

    private boolean take(UUID useCase, List<Kept> from, Instant now, String who, String why) {
        if (from.size() < Drift.LEAST) {
            return false;
        }
        looks.take(useCase, from.getFirst().position(), from.getLast().position(), now, who, why);
        return true;
    }

    /** What of a reference can be compared with the newest calls, in its order. */
    List<Kept> of(UUID useCase, Reference reference) {
        return thinned(kept(useCase, reference.from(), reference.to()));
    }

    /** What came after it. */
    List<Kept> since(UUID useCase, Reference reference) {
        return kept(useCase, reference.to() + 1, Long.MAX_VALUE);
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

    /** Those whose vectors can be compared with the newest. */
    private List<Kept> kept(UUID useCase, long from, long to) {
        return calls.embedder(useCase)
                .map(embedder -> calls.kept(useCase, embedder, from, to))
                .orElse(List.of());
    }

    /** Why nobody can look, where so little of a reference is left; empty where somebody can. */
    Optional<String> trouble(UUID useCase, Reference reference) {
        long left = calls.comparable(useCase, reference.from(), reference.to());
        if (left >= Drift.LEAST) {
            return Optional.empty();
        }
        String then = looks.drifted(useCase, reference.id()).isPresent()
                ? "what was found stands until a version that learned of it is live, or somebody takes now as usual"
                : "another is taken as soon as so many calls of a window are watched";
        return Optional.of(
                "cannot look: of the reference [%d] calls can be compared with the newest, and it takes [%d]. The vectors of the others went with their content, or are of another model than those of the newest; %s"
                        .formatted(left, Drift.LEAST, then));
    }
}
