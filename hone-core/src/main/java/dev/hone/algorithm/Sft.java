package dev.hone.algorithm;

import dev.hone.record.Datum;
import dev.hone.record.TokenizedChat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Supervised fine-tuning as data. The loss is {@code -Σ log p(token)} over the trained tokens of a batch, divided by their
 * number in the whole batch: not a mean of means, which would favour short rows.
 */
public final class Sft {
    private final List<TokenizedChat> examples;
    private final SftPlan plan;
    private final int[] positions;
    private final long tokens;
    private final int batchesPerEpoch;

    /** @param examples each with at least one trained token after its first, as {@link #prepare} leaves them */
    public Sft(List<TokenizedChat> examples, SftPlan plan) {
        if (examples.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to train on: no example is left");
        }
        this.examples = List.copyOf(examples);
        this.plan = plan;
        this.positions = examples.stream().mapToInt(Sft::positions).toArray();
        this.tokens = Arrays.stream(positions).asLongStream().sum();
        long batches = (tokens + plan.batchTokens() - 1) / plan.batchTokens();
        this.batchesPerEpoch = Math.toIntExact(Math.min(batches, examples.size()));
    }

    /**
     * What {@link #prepare} kept.
     *
     * @param examples ready to train on
     * @param truncated number whose end was cut off
     * @param dropped number left out because they were too long
     * @param untrained number left out because no token of theirs is trained
     */
    public record Prepared(List<TokenizedChat> examples, int truncated, int dropped, int untrained) {}

    /** Applies the limit on tokens and leaves out what would train nothing. */
    public static Prepared prepare(List<TokenizedChat> all, int maxTokens, OverLong overLong) {
        List<TokenizedChat> kept = new ArrayList<>();
        int truncated = 0;
        int dropped = 0;
        int untrained = 0;
        for (TokenizedChat example : all) {
            boolean tooLong = example.tokens().length > maxTokens;
            if (tooLong && overLong == OverLong.DROP) {
                dropped++;
                continue;
            }
            TokenizedChat fitting = tooLong ? head(example, maxTokens) : example;
            if (lastTrained(fitting) < 1) {
                untrained++;
                continue;
            }
            if (tooLong) {
                truncated++;
            }
            kept.add(fitting);
        }
        return new Prepared(List.copyOf(kept), truncated, dropped, untrained);
    }

    private static TokenizedChat head(TokenizedChat example, int length) {
        return new TokenizedChat(
                Arrays.copyOf(example.tokens(), length),
                Arrays.copyOf(example.trained(), length),
                example.lastTurnOnly());
    }

    private static int lastTrained(TokenizedChat example) {
        int last = example.trained().length - 1;
        while (last >= 0 && !example.trained()[last]) {
            last--;
        }
        return last;
    }

    /** Positions to compute: those up to the one that predicts the last trained token. */
    private static int positions(TokenizedChat example) {
        return lastTrained(example);
    }

    /** Positions of one epoch. */
    public long tokensPerEpoch() {
        return tokens;
    }

    /** Optimiser steps of the whole run, at least one. */
    public long steps() {
        return Math.max(1, Math.round(batchesPerEpoch * plan.epochs()));
    }

    public int batchesPerEpoch() {
        return batchesPerEpoch;
    }

    public SftPlan plan() {
        return plan;
    }

    /** The data of a step, counted from 0: a pure function of examples, plan and step, so a run can go on anywhere. */
    public List<Datum> batch(long step) {
        int[] rows = rows(step);
        int trained = 0;
        for (int row : rows) {
            trained += trainedTokens(examples.get(row));
        }
        List<Datum> batch = new ArrayList<>(rows.length);
        for (int row : rows) {
            batch.add(datum(examples.get(row), 1f / trained));
        }
        return batch;
    }

    /** Indices of the examples of a step: the epoch's shuffled rows, each in the batch that the middle of it falls in. */
    int[] rows(long step) {
        int epoch = Math.toIntExact(step / batchesPerEpoch);
        int wanted = Math.toIntExact(step % batchesPerEpoch);
        int[] order = Shuffle.order(examples.size(), plan.seed(), epoch);
        int[] starts = starts(order);
        return Arrays.copyOfRange(order, starts[wanted], starts[wanted + 1]);
    }

    /** Where each batch of an epoch begins in its order: each has a row at least and about an equal share of the tokens. */
    private int[] starts(int[] order) {
        int[] starts = new int[batchesPerEpoch + 1];
        long before = 0;
        int at = 0;
        for (int batch = 1; batch <= batchesPerEpoch; batch++) {
            double boundary = (double) tokens * batch / batchesPerEpoch;
            while (at < order.length && before + positions[order[at]] / 2.0 < boundary) {
                before += positions[order[at]];
                at++;
            }
            starts[batch] = Math.clamp(at, starts[batch - 1] + 1, order.length - (batchesPerEpoch - batch));
        }
        return starts;
    }

    /** The first token predicts the second, and so on; what follows the last trained token is never computed. */
    private static Datum datum(TokenizedChat example, float weight) {
        int length = positions(example);
        float[] weights = new float[length];
        for (int i = 0; i < length; i++) {
            weights[i] = example.trained()[i + 1] ? weight : 0;
        }
        return new Datum(
                Arrays.copyOf(example.tokens(), length), Arrays.copyOfRange(example.tokens(), 1, length + 1), weights);
    }

    private static int trainedTokens(TokenizedChat example) {
        int count = 0;
        for (int i = 1; i < example.trained().length; i++) {
            if (example.trained()[i]) {
                count++;
            }
        }
        return count;
    }
}
