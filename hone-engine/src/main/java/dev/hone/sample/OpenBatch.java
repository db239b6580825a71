package dev.hone.sample;

import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.tensor.NativeHeap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * Samples drawn together, one token of each a step, where requests join and leave at any step. They start in the order in
 * which they came, each as soon as there is room for it to become as long as it may. All calls come from one platform thread.
 */
public final class OpenBatch implements AutoCloseable {
    private static final int FIRST_ENTRIES = 256;
    private static final int REQUESTS_BETWEEN_TRIMS = 64;

    private final Generator generator;
    private final BatchLimits limits;
    private final Listener listener;
    private final Batch batch;
    private final Deque<Group> waiting = new ArrayDeque<>();
    private final Deque<Group> starting = new ArrayDeque<>();
    private final List<Group> started = new ArrayList<>();
    private int requests;

    /** Hears what becomes of the requests. */
    public interface Listener {
        /**
         * Called once a token.
         *
         * @param index which of the request's samples
         * @param logprob as in {@link Sample#logprobs}
         */
        void drawn(long request, int index, int token, float logprob);

        /** Called once a request that was not cancelled. */
        void ended(long request, List<Sample> samples);
    }

    OpenBatch(Generator generator, BatchLimits limits, Listener listener) {
        this.generator = generator;
        this.limits = limits;
        this.listener = listener;
        int entries = (int) Math.min(limits.entries(), FIRST_ENTRIES);
        KeyValueCache cache = new KeyValueCache(generator.decoder().config(), 1, entries, limits.entries());
        batch = new Batch(
                generator.decoder(),
                limits.rows(),
                cache,
                generator.detokenizer(),
                generator.clock(),
                (group, index, token, logprob) -> listener.drawn(group.number(), index, token, logprob));
    }

    /**
     * Lets a request join.
     *
     * @param number that no other in the batch has
     * @throws IllegalArgumentException when the model cannot take it, or it could never have the room that it needs
     */
    public void add(long number, SampleRequest request) {
        generator.validate(request);
        Group group = generator.group(number, request);
        long needed = (long) Math.min(request.count(), limits.rows()) * room(group);
        if (needed > limits.entries()) {
            throw new IllegalArgumentException(
                    "A request for [%d] samples of [%d] positions needs [%d] of the batch's [%d]: ask for fewer or shorter ones"
                            .formatted(request.count(), room(group), needed, limits.entries()));
        }
        waiting.add(group);
    }

    /** Takes a request out, whatever has become of it. */
    public void cancel(long number) {
        waiting.removeIf(group -> group.number() == number);
        for (Group group : List.copyOf(started)) {
            if (group.number() == number) {
                starting.remove(group);
                batch.cancel(group);
                started.remove(group);
                group.close();
            }
        }
    }

    /** Whether there is nothing to compute. */
    public boolean isIdle() {
        return waiting.isEmpty() && started.isEmpty();
    }

    /** Lets those begin that there is room for, and draws a token of every sample. */
    public void step() {
        try (NoGradGuard guard = new NoGradGuard()) {
            while (!waiting.isEmpty() && hasRoom(waiting.getFirst())) {
                Group group = waiting.removeFirst();
                started.add(group);
                starting.add(group);
            }
            batch.admit(starting);
            if (!batch.isEmpty()) {
                batch.step();
            }
        }
        for (Group group : List.copyOf(started)) {
            if (group.isFinished()) {
                started.remove(group);
                listener.ended(group.number(), group.samples());
                requests++;
                if (requests % REQUESTS_BETWEEN_TRIMS == 0) {
                    NativeHeap.trim();
                }
            }
        }
    }

    private boolean hasRoom(Group next) {
        if (started.isEmpty()) {
            return true;
        }
        int rows = next.request().count();
        long longest = room(next);
        for (Group group : started) {
            rows += group.request().count();
            longest = Math.max(longest, room(group));
        }
        return rows <= limits.rows() && rows * longest <= limits.entries();
    }

    /** Entries that one of its samples may come to need, its prompt among them even where the samples share it. */
    private int room(Group group) {
        return generator.capacity(group) + (group.shared() ? group.request().prompt().length : 0);
    }

    @Override
    public void close() {
        started.forEach(Group::close);
        batch.close();
    }
}
