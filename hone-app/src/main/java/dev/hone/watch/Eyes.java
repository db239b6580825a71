package dev.hone.watch;

import dev.hone.improve.HashedWords;
import dev.hone.model.MiniLm;
import dev.hone.record.Embedder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What sees what is asked as vectors: MiniLM, loaded when it is first wanted, or where its native library cannot be, hashed words. */
public final class Eyes {
    private final boolean wordsAlone;
    private final Consumer<String> trouble;
    private @Nullable Sight sight;

    /**
     * An embedder under its name: vectors of different ones cannot be compared.
     *
     * @param name beside all that it made
     */
    public record Sight(String name, Embedder embedder) {}

    private Eyes(boolean wordsAlone, Consumer<String> trouble) {
        this.wordsAlone = wordsAlone;
        this.trouble = trouble;
    }

    /** @param trouble hears when the model cannot be loaded */
    public static Eyes ofMeaning(Consumer<String> trouble) {
        return new Eyes(false, trouble);
    }

    /** Of words alone, without any model. */
    public static Eyes ofWords() {
        return new Eyes(true, text -> {});
    }

    synchronized Sight open() {
        Sight open = sight;
        if (open == null) {
            open = wordsAlone ? words() : meaning();
            sight = open;
        }
        return open;
    }

    private static Sight words() {
        return new Sight("hashed-words", new HashedWords());
    }

    private Sight meaning() {
        try {
            return new Sight("all-minilm-l6-v2-q", new MiniLm());
        } catch (LinkageError | RuntimeException e) {
            trouble.accept("Calls are watched by their words alone, since MiniLM cannot be loaded: " + e.getMessage());
            return words();
        }
    }
}
