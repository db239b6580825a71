package dev.hone.charter;

import dev.hone.charter.Charter.Constraints;
import dev.hone.record.UseCaseName;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the charter of a use case from its file, {@code NAME.yaml}. What it does not know, it refuses. */
public final class CharterReader {
    /** How the name of a charter's file ends. */
    public static final String END = ".yaml";

    static final List<String> KEYS = List.of("name", "owner", "job", "good", "constraints", "viewers");

    private static final String COST = "cost-per-thousand";
    private static final String P95 = "p95";
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|min)");
    private static final BigDecimal MOST_MICROS = BigDecimal.valueOf(86_400_000_000L);

    private CharterReader() {}

    /** @throws CharterException when it is no charter */
    public static Charter read(Path file) throws IOException {
        if (Files.size(file) > YamlReader.MOST_CHARACTERS) {
            throw new CharterException(
                    "[%s] has more than [%d] bytes: this is no charter".formatted(file, YamlReader.MOST_CHARACTERS));
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CharterException("[%s] is not UTF-8: save it as such".formatted(file));
        }
        return read(file.toString(), text);
    }

    /** @param file its name, for messages; the use case is called like it */
    static Charter read(String file, String text) {
        Fields fields = Fields.of(file, YamlReader.read(file, text), "A charter", KEYS);
        return new Charter(
                name(fields),
                fields.text("owner", "say who answers for the use case"),
                fields.text("job", "say in a sentence what the use case does"),
                GraderReader.read(file, fields.require("good", "say how an output is judged: [kind: …]")),
                constraints(fields),
                viewers(fields));
    }

    private static String name(Fields fields) {
        String name = fields.text("name", "name the use case");
        try {
            UseCaseName.require(name);
        } catch (IllegalArgumentException e) {
            throw fields.wrong("name", "is [%s]".formatted(name), "use small letters, digits and [-], 63 at most");
        }
        String expected = name + END;
        if (!String.valueOf(Path.of(fields.file()).getFileName()).equals(expected)) {
            throw fields.wrong(
                    "name", "is [%s]".formatted(name), "call the file [%s], or change the name".formatted(expected));
        }
        return name;
    }

    private static List<String> viewers(Fields fields) {
        String remedy = "list people and groups, for instance [security-team]";
        List<String> viewers = fields.texts("viewers", remedy);
        if (viewers.isEmpty()) {
            throw fields.wrong("viewers", "is empty, so that nobody could see it", remedy);
        }
        return viewers;
    }

    private static Constraints constraints(Fields fields) {
        YamlNode node = fields.find("constraints");
        if (node == null) {
            return new Constraints(null, null);
        }
        Fields constraints = Fields.of(fields.file(), node, "[constraints]", List.of(COST, P95));
        Double cost = constraints.number(COST, "give a price, for instance [0.05]");
        if (cost != null && cost < 0) {
            throw constraints.wrong(COST, "is [%s]".formatted(cost), "a price is 0 or more");
        }
        return new Constraints(cost, duration(constraints));
    }

    private static @Nullable Duration duration(Fields constraints) {
        String remedy = "give a duration above zero, for instance [800ms], [1.5s] or [2min]";
        YamlNode node = constraints.find(P95);
        if (node == null) {
            return null;
        }
        String text = node instanceof YamlNode.Scalar scalar ? scalar.text() : "";
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw constraints.wrong(P95, "is [%s]".formatted(text), remedy);
        }
        long unit = switch (matcher.group(2)) {
            case "ms" -> 1_000;
            case "s" -> 1_000_000;
            default -> 60_000_000;
        };
        BigDecimal micros = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        if (micros.compareTo(MOST_MICROS) > 0) {
            throw constraints.wrong(P95, "is more than a day", remedy);
        }
        Duration duration = Duration.ofNanos(micros.longValue() * 1_000);
        if (duration.isZero()) {
            throw constraints.wrong(P95, "is [%s]".formatted(text), remedy);
        }
        return duration;
    }
}
