package dev.hone.capture.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Finds one kind of text that must not be stored. Takes time in proportion to the text, whatever it is. */
public sealed interface Finder permits Finder.Expression, Iban, Phone, TellingKeys {
    /** Its tokens' name, in capital letters. */
    String kind();

    /** All places, from the first on; none overlaps another. */
    List<Span> find(String text);

    /**
     * A place.
     *
     * @param end after its last character
     * @param same equal where two places mean the same, however they are written
     * @param written what stands there, where the text has it with escapes; null where it is as it stands there
     */
    record Span(
            int start,
            int end,
            String kind,
            String same,
            @Nullable String written) {
        Span(int start, int end, String kind, String same) {
            this(start, end, kind, same, null);
        }

        /** What stands there. @param all in which it was found */
        String text(String all) {
            return written == null ? all.substring(start, end) : written;
        }
    }

    /**
     * By a regular expression, which RE2 runs in linear time.
     *
     * @param clue whether a text may have one ({@link Clues})
     * @param pattern whose first group is the place; the whole match where it has none
     * @param check whether a match is one
     * @param same what is equal for texts that mean the same
     */
    record Expression(
            String kind, Predicate<String> clue, Pattern pattern, Predicate<String> check, UnaryOperator<String> same)
            implements Finder {
        @Override
        public List<Span> find(String text) {
            if (!clue.test(text)) {
                return List.of();
            }
            List<Span> spans = new ArrayList<>();
            Matcher matcher = pattern.matcher(text);
            int group = pattern.groupCount() == 0 ? 0 : 1;
            while (matcher.find()) {
                String found = matcher.group(group);
                if (found != null && !found.isEmpty() && check.test(found)) {
                    spans.add(new Span(matcher.start(group), matcher.end(group), kind, same.apply(found)));
                }
            }
            return spans;
        }
    }

    /** Addresses of e-mail, as people write them. */
    static Finder email() {
        return new Expression(
                "EMAIL",
                Clues.any("@"),
                Pattern.compile(
                        "[\\pL\\pN._%+'-]+@[\\pL\\pN](?:[\\pL\\pN-]*[\\pL\\pN])?(?:\\.[\\pL\\pN](?:[\\pL\\pN-]*[\\pL\\pN])?)+"),
                found -> found.length() <= 320,
                found -> found.toLowerCase(Locale.ROOT));
    }

    /** Numbers of payment cards: 13 to 19 digits of an issuer that exists, with a valid check digit (Luhn). */
    static Finder card() {
        return new Expression(
                "CARD",
                Clues.digits(13),
                Pattern.compile("\\b[2-6]\\d{3}[ -]?\\d{4,6}[ -]?\\d{4,5}(?:[ -]?\\d{1,4})?(?:[ -]?\\d{1,3})?\\b"),
                found -> CheckDigits.isCard(CheckDigits.digits(found)),
                CheckDigits::digits);
    }

    /** Numbers of bank accounts: an IBAN of a country's length, with valid check digits (ISO 13616). */
    static Finder iban() {
        return new Iban();
    }

    /** A kind of one's own. */
    static Finder custom(String kind, String pattern) {
        if (!kind.matches("[A-Z][A-Z0-9_]{0,29}")) {
            throw new IllegalArgumentException(
                    "[%s] is no name of a kind: write capital letters, digits and underscores, a letter first"
                            .formatted(kind));
        }
        try {
            Pattern compiled = Pattern.compile(pattern);
            if (compiled.matcher("").find()) {
                throw new IllegalArgumentException(
                        "The pattern [%s] of [%s] matches nothing at all, and so everywhere: let it ask for a character"
                                .formatted(pattern, kind));
            }
            return new Expression(kind, Clues.NONE, compiled, found -> true, found -> found);
        } catch (com.google.re2j.PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "The pattern [%s] of [%s] is none that RE2 knows: %s".formatted(pattern, kind, e.getMessage()), e);
        }
    }
}
