package dev.hone.sample;

import dev.hone.model.ModelConfig;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.tensor.Ownership;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One request in flight. With several samples, keys and values of its prompt exist once and are shared; with one, they are
 * in the sample's own row of the cache. K = key-value heads, D = head size, P = prompt length.
 */
final class Group implements AutoCloseable {
    private final long number;
    private final SampleRequest request;
    private final @Nullable TokenGrammar grammar;
    private final Sample[] samples;
    private final Ownership owned = new Ownership();
    private final List<Tensor> keyValues = new ArrayList<>();
    private float[] firstLogits = {};
    private int promptRow;
    private int started;
    private int finished;

    /**
     * @param number of the request, for whoever asked
     * @param grammar of its constraint, or null
     */
    Group(long number, SampleRequest request, @Nullable TokenGrammar grammar) {
        this.grammar = grammar;
        this.number = number;
        this.request = request;
        this.samples = new Sample[request.count()];
    }

    long number() {
        return number;
    }

    SampleRequest request() {
        return request;
    }

    @Nullable
    TokenGrammar grammar() {
        return grammar;
    }

    /** Whether the prompt's keys and values are shared by the samples. */
    boolean shared() {
        return request.count() > 1;
    }

    /** Entries of the cache that the prompt takes in a sample's own row. */
    int ownPromptEntries() {
        return shared() ? 0 : request.prompt().length;
    }

    /** Logits after the prompt. Empty before it was computed. */
    float[] firstLogits() {
        return firstLogits;
    }

    /** Row of the cache that holds the prompt of an unshared group until its sample starts. */
    int promptRow() {
        return promptRow;
    }

    void prefilled(float[] logits, int row) {
        firstLogits = logits;
        promptRow = row;
    }

    /** Keeps the prompt's keys and values of the next layer. Shape: (P, 2·K·D) */
    void share(Tensor keyValue) {
        keyValues.add(owned.keep(keyValue));
    }

    /** Shape: (1, K, P, D) */
    Tensor keys(int layer, ModelConfig config) {
        return heads(layer, config, 0);
    }

    /** Shape: (1, K, P, D) */
    Tensor values(int layer, ModelConfig config) {
        return heads(layer, config, config.keyValueWidth());
    }

    private Tensor heads(int layer, ModelConfig config, int offset) {
        return keyValues
                .get(layer)
                .narrow(1, offset, config.keyValueWidth())
                .view(1, request.prompt().length, config.keyValueHeads(), config.headSize())
                .permute(0, 2, 1, 3);
    }

    boolean hasMore() {
        return started < request.count();
    }

    /** Number of the next sample. */
    int start() {
        return started++;
    }

    void finish(int index, Sample sample) {
        samples[index] = sample;
        finished++;
        if (isFinished()) {
            close();
        }
    }

    boolean isFinished() {
        return finished == samples.length;
    }

    List<Sample> samples() {
        return List.of(samples);
    }

    @Override
    public void close() {
        owned.close();
        keyValues.clear();
        firstLogits = new float[0];
    }
}
