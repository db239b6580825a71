package dev.hone.sample;

import dev.hone.model.ModelConfig;
import dev.hone.model.Weights;
import dev.hone.record.DecodeTime;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.record.SamplingMode;
import dev.hone.record.Snapshot;
import dev.hone.tensor.NativeHeap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;

/** Generates with weights in this process. All calls come from one platform thread. */
public final class Generator implements Snapshot {
    /** Rows beyond this gain little on a CPU and cost memory. */
    public static final int DEFAULT_ROWS = 64;

    private static final int CALLS_BETWEEN_TRIMS = 64;

    private final Decoder decoder;
    private final long version;
    private final Detokenizer detokenizer;
    private final TokenGrammars grammars;
    private final int maxRows;
    private final DecodeClock clock = new DecodeClock();
    private int calls;

    /**
     * @param weights may be closed afterwards
     * @param version optimiser steps that the weights have seen
     * @param detokenizer for stop strings
     * @param masks of constraints, over the same vocabulary; those of one thread may share them
     * @param maxRows most samples in flight at once
     */
    public Generator(
            Weights weights,
            SamplingMode mode,
            long version,
            Detokenizer detokenizer,
            ConstraintMasks masks,
            int maxRows) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("A generator needs at least 1 row, not [" + maxRows + "]");
        }
        try (NoGradGuard guard = new NoGradGuard()) {
            decoder = new Decoder(weights, mode, maxRows);
        }
        this.version = version;
        this.detokenizer = detokenizer;
        this.grammars = masks.grammars();
        this.maxRows = maxRows;
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public List<List<Sample>> sample(List<SampleRequest> requests, SampleListener listener) {
        if (requests.isEmpty()) {
            return List.of();
        }
        requests.forEach(this::validate);
        List<Group> groups = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            groups.add(group(i, requests.get(i)));
        }
        int rows = Math.min(
                maxRows, requests.stream().mapToInt(SampleRequest::count).sum());
        int capacity = groups.stream().mapToInt(this::capacity).max().orElseThrow();
        KeyValueCache cache = new KeyValueCache(decoder.config(), rows, capacity, (long) rows * capacity);
        try (NoGradGuard guard = new NoGradGuard();
                Batch batch = new Batch(
                        decoder,
                        rows,
                        cache,
                        detokenizer,
                        clock,
                        (group, index, token, logprob) ->
                                listener.onToken(Math.toIntExact(group.number()), index, token))) {
            Deque<Group> waiting = new ArrayDeque<>(groups);
            while (!waiting.isEmpty() || !batch.isEmpty()) {
                batch.admit(waiting);
                if (!batch.isEmpty()) {
                    batch.step();
                }
            }
        } finally {
            groups.forEach(Group::close);
        }
        calls++;
        if (calls % CALLS_BETWEEN_TRIMS == 0) {
            NativeHeap.trim();
        }
        return groups.stream().map(Group::samples).toList();
    }

    /** A batch that requests join and leave while it goes on; closed before this. */
    public OpenBatch open(BatchLimits limits, OpenBatch.Listener listener) {
        return new OpenBatch(this, limits, listener);
    }

    Decoder decoder() {
        return decoder;
    }

    @Override
    public DecodeTime decodeTime() {
        return clock.time();
    }

    DecodeClock clock() {
        return clock;
    }

    Detokenizer detokenizer() {
        return detokenizer;
    }

    /** @throws IllegalArgumentException when the constraint's schema cannot be followed */
    Group group(long number, SampleRequest request) {
        return new Group(number, request, grammars.of(request.constraint()));
    }

    /** Most entries of the cache that a sample of this group needs: its last token is never computed. */
    int capacity(Group group) {
        ModelConfig config = decoder.config();
        int generated = Math.min(
                group.request().params().maxTokens(),
                config.maxPositions() - group.request().prompt().length);
        return group.ownPromptEntries() + Math.max(1, generated - 1);
    }

    /** @throws IllegalArgumentException when the model cannot take the prompt */
    void validate(SampleRequest request) {
        ModelConfig config = decoder.config();
        if (request.prompt().length >= config.maxPositions()) {
            throw new IllegalArgumentException("A prompt has [%d] tokens, but the model has [%d] positions: shorten it"
                    .formatted(request.prompt().length, config.maxPositions()));
        }
        Arrays.stream(request.prompt())
                .filter(token -> token < 0 || token >= config.vocabulary())
                .findFirst()
                .ifPresent(token -> {
                    throw new IllegalArgumentException(
                            "Token id [%d] of a prompt is outside the model's vocabulary of [%d]"
                                    .formatted(token, config.vocabulary()));
                });
    }

    @Override
    public void close() {
        decoder.close();
        NativeHeap.trim();
    }
}
