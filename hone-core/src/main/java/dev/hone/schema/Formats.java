package dev.hone.schema;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The texts of the keyword {@code format}, as automata. Each is within what its standard allows (RFC 3339, 5321, 9562, 2673), so that
 * readers of the text agree: no leap seconds, offsets up to 17:59, addresses with a dot and a country's or a common top-level domain.
 */
final class Formats {
    private static final String DATE = "(?:\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])"
            + "|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))"
            + "|(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";
    private static final String TIME =
            "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?(?:Z|[+-](?:0\\d|1[0-7]):[0-5]\\d)";
    private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}";
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,28}[A-Za-z0-9])?";
    private static final String TOP =
            "com|org|net|edu|gov|mil|int|info|biz|name|pro|app|dev|cloud|online|shop|site|store|tech|xyz|club"
                    + "|a[c-gilmoq-uwxz]|b[abd-jmnorstvwyz]|c[acdf-ik-oru-z]|d[ejkmoz]|e[cegr-u]|f[i-kmor]|g[abd-il-np-uwy]"
                    + "|h[kmnrtu]|i[del-oq-t]|j[emop]|k[eg-imnprwyz]|l[abcikr-vy]|m[acdeghk-z]|n[acefgilopruz]|om|p[ae-hk-nrstwy]|qa"
                    + "|r[eosuw]|s[a-eg-jk-orstuvx-z]|t[cdfghj-ortvwz]|u[agksyz]|v[aceginu]|w[fs]|y[et]|z[amw]";

    private static final Map<String, String> PATTERNS = new TreeMap<>(Map.of(
            "date",
            DATE,
            "time",
            TIME,
            "date-time",
            DATE + "T" + TIME,
            "email",
            "%s(?:\\.%s){0,2}@(?:%s\\.){1,3}(?:%s)".formatted(ATOM, ATOM, LABEL, TOP),
            "uuid",
            "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
            "ipv4",
            BYTE + "(?:\\." + BYTE + "){3}"));

    private static final Map<String, Automaton> COMPILED = new ConcurrentHashMap<>();

    private Formats() {}

    static List<String> names() {
        return List.copyOf(PATTERNS.keySet());
    }

    /** @throws SchemaException when there is no such format */
    static Automaton of(String name, String place) {
        String pattern = PATTERNS.get(name);
        if (pattern == null) {
            throw new SchemaException(
                    "[format] at [%s] is [%s], which is not supported in constrained answers; supported are: %s"
                            .formatted(place, name, PATTERNS.keySet().stream().collect(Collectors.joining(", "))));
        }
        return COMPILED.computeIfAbsent(
                name, any -> Objects.requireNonNull(PatternCompiler.compile("^(?:" + pattern + ")$", place)));
    }
}
