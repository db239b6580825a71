package dev.hone.capture.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds secrets by the names of the members that have them, whatever they look like themselves. Names count in any case, and with a blank,
 * {@code _}, {@code .}, {@code -} or nothing between their words.
 */
record TellingKeys() implements Finder {
    /** The whole name. */
    private static final List<String> WHOLE = List.of(
            "token",
            "id token",
            "pwd",
            "credential",
            "credentials",
            "authorization",
            "proxy authorization",
            "cookie",
            "set cookie");

    /** The end of a name, such as of {@code db_password}. */
    private static final List<String> ENDS = List.of(
            "password",
            "passwd",
            "passphrase",
            "passcode",
            "passwort",
            "kennwort",
            "secret",
            "api key",
            "access key",
            "secret key",
            "private key",
            "api token",
            "access token",
            "refresh token",
            "auth token",
            "session token",
            "security token",
            "bearer token");

    private static final Set<String> WHOLE_JOINED =
            WHOLE.stream().map(TellingKeys::joined).collect(Collectors.toSet());

    private static final List<String> ENDS_JOINED =
            ENDS.stream().map(TellingKeys::joined).toList();

    /** Within a text: what stands before the value of such a member in JSON. */
    private static final Pattern MEMBER =
            Pattern.compile("(?i)(?:\"[_ .-]*(?:%s)|(?:%s))[_ .-]*\"\\s*:".formatted(any(WHOLE), any(ENDS)));

    private static final Pattern MENTIONED = Pattern.compile("(?i)(?:%s)[_ .-]*[\"\\\\]"
            .formatted(any(Stream.concat(WHOLE.stream(), ENDS.stream()).toList())));

    /** What stands before a credential, and is none. */
    private static final Pattern SCHEME = Pattern.compile("(?is)^((?:bearer|basic|digest|token|apikey)\\s+)(\\S.*)$");

    private static String any(List<String> names) {
        return names.stream().map(name -> name.replace(" ", "[_ .-]?")).collect(Collectors.joining("|"));
    }

    private static String joined(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[_ .-]", "");
    }

    /** Whether the value of such a member is a secret. */
    static boolean has(String name) {
        String joined = joined(name);
        return WHOLE_JOINED.contains(joined) || ENDS_JOINED.stream().anyMatch(joined::endsWith);
    }

    /** Whether a document that is written in a text may have such a member, whose name may have escapes. */
    static boolean isMentioned(String text) {
        return text.contains("\\u") || MENTIONED.matcher(text).find();
    }

    /** Where the secret begins in the value of such a member. */
    static int secretFrom(String value) {
        Matcher scheme = SCHEME.matcher(value);
        return scheme.find() ? scheme.start(2) : 0;
    }

    @Override
    public String kind() {
        return Secrets.KIND;
    }

    @Override
    public List<Span> find(String text) {
        if (text.indexOf('"') < 0) {
            return List.of();
        }
        List<Span> spans = new ArrayList<>();
        TellingValues values = new TellingValues(text, spans);
        Matcher matcher = MEMBER.matcher(text);
        int from = 0;
        while (from < text.length() && matcher.find(from)) {
            // The quotation mark behind what was read may begin a key.
            from = Math.max(matcher.end(), values.read(matcher.end()) - 1);
        }
        return spans;
    }
}
