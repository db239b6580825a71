package dev.hone.capture.feedback;

import dev.hone.capture.gateway.CallCodec;
import dev.hone.capture.journal.Batch;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.record.CapturedCall;
import dev.hone.record.Feedback;
import dev.hone.store.Feedbacks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the journal has and the database has not yet: which traces, and what callers call their feedback. Reads the journal on when it is
 * asked, from where the database is, and forgets what has arrived there. Of bounded size: what does not fit into it is unknown.
 */
final class Undrained {
    private static final long PIECE_BYTES = 4L << 20;
    private static final int MOST_NAMES = 1_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Journal journal;
    private final Supplier<Position> drained;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private Position position = Position.START;
    private int names;

    /** A name in a project. */
    private record Name<T>(String project, T name) {}

    /** What stands in the journal up to a place. */
    private static final class Piece {
        private final Position end;
        private final Map<Name<UUID>, Feedbacks.Target> traces = new HashMap<>();
        private final Set<Name<Feedbacks.Episode>> episodes = new HashSet<>();
        private final Map<Name<String>, String> fingerprints = new HashMap<>();

        Piece(Position end) {
            this.end = end;
        }

        int names() {
            return traces.size() + episodes.size() + fingerprints.size();
        }
    }

    /** @param drained before which everything is in the database */
    Undrained(Journal journal, Supplier<Position> drained) {
        this.journal = journal;
        this.drained = drained;
    }

    /** Reads on to the end of the journal. */
    private boolean catchUp() throws IOException {
        long from = System.nanoTime();
        Position end = journal.end();
        forget();
        while (position.compareTo(end) < 0) {
            if (names >= MOST_NAMES || System.nanoTime() - from > PATIENCE.toNanos()) {
                return false;
            }
            Position before = position;
            read();
            forget();
            if (position.equals(before)) {
                return true;
            }
        }
        return true;
    }

    private void forget() {
        Position arrived = drained.get();
        while (!pieces.isEmpty() && pieces.getFirst().end.compareTo(arrived) <= 0) {
            names -= pieces.removeFirst().names();
        }
        if (position.compareTo(arrived) < 0) {
            position = arrived;
        }
    }

    private void read() throws IOException {
        Batch batch;
        try {
            batch = journal.read(position, PIECE_BYTES);
        } catch (IOException e) {
            if (drained.get().compareTo(position) > 0) {
                // The segment went into the database meanwhile, and away.
                return;
            }
            throw e;
        }
        Piece piece = new Piece(batch.next());
        batch.records().forEach(record -> add(piece, record));
        position = batch.next();
        pieces.addLast(piece);
        names += piece.names();
    }

    private void add(Piece piece, byte[] record) {
        try {
            if (FeedbackCodec.isFeedback(record)) {
                for (Feedback one : FeedbackCodec.decode(record)) {
                    if (one.callerId() != null) {
                        piece.fingerprints.putIfAbsent(new Name<>(one.project(), one.callerId()), one.fingerprint());
                    }
                }
                return;
            }
            CapturedCall.Facts facts = CallCodec.facts(record);
            String useCase = facts.useCase() ? facts.route() : null;
            String owner = facts.origin().project();
            piece.traces.put(
                    new Name<>(owner, facts.id()),
                    new Feedbacks.Target(useCase, facts.origin().episode()));
            if (useCase != null && facts.origin().episode() != null) {
                piece.episodes.add(new Name<>(
                        owner, new Feedbacks.Episode(useCase, facts.origin().episode())));
            }
        } catch (IllegalArgumentException e) {
            // Nobody's trace: the drain puts it aside, and tells.
        }
    }

    /**
     * What a project has here of what is asked for, after reading on. Whoever asks this first and the database then misses nothing that
     * goes from here to there meanwhile.
     *
     * @param complete whether everything that is not in the database is known
     */
    record Known(Feedbacks.Found found, boolean complete) {}

    Known look(
            String owner, Collection<UUID> traces, Collection<Feedbacks.Episode> episodes, Collection<String> callerIds)
            throws IOException {
        lock.lock();
        try {
            boolean complete = catchUp();
            Map<UUID, Feedbacks.Target> targets = new HashMap<>();
            traces.forEach(trace -> find(piece -> piece.traces.get(new Name<>(owner, trace)))
                    .ifPresent(target -> targets.put(trace, target)));
            Set<Feedbacks.Episode> there = new HashSet<>();
            episodes.forEach(
                    episode -> find(piece -> piece.episodes.contains(new Name<>(owner, episode)) ? episode : null)
                            .ifPresent(there::add));
            Map<String, String> fingerprints = new HashMap<>();
            callerIds.forEach(id -> find(piece -> piece.fingerprints.get(new Name<>(owner, id)))
                    .ifPresent(fingerprint -> fingerprints.put(id, fingerprint)));
            return new Known(new Feedbacks.Found(targets, there, fingerprints), complete);
        } finally {
            lock.unlock();
        }
    }

    private <T> Optional<T> find(Function<Piece, @Nullable T> inPiece) {
        for (Piece piece : pieces) {
            T found = inPiece.apply(piece);
            if (found != null) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }
}
