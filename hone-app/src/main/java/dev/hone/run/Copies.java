package dev.hone.run;

import dev.hone.evaluate.Answers;
import dev.hone.evaluate.NearestSentence;
import dev.hone.evaluate.TextSimilarity;
import dev.hone.model.MiniLm;
import dev.hone.record.Task;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The contenders that copy the answer of the nearest training row: by how it is written, and by what it means. */
final class Copies {
    private Copies() {}

    /**
     * Their answers to tasks.
     *
     * @param offers as of {@link NearestSentence}
     * @param uses as of {@link NearestSentence}
     */
    static List<Answers> answer(
            List<Task> train, List<Task> test, Function<Task, Set<String>> offers, Function<Task, Set<String>> uses) {
        MiniLm miniLm = new MiniLm();
        return List.of(
                new NearestSentence(train, offers, uses, TextSimilarity::ofWriting).answer("nearest sentence", test),
                new NearestSentence(train, offers, uses, texts -> TextSimilarity.ofMeaning(texts, miniLm))
                        .answer("nearest meaning, MiniLM", test));
    }
}
