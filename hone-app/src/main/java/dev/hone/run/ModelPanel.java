package dev.hone.run;

import dev.hone.evaluate.Answers;
import dev.hone.record.SamplingMode;
import dev.hone.train.WorkerSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lets contenders that are one model answer in one worker, one after the other, and keeps what they said. */
final class ModelPanel {
    private final SamplingMode mode;
    private final int maxTokens;
    private final int positions;
    private final AnswersFile kept;
    private final Loop.Listener listener;
    private long peakMemoryBytes;

    /** @param kept what was answered before, and where to put what is answered now */
    ModelPanel(SamplingMode mode, UseCase useCase, AnswersFile kept, Loop.Listener listener) {
        this.mode = mode;
        this.maxTokens = useCase.maxTokens();
        this.positions = useCase.positions();
        this.kept = kept;
        this.listener = listener;
    }

    List<Answers> ask(String model, ModelContender... contenders) throws IOException {
        try (LoadedModel loaded = LoadedModel.open(model, listener)) {
            String who = loaded.hash();
            List<ModelContender> silent = new ArrayList<>();
            for (ModelContender one : contenders) {
                if (given(one, loaded, who).isEmpty()) {
                    silent.add(one);
                }
            }
            if (!silent.isEmpty()) {
                answer(loaded, who, silent);
            }
            List<Answers> answers = new ArrayList<>();
            for (ModelContender one : contenders) {
                answers.add(given(one, loaded, who).orElseThrow());
            }
            return answers;
        }
    }

    private Optional<Answers> given(ModelContender contender, LoadedModel model, String who) throws IOException {
        return kept.read(contender.name(), contender.identity(model, maxTokens, who));
    }

    private void answer(LoadedModel loaded, String who, List<ModelContender> contenders) throws IOException {
        try (WorkerSnapshot snapshot = loaded.sampler(mode, ModelContender.CHUNK, positions)) {
            for (ModelContender contender : contenders) {
                Answers answers = contender.answer(
                        loaded,
                        snapshot,
                        maxTokens,
                        done -> listener.answered(contender.name(), done, contender.requests()));
                kept.write(answers, contender.identity(loaded, maxTokens, who));
            }
            peakMemoryBytes = Math.max(peakMemoryBytes, snapshot.peakMemoryBytes());
        }
    }

    /** Of the largest worker so far. */
    long peakMemoryBytes() {
        return peakMemoryBytes;
    }
}
