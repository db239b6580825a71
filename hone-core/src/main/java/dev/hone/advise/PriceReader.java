package dev.hone.advise;

import dev.hone.advise.Prices.Model;
import dev.hone.advise.Prices.Origin;
import dev.hone.advise.Prices.Stated;
import dev.hone.settings.Fields;
import dev.hone.settings.SettingsException;
import dev.hone.settings.YamlNode;
import dev.hone.settings.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads files of prices. Strict: what is unknown, undated or no number is an error with its line. */
public final class PriceReader {
    private static final String COMMITTED = "prices.yaml";
    private static final String AMOUNT = "write an amount of 0 or more, for instance [0.40]";
    private static final String DATED = "write the day of these prices, for instance [as-of: 2026-11-27]";
    private static final double MOST_SPREAD = 100;
    private static final List<String> ORIGIN = List.of("date", "source", "assumed");

    private PriceReader() {}

    /** What comes with this version of Hone. */
    public static Prices committed() {
        try (InputStream in = PriceReader.class.getResourceAsStream(COMMITTED)) {
            if (in == null) {
                throw new IllegalStateException("[%s] is missing in this build".formatted(COMMITTED));
            }
            return read(COMMITTED, new String(in.readAllBytes(), StandardCharsets.UTF_8), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A file, over what comes with Hone.
     *
     * @throws SettingsException when it cannot be followed
     */
    public static Prices read(Path file) throws IOException {
        return read(file.toString(), YamlReader.text(file), committed());
    }

    /** @param below what counts where the text says nothing; null where it must say all */
    static Prices read(String file, String text, @Nullable Prices below) {
        Fields fields = Fields.of(
                file,
                YamlReader.read(file, text),
                "The file of prices",
                List.of("as-of", "currency", "always-on", "models", "inputs"));
        String day = date(fields, "as-of", DATED);
        String currency = below == null || fields.find("currency") != null
                ? fields.text("currency", "write the name of the currency, for instance [USD]")
                : below.currency();
        if (!currency.matches("[A-Z]{3}")) {
            throw fields.wrong("currency", "is [%s]".formatted(currency), "write three capitals, for instance [USD]");
        }
        if (below != null && !currency.equals(below.currency())) {
            requireAllAmounts(fields, below);
        }
        boolean alwaysOn =
                below == null || fields.find("always-on") != null ? fields.flag("always-on") : below.alwaysOn();
        Map<String, Model> models = new TreeMap<>();
        if (below != null && currency.equals(below.currency())) {
            models.putAll(below.models());
        }
        children(fields, "models").forEach((name, node) -> models.put(name, model(file, name, node, day)));
        EnumMap<Input, Stated> inputs = new EnumMap<>(Input.class);
        if (below != null) {
            inputs.putAll(below.inputs());
        }
        children(fields, "inputs").forEach((key, node) -> {
            Input input = Input.find(key)
                    .orElseThrow(() -> SettingsException.at(
                            file,
                            node.line(),
                            "Unknown input [%s]".formatted(key),
                            "known are "
                                    + Stream.of(Input.values()).map(Input::key).toList()));
            inputs.put(input, stated(file, input, node, day, inputs.get(input)));
        });
        for (Input input : Input.values()) {
            Stated stated = inputs.get(input);
            if (!input.isTraced() && (stated == null || stated.value() == null)) {
                throw new SettingsException("[%s] has no [%s]: %s".formatted(file, input.key(), input.said()));
            }
        }
        return new Prices(currency, alwaysOn, models, inputs);
    }

    /** Amounts of another currency mean nothing in this one. */
    private static void requireAllAmounts(Fields fields, Prices below) {
        Map<String, YamlNode> given = children(fields, "inputs");
        for (Input input : List.of(Input.MACHINE_HOUR, Input.EXPERT_HOUR, Input.ENGINEER_HOUR, Input.WRONG_ANSWER)) {
            if (!given.containsKey(input.key())) {
                throw fields.wrong(
                        "currency",
                        "is another than [%s], in which [%s] would be".formatted(below.currency(), input.key()),
                        "write [%s] under [inputs], too".formatted(input.key()));
            }
        }
    }

    private static Map<String, YamlNode> children(Fields fields, String key) {
        YamlNode node = fields.find(key);
        return node == null
                ? Map.of()
                : Fields.mapping(fields.file(), node, "[%s]".formatted(key)).entries();
    }

    private static Model model(String file, String name, YamlNode node, String day) {
        Fields fields = Fields.of(file, node, "[%s]".formatted(name), with(List.of("input", "cached", "output")));
        BigDecimal input = fields.amount("input", AMOUNT);
        return new Model(
                input,
                fields.find("cached") == null ? input : fields.amount("cached", AMOUNT),
                fields.find("output") == null ? BigDecimal.ZERO : fields.amount("output", AMOUNT),
                origin(fields, day));
    }

    private static Stated stated(String file, Input input, YamlNode node, String day, @Nullable Stated below) {
        Fields fields = Fields.of(file, node, "[%s]".formatted(input.key()), with(List.of("value", "spread")));
        BigDecimal value = below == null ? null : below.value();
        if (fields.find("value") != null) {
            if (input.isTraced()) {
                throw fields.wrong(
                        "value",
                        "of [%s] is what traces say".formatted(input.key()),
                        "leave it out, or use the option");
            }
            value = input.isDifference() ? difference(fields) : fields.amount("value", AMOUNT);
            if (value.signum() == 0 && input.isRate()
                    || input.isShare() && value.abs().compareTo(BigDecimal.ONE) > 0) {
                throw fields.wrong(
                        "value",
                        "of [%s] is [%s]".formatted(input.key(), value),
                        input.isShare() ? "give a share up to 1" : "give a number above 0");
            }
        }
        Double spread = below == null ? null : below.spread();
        Double given =
                fields.number("spread", "write the factor within which nine of ten values are, for instance [1.5]");
        if (given != null) {
            double least = input.isDifference() ? 0 : 1;
            if (given < least || given > (input.isDifference() ? 1 : MOST_SPREAD)) {
                throw fields.wrong(
                        "spread",
                        "of [%s] is [%s]".formatted(input.key(), given),
                        input.isDifference() ? "give a share from 0 to 1" : "give a factor from 1 to 100");
            }
            spread = given == least ? null : given;
        }
        return new Stated(value, spread, origin(fields, day));
    }

    private static BigDecimal difference(Fields fields) {
        return BigDecimal.valueOf(
                Optional.ofNullable(fields.number("value", "write a share from -1 to 1, for instance [0.02]"))
                        .orElseThrow());
    }

    private static List<String> with(List<String> own) {
        return Stream.concat(own.stream(), ORIGIN.stream()).toList();
    }

    private static Origin origin(Fields fields, String day) {
        String date = fields.find("date") == null ? day : date(fields, "date", DATED);
        String source =
                fields.find("source") == null ? fields.file() : fields.text("source", "write where the figure is from");
        return new Origin(date, source, fields.find("assumed") != null && fields.flag("assumed"));
    }

    private static String date(Fields fields, String key, String remedy) {
        String text = fields.text(key, remedy);
        try {
            return LocalDate.parse(text).toString();
        } catch (DateTimeException e) {
            throw fields.wrong(key, "is [%s]".formatted(text), remedy);
        }
    }
}
