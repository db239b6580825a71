package dev.hone.run;

import dev.hone.evaluate.NearestSentence;
import java.util.Optional;

/**
 * Comparing rows with rows, which no plan counts: among some hundreds of rows it takes seconds, and grows with the product of what is compared. Where it is
 * long, that is said before it begins.
 */
final class NearestWork {
    /** Shorter is not worth a word. */
    private static final double LONG_SECONDS = 60;

    /** Of MiniLM, about: 200 texts a second. */
    private static final double EMBEDDING_SECONDS = 1 / 200.0;

    /** How often the neighbours of a row that a model learns beside examples are looked for: to count it, with and without its answer, to teach it, and to reward it. */
    private static final int TIMES_SHOWN = 4;

    private NearestWork() {}

    /** Of the contenders that need no language model. */
    static Optional<String> ofFloors(UseCase useCase, int train, int test) {
        double embedding = EMBEDDING_SECONDS * (train + test);
        double seconds = switch (useCase) {
            case LabelUseCase ignored -> embedding;
            case CallUseCase ignored -> embedding + NearestSentence.seconds(train, test);
            case TextUseCase ignored -> embedding + NearestSentence.seconds(train, test);
        };
        return told(
                seconds,
                "To find what is nearest to each of [%d] judged rows among [%d] takes about [%d] minutes, which are not of the plan; give fewer rows if that is too long",
                test,
                train);
    }

    /** Of the examples that a model is shown. */
    static Optional<String> ofExamples(UseCase useCase, int train, int test) {
        double seconds = useCase instanceof CallUseCase calls && calls.shown() > 0
                ? TIMES_SHOWN * NearestSentence.seconds(train, (long) train + test)
                : 0;
        return told(
                seconds,
                "To find the examples of each of [%d] rows among [%d] takes about [%d] minutes, which are not of the plan; leave out --show, or give fewer rows, if that is too long",
                train + test,
                train);
    }

    private static Optional<String> told(double seconds, String form, int asked, int known) {
        return seconds < LONG_SECONDS
                ? Optional.empty()
                : Optional.of(form.formatted(asked, known, Math.round(seconds / 60)));
    }
}
