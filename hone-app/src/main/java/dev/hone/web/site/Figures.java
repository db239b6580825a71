package dev.hone.web.site;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How figures are written. What nobody knows is a dash. */
public final class Figures {
    private static final String UNKNOWN = "–";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Figures() {}

    public static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    public static String count(@Nullable Long value) {
        return value == null ? UNKNOWN : count((long) value);
    }

    /** For the query of an address. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** For a segment of an address. */
    public static String segment(String text) {
        return encoded(text).replace("+", "%20");
    }

    public static String share(long part, long whole) {
        return whole == 0 ? UNKNOWN : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }

    /** Three digits, and the unit that suits. */
    public static String millis(@Nullable Double value) {
        if (value == null) {
            return UNKNOWN;
        }
        return value < 1000
                ? digits(value) + " ms"
                : value < 60_000 ? digits(value / 1000) + " s" : digits(value / 60_000) + " min";
    }

    /** Two digits at least behind the point, and three that count. */
    public static String money(@Nullable BigDecimal value, @Nullable String currency) {
        if (value == null) {
            return UNKNOWN;
        }
        BigDecimal rounded = value.round(new MathContext(3, RoundingMode.HALF_UP));
        BigDecimal shown = value.abs().compareTo(BigDecimal.ONE) >= 0 || value.signum() == 0
                ? value.setScale(2, RoundingMode.HALF_UP)
                : rounded.scale() < 2 ? rounded.setScale(2, RoundingMode.UNNECESSARY) : rounded;
        return String.format(Locale.ROOT, "%,." + shown.scale() + "f", shown)
                + (currency == null ? "" : " " + currency);
    }

    /** Each currency by itself. */
    public static String money(Map<String, BigDecimal> spend) {
        return spend.isEmpty()
                ? UNKNOWN
                : new TreeMap<>(spend)
                        .entrySet().stream()
                                .map(entry -> money(entry.getValue(), entry.getKey()))
                                .collect(Collectors.joining(" + "));
    }

    public static String number(double value, int digits) {
        return Double.isNaN(value) ? UNKNOWN : String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    private static String digits(double value) {
        return number(value, value < 10 ? 2 : value < 100 ? 1 : 0);
    }

    /** In UTC. */
    public static String time(@Nullable Instant time) {
        return time == null ? UNKNOWN : TIME.format(time);
    }

    /** How long ago, roughly. */
    public static String ago(Instant time, Instant now) {
        Duration ago = Duration.between(time, now);
        long seconds = Math.max(0, ago.toSeconds());
        return seconds < 60
                ? seconds + " s ago"
                : seconds < 3600
                        ? seconds / 60 + " min ago"
                        : seconds < 86_400 ? seconds / 3600 + " h ago" : seconds / 86_400 + " d ago";
    }
}
