package dev.hone.capture.redact;

import java.util.ArrayList;
import java.util.List;

/** What a use case does not store, kind by kind, as its charter names them. */
public final class RedactionKinds {
    private static final List<String> KNOWN = List.of("email", "phone", "card", "iban", "secret");

    private final List<Finder> finders = new ArrayList<>();

    /** A kind that Hone knows. */
    public void add(String kind) {
        switch (kind) {
            case "email" -> finders.add(Finder.email());
            case "phone" -> finders.add(new Phone(List.of()));
            case "card" -> finders.add(Finder.card());
            case "iban" -> finders.add(Finder.iban());
            case "secret" -> finders.addAll(Secrets.finders());
            default ->
                throw new IllegalArgumentException(
                        "There is no kind [%s]: known are %s, and one of your own needs a pattern"
                                .formatted(kind, KNOWN));
        }
    }

    /** A kind with countries, whose telephone numbers are written without a country code. */
    public void add(String kind, List<String> countries) {
        if (!kind.equals("phone")) {
            throw new IllegalArgumentException("[%s] has no countries: only [phone] has".formatted(kind));
        }
        finders.add(new Phone(countries));
    }

    /** A kind of one's own, by a regular expression. */
    public void add(String kind, String pattern) {
        if (KNOWN.contains(kind)) {
            throw new IllegalArgumentException("[%s] is a kind that Hone knows, and takes no pattern".formatted(kind));
        }
        finders.add(Finder.custom(kind, pattern));
    }

    public Redaction redaction() {
        return new Redaction(finders);
    }
}
