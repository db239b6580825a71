package dev.hone.watch;

import dev.hone.improve.Queue;
import dev.hone.improve.Regional;
import dev.hone.improve.Vectors;
import dev.hone.store.Database;
import dev.hone.store.WaitingCalls;
import dev.hone.store.WaitingCalls.Candidate;
import dev.hone.store.WatchLooks;
import dev.hone.store.WatchLooks.Reference;
import dev.hone.store.WatchedCalls;
import dev.hone.task.AnswerKey;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Calls that wait for an expert, the most worth first. */
public final class Waiting {
    private static final int PAGE = 1_000;
    private static final int MOST_PAGES = 2;

    /** Of those that somebody labelled, so many of the newest may be asked of somebody else. */
    private static final int MOST_LABELLED = 1_000;

    private final WatchedCalls calls;
    private final WaitingCalls waiting;
    private final WatchLooks looks;
    /** What the reference of each use case asked; made anew when that changes. */
    private final Map<UUID, Known> known = new ConcurrentHashMap<>();

    public Waiting(Database database) {
        this.calls = new WatchedCalls(database);
        this.waiting = new WaitingCalls(database);
        this.looks = new WatchLooks(database);
    }

    private record Known(
            UUID reference, String embedder, @Nullable Regional regions) {}

    /** @param person for whom; null for anybody */
    public List<Queue.Item> of(Subject subject, @Nullable String person, int most, Instant now) {
        UUID useCase = subject.useCase();
        Instant since = now.minus(subject.improving().drift().against());
        Map<UUID, Candidate> candidates = new LinkedHashMap<>();
        for (int page = 0; page < MOST_PAGES; page++) {
            List<Candidate> some = waiting.unlabelled(useCase, since, subject.complaints(), page * PAGE, PAGE);
            some.forEach(one -> candidates.put(one.trace(), one));
            if (some.size() < PAGE) {
                break;
            }
        }
        List<Candidate> labelled = waiting.labelled(useCase, since, subject.complaints(), MOST_LABELLED);
        labelled.forEach(one -> candidates.put(one.trace(), one));
        Set<UUID> disputed = disputed(labelled);
        String embedder = calls.embedder(useCase).orElse("");
        Optional<Regional> regions = regions(useCase, embedder);
        return Queue.of(
                candidates.values().stream()
                        .map(one -> candidate(
                                one,
                                one.embedder().equals(embedder) ? regions : Optional.empty(),
                                disputed.contains(one.trace())))
                        .toList(),
                person,
                subject.improving().secondLabels(),
                most);
    }

    /** Of which two people say otherwise. */
    private Set<UUID> disputed(List<Candidate> labelled) {
        List<UUID> twice = labelled.stream()
                .filter(one -> one.labelledBy().size() == 2)
                .map(Candidate::trace)
                .toList();
        Set<UUID> disputed = new HashSet<>();
        waiting.answers(twice).forEach((trace, answers) -> {
            if (answers.stream().map(AnswerKey::of).distinct().count() > 1) {
                disputed.add(trace);
            }
        });
        return disputed;
    }

    private static Queue.Candidate candidate(Candidate one, Optional<Regional> regions, boolean disputed) {
        byte[] bytes = one.input();
        float[] input = bytes == null ? new float[0] : Vectors.unpack(bytes);
        Double novelty = input.length == 0 || regions.isEmpty()
                ? null
                : Double.valueOf(regions.get().novelty(input));
        return new Queue.Candidate(
                one.trace(),
                input,
                one.uncertainty(),
                one.other() != null,
                novelty,
                one.grade(),
                one.complained(),
                one.labelledBy(),
                one.skippedBy(),
                disputed,
                one.drawn());
    }

    private Optional<Regional> regions(UUID useCase, String embedder) {
        Reference reference = looks.reference(useCase).orElse(null);
        if (reference == null) {
            return Optional.empty();
        }
        Known before = known.get(useCase);
        if (before == null
                || !before.reference().equals(reference.id())
                || !before.embedder().equals(embedder)) {
            before = new Known(
                    reference.id(),
                    embedder,
                    Regional.of(
                                    Watch.sights(References.of(calls, useCase, embedder, reference)),
                                    reference.id().getLeastSignificantBits())
                            .orElse(null));
            known.put(useCase, before);
        }
        return Optional.ofNullable(before.regions());
    }
}
