package dev.hone.run;

import dev.hone.evaluate.Answers;
import dev.hone.record.SamplingMode;
import dev.hone.train.WorkerSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Lets contenders that are one model answer in one worker, one after the other, and keeps what they said. */
public final class ModelPanel {
    private final SamplingMode mode;
    private final int maxTokens;
    private final int positions;
    private final AnswersFile kept;
    private final Loop.Listener listener;
    private long peakMemoryBytes;

    /** @param kept what was answered before, and where to put what is answered now */
    public ModelPanel(SamplingMode mode, UseCase useCase, AnswersFile kept, Loop.Listener listener) {
        this.mode = mode;
        this.maxTokens = useCase.maxTokens();
        this.positions = useCase.positions();
        this.kept = kept;
        this.listener = listener;
    }

    /** @param identity of everything that decides the contender's answers */
    private record Asked(ModelContender contender, String identity) {}

    /**
     * Asks those who have not answered yet.
     *
     * @param stop whether to stop at the next request
     * @return nothing when stopped
     */
    public Optional<List<Answers>> ask(String model, BooleanSupplier stop, ModelContender... contenders)
            throws IOException {
        try (LoadedModel loaded = LoadedModel.open(model, listener)) {
            String who = loaded.hash();
            List<Asked> asked = new ArrayList<>();
            List<Asked> silent = new ArrayList<>();
            for (ModelContender contender : contenders) {
                Asked one = new Asked(contender, contender.identity(loaded, maxTokens, who));
                asked.add(one);
                if (given(one).isEmpty()) {
                    silent.add(one);
                }
            }
            if (!silent.isEmpty() && !answer(loaded, silent, stop)) {
                return Optional.empty();
            }
            List<Answers> answers = new ArrayList<>();
            for (Asked one : asked) {
                answers.add(given(one).orElseThrow());
            }
            return Optional.of(answers);
        }
    }

    private Optional<Answers> given(Asked asked) throws IOException {
        return kept.read(asked.contender().name(), asked.identity());
    }

    /** @return whether all did */
    private boolean answer(LoadedModel loaded, List<Asked> silent, BooleanSupplier stop) throws IOException {
        try (WorkerSnapshot snapshot = loaded.sampler(mode, ModelContender.CHUNK, positions)) {
            for (Asked one : silent) {
                ModelContender contender = one.contender();
                Optional<Answers> answers = contender.answer(
                        loaded,
                        snapshot,
                        maxTokens,
                        done -> listener.answered(contender.name(), done, contender.requests()),
                        stop);
                if (answers.isEmpty()) {
                    return false;
                }
                kept.write(answers.get(), one.identity());
            }
            peakMemoryBytes = Math.max(peakMemoryBytes, snapshot.peakMemoryBytes());
            return true;
        }
    }

    /** Of the largest worker so far. */
    public long peakMemoryBytes() {
        return peakMemoryBytes;
    }
}
