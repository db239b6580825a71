package dev.hone.model;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import dev.hone.tensor.ModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Text to token ids and back: Hugging Face's own library, without truncation, padding, or tokens that the text does not
 * contain. Safe for use by many threads; native memory is freed by {@link #close()}.
 */
public final class Tokenizer implements AutoCloseable {
    private static final long MAX_FILE_BYTES = 200L << 20;

    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private final Vocabulary vocabulary;
    private long handle;

    private Tokenizer(long handle, Vocabulary vocabulary) {
        this.handle = handle;
        this.vocabulary = vocabulary;
    }

    /**
     * Reads a {@code tokenizer.json}.
     *
     * @throws ModelFileException if it cannot be read or is not a tokenizer
     */
    public static Tokenizer read(Path tokenizerJson) {
        return parse(text(tokenizerJson), tokenizerJson);
    }

    /** The text of a {@code tokenizer.json}. */
    static String text(Path tokenizerJson) {
        try {
            if (Files.size(tokenizerJson) > MAX_FILE_BYTES) {
                throw new ModelFileException(
                        tokenizerJson,
                        "has [%d] bytes, more than any tokenizer".formatted(Files.size(tokenizerJson)),
                        "download it again");
            }
            return Files.readString(tokenizerJson);
        } catch (NoSuchFileException e) {
            throw new ModelFileException(
                    tokenizerJson, "is missing", "copy the model's tokenizer.json beside its weights", e);
        } catch (IOException e) {
            throw new ModelFileException(
                    tokenizerJson, "cannot be read: " + e.getMessage(), "download the file again", e);
        }
    }

    /**
     * A tokenizer from the text of a {@code tokenizer.json}.
     *
     * @param origin for messages
     */
    public static Tokenizer parse(String json, Path origin) {
        NativeTokenizers.load();
        Vocabulary vocabulary = Vocabulary.parse(json, origin);
        long handle;
        try {
            handle = TokenizersLibrary.LIB.createTokenizerFromString(json);
            TokenizersLibrary.LIB.disableTruncation(handle);
            TokenizersLibrary.LIB.disablePadding(handle);
        } catch (RuntimeException e) {
            throw new ModelFileException(
                    origin,
                    "is not a tokenizer: " + e.getMessage(),
                    "download it again, or convert the model again",
                    e);
        }
        return new Tokenizer(handle, vocabulary);
    }

    /**
     * The ids of a text. Special tokens written in the text become their ids, as Hugging Face does with a rendered chat
     * template; none is added. An unpaired surrogate counts as U+FFFD.
     */
    public int[] encode(String text) {
        String valid = wellFormed(text);
        use.readLock().lock();
        try {
            long encoding = TokenizersLibrary.LIB.encode(open(), valid, false);
            try {
                return Arrays.stream(TokenizersLibrary.LIB.getTokenIds(encoding))
                        .mapToInt(Math::toIntExact)
                        .toArray();
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        } finally {
            use.readLock().unlock();
        }
    }

    /**
     * The ids of a text, as {@link #encode} gives them, and where each comes from.
     *
     * @return characters counted as Java does ({@code char}s)
     */
    LocatedTokens locate(String text) {
        String valid = wellFormed(text);
        use.readLock().lock();
        try {
            long encoding = TokenizersLibrary.LIB.encode(open(), valid, false);
            try {
                return LocatedTokens.of(
                        valid,
                        TokenizersLibrary.LIB.getTokenIds(encoding),
                        TokenizersLibrary.LIB.getTokenCharSpans(encoding),
                        id -> decode(new int[] {id}, false).length());
            } finally {
                TokenizersLibrary.LIB.deleteEncoding(encoding);
            }
        } finally {
            use.readLock().unlock();
        }
    }

    /**
     * The text of ids; bytes that are not UTF-8 become U+FFFD.
     *
     * @param skipSpecial whether special tokens are left out
     * @throws IllegalArgumentException if an id is outside the vocabulary
     */
    public String decode(int[] ids, boolean skipSpecial) {
        long[] wide = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            wide[i] = vocabulary.require(ids[i]);
        }
        use.readLock().lock();
        try {
            return TokenizersLibrary.LIB.decode(open(), wide, skipSpecial);
        } finally {
            use.readLock().unlock();
        }
    }

    /** Decodes ids as they are generated, one character at a time or more, never half of one. */
    public TextStream stream(boolean skipSpecial) {
        return new TextStream(ids -> decode(ids, skipSpecial));
    }

    /** One more than the highest id. The embedding of a model may have more rows. */
    public int vocabularySize() {
        return vocabulary.size();
    }

    /** The id of a token as the vocabulary writes it (a byte-level vocabulary writes a space as {@code Ġ}). */
    public OptionalInt id(String token) {
        return vocabulary.id(token);
    }

    /** The token of an id as the vocabulary writes it; null when the id is not used. */
    public @Nullable String token(int id) {
        return vocabulary.token(id);
    }

    /** The bytes that an id stands for in a text; null for special tokens and ids that are not used. */
    public byte @Nullable [] bytes(int id) {
        return vocabulary.bytes(id);
    }

    /** Whether an id is of a special token, such as the end of a turn. */
    public boolean isSpecial(int id) {
        return vocabulary.isSpecial(id);
    }

    @Override
    public void close() {
        use.writeLock().lock();
        try {
            if (handle != 0) {
                TokenizersLibrary.LIB.deleteTokenizer(handle);
                handle = 0;
            }
        } finally {
            use.writeLock().unlock();
        }
    }

    private long open() {
        if (handle == 0) {
            throw new IllegalStateException("The tokenizer is closed");
        }
        return handle;
    }

    private static String wellFormed(String text) {
        int bad = 0;
        while (bad < text.length() && !unpaired(text, bad)) {
            bad++;
        }
        if (bad == text.length()) {
            return text;
        }
        StringBuilder mended = new StringBuilder(text);
        for (int i = bad; i < text.length(); i++) {
            if (unpaired(text, i)) {
                mended.setCharAt(i, '\uFFFD');
            }
        }
        return mended.toString();
    }

    private static boolean unpaired(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c) && (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1)))
                || Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
