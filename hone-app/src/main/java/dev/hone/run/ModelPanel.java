package dev.hone.run;

import dev.hone.evaluate.Answers;
import dev.hone.record.SamplingMode;
import dev.hone.train.WorkerSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Lets contenders that are one model answer in one worker, one after the other. */
final class ModelPanel {
    private final SamplingMode mode;
    private final int maxTokens;
    private final int positions;
    private final Demo.Listener listener;
    private long peakMemoryBytes;

    /**
     * @param maxTokens of an answer
     * @param positions of the longest prompt and its answer, about
     */
    ModelPanel(SamplingMode mode, int maxTokens, int positions, Demo.Listener listener) {
        this.mode = mode;
        this.maxTokens = maxTokens;
        this.positions = positions;
        this.listener = listener;
    }

    List<Answers> ask(String model, ModelContender... contenders) throws IOException {
        try (LoadedModel loaded = LoadedModel.open(model, listener);
                WorkerSnapshot snapshot = loaded.sampler(mode, ModelContender.CHUNK, positions)) {
            List<Answers> answers = new ArrayList<>();
            for (ModelContender contender : contenders) {
                answers.add(contender.answer(
                        loaded,
                        snapshot,
                        maxTokens,
                        done -> listener.answered(contender.name(), done, contender.requests())));
            }
            peakMemoryBytes = Math.max(peakMemoryBytes, snapshot.peakMemoryBytes());
            return answers;
        }
    }

    /** Of the largest worker so far. */
    long peakMemoryBytes() {
        return peakMemoryBytes;
    }
}
