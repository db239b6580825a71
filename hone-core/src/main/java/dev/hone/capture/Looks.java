package dev.hone.capture;

import dev.hone.settings.Fields;
import dev.hone.settings.YamlNode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How often a gateway looks at what passed, from the key {@value #KEY} of its file.
 *
 * @param watch between two looks at production: what is new of it, and whether it has drifted
 * @param settle how long a call must have been stored before it is watched: copies that shadows answer come after it
 * @param loop between two looks whether a round of the loop should begin
 */
public record Looks(Duration watch, Duration settle, Duration loop) {
    static final String KEY = "looks";

    private static final Duration LEAST = Duration.ofSeconds(1);

    /** Where the file says nothing. */
    public static final Looks STANDARD = new Looks(Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofMinutes(1));

    /** @throws dev.hone.settings.SettingsException when it cannot be followed */
    static Looks read(Fields gateway) {
        YamlNode node = gateway.find(KEY);
        if (node == null) {
            return STANDARD;
        }
        Fields fields = Fields.of(gateway.file(), node, "[looks]", List.of("watch", "settle", "loop"));
        return new Looks(
                between(fields, "watch", STANDARD.watch()),
                orElse(fields.duration("settle"), STANDARD.settle()),
                between(fields, "loop", STANDARD.loop()));
    }

    private static Duration between(Fields fields, String name, Duration standard) {
        Duration given = orElse(fields.duration(name), standard);
        if (given.compareTo(LEAST) < 0) {
            throw fields.wrong(name, "is less than a second", "look more seldom: each look reads what passed");
        }
        return given;
    }

    private static Duration orElse(@Nullable Duration given, Duration standard) {
        return given == null ? standard : given;
    }
}
