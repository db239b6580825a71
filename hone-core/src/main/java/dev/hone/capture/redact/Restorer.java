package dev.hone.capture.redact;

import com.google.re2j.Matcher;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Puts back into an answer what its tokens stand for, also where a token comes in pieces. Of one answer, on one thread. */
public final class Restorer {
    /** Of the longest token. */
    private static final int LONGEST = 42;

    private final Pseudonyms pseudonyms;
    private final UnaryOperator<String> written;
    private String held = "";

    public Restorer(Pseudonyms pseudonyms) {
        this(pseudonyms, UnaryOperator.identity());
    }

    /** @param written how an original is written where the answer has it: within JSON, for instance */
    public Restorer(Pseudonyms pseudonyms, UnaryOperator<String> written) {
        this.pseudonyms = pseudonyms;
        this.written = written;
    }

    /** A whole text at once. */
    public String whole(String text) {
        return push(text) + end();
    }

    /** The next piece of the answer, but for an end that may become a token. */
    public String push(String piece) {
        String text = held + piece;
        int open = text.lastIndexOf('<');
        boolean mayGoOn = open >= 0 && text.length() - open < LONGEST && mayBegin(text.substring(open));
        held = mayGoOn ? text.substring(open) : "";
        return restored(mayGoOn ? text.substring(0, open) : text);
    }

    /** What was held back, at the end of the answer. */
    public String end() {
        String rest = held;
        held = "";
        return restored(rest);
    }

    /** Whether a text may be the beginning of a token, and is none yet. */
    private static boolean mayBegin(String text) {
        for (int i = 1; i < text.length(); i++) {
            char letter = text.charAt(i);
            boolean fits = letter >= 'A' && letter <= 'Z' || i > 1 && (letter >= '0' && letter <= '9' || letter == '_');
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private String restored(String text) {
        Matcher matcher = Redaction.TOKEN.matcher(text);
        StringBuilder restored = new StringBuilder();
        int from = 0;
        while (matcher.find()) {
            @Nullable String original = pseudonyms.original(matcher.group());
            restored.append(text, from, matcher.start())
                    .append(original == null ? matcher.group() : written.apply(original));
            from = matcher.end();
        }
        return restored.append(text, from, text.length()).toString();
    }
}
