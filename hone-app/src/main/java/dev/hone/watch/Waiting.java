package dev.hone.watch;

import dev.hone.improve.Queue;
import dev.hone.improve.Regional;
import dev.hone.improve.Vectors;
import dev.hone.store.Database;
import dev.hone.store.WatchLooks;
import dev.hone.store.WatchLooks.Reference;
import dev.hone.store.WatchedCalls;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Calls that wait for an expert, the most worth first. */
public final class Waiting {
    /** Of the newest: each is held against all others. */
    private static final int MOST_CANDIDATES = 600;

    private final WatchedCalls calls;
    private final WatchLooks looks;
    /** What the reference of each use case asked; made anew when that changes. */
    private final Map<UUID, Known> known = new ConcurrentHashMap<>();

    public Waiting(Database database) {
        this.calls = new WatchedCalls(database);
        this.looks = new WatchLooks(database);
    }

    private record Known(
            UUID reference, String embedder, @Nullable Regional regions) {}

    /** @param person for whom; null for anybody */
    public List<Queue.Item> of(Subject subject, @Nullable String person, int most, Instant now) {
        List<WatchedCalls.Candidate> candidates = calls.candidates(
                subject.useCase(),
                now.minus(subject.improving().drift().against()),
                subject.complaints(),
                MOST_CANDIDATES);
        String embedder = candidates.isEmpty() ? "" : candidates.getFirst().embedder();
        Optional<Regional> regions = regions(subject.useCase(), embedder);
        return Queue.of(
                candidates.stream()
                        .map(one -> candidate(one, one.embedder().equals(embedder) ? regions : Optional.empty()))
                        .toList(),
                person,
                subject.improving().secondLabels(),
                most);
    }

    private static Queue.Candidate candidate(WatchedCalls.Candidate one, Optional<Regional> regions) {
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
                one.skippedBy());
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
                                    Watch.sights(References.thinned(
                                            calls.kept(useCase, embedder, reference.from(), reference.to()))),
                                    reference.id().getLeastSignificantBits())
                            .orElse(null));
            known.put(useCase, before);
        }
        return Optional.ofNullable(before.regions());
    }
}
