package dev.hone.capture.gateway;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** What stands behind the question mark of an address: fields of known names, each once unless it may be given again. */
final class QueryFields {
    private final Fields fields;

    private QueryFields(Fields fields) {
        this.fields = fields;
    }

    /** @throws GatewayRefusal when it cannot be read, or has a field that is none of the known ones */
    static QueryFields read(Request request, List<String> known) {
        Fields fields;
        try {
            fields = Request.extractQueryParameters(request);
        } catch (RuntimeException e) {
            throw GatewayRefusal.of(
                    400, "invalid_value", "What stands behind [?] cannot be read: write UTF-8 in percent signs");
        }
        for (Fields.Field field : fields) {
            if (!known.contains(field.getName())) {
                throw GatewayRefusal.at(
                        400,
                        "unknown_parameter",
                        shown(field.getName()),
                        "There is no parameter [%s], but %s".formatted(shown(field.getName()), known));
            }
            for (String value : field.getValues()) {
                if (value.isBlank() || value.indexOf('\0') >= 0) {
                    throw invalid(field.getName(), "is empty, or has U+0000: write a value, or leave it out");
                }
            }
        }
        return new QueryFields(fields);
    }

    private static String shown(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    /** @param what is wrong with a field, and what it takes */
    static GatewayRefusal invalid(String name, String what) {
        return GatewayRefusal.at(400, "invalid_value", name, "[%s] %s".formatted(name, what));
    }

    /** All values of a field. */
    List<String> all(String name) {
        Fields.@Nullable Field field = fields.get(name);
        return field == null ? List.of() : field.getValues();
    }

    /** The value of a field; null where there is none. */
    @Nullable
    String text(String name) {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw invalid(name, "stands there [%d] times: which one counts?".formatted(values.size()));
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    @Nullable
    UUID id(String name) {
        return read(name, UUID::fromString, "an id such as 019a2c1e-5b60-7c11-8000-0123456789ab");
    }

    @Nullable
    Instant time(String name) {
        return read(
                name,
                text -> {
                    Instant time = Instant.parse(text);
                    requireYear(time.atOffset(ZoneOffset.UTC).getYear());
                    return time;
                },
                "a time such as 2026-03-01T00:00:00Z");
    }

    @Nullable
    LocalDate day(String name) {
        return read(
                name,
                text -> {
                    LocalDate day = LocalDate.parse(text);
                    requireYear(day.getYear());
                    return day;
                },
                "a day such as 2026-03-01");
    }

    /** Years that the database has words for. */
    private static void requireYear(int year) {
        if (year < 1970 || year > 9999) {
            throw new DateTimeException("The year [%d] is none of ours".formatted(year));
        }
    }

    @Nullable
    Double number(String name) {
        Double number = read(name, Double::valueOf, "a number");
        if (number != null && !Double.isFinite(number)) {
            throw invalid(name, "must be a finite number");
        }
        return number;
    }

    @Nullable
    Integer whole(String name, int least, int most) {
        String takes = "a whole number from %d to %d".formatted(least, most);
        Integer number = read(name, Integer::valueOf, takes);
        if (number != null && (number < least || number > most)) {
            throw invalid(name, "is [%d]: it takes %s".formatted(number, takes));
        }
        return number;
    }

    private <T> @Nullable T read(String name, Function<String, T> reader, String takes) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw invalid(name, "is [%s]: it takes %s".formatted(shown(text), takes));
        }
    }
}
