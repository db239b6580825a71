package dev.hone.charter;

import dev.hone.capture.Serving;
import dev.hone.capture.ServingReader;
import dev.hone.capture.feedback.FeedbackReader;
import dev.hone.capture.feedback.FeedbackRules;
import dev.hone.charter.Charter.Constraints;
import dev.hone.grade.GraderDefinition;
import dev.hone.improve.ImproveReader;
import dev.hone.promote.PromotionReader;
import dev.hone.record.UseCaseName;
import dev.hone.settings.Fields;
import dev.hone.settings.SettingsException;
import dev.hone.settings.YamlNode;
import dev.hone.settings.YamlReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads the charter of a use case from its file, {@code NAME.yaml}. What it does not know, it refuses. */
public final class CharterReader {
    /** How the name of a charter's file ends. */
    public static final String END = ".yaml";

    private static final List<String> KEYS = Stream.of(
                    List.of("name", "owner", "job", "good", "constraints", "viewers", FeedbackReader.KEY),
                    ServingReader.KEYS,
                    List.of(GateReader.KEY, PromotionReader.KEY, ImproveReader.KEY, LoopRulesReader.KEY))
            .flatMap(List::stream)
            .toList();

    private static final String COST = "cost-per-thousand";
    private static final String P95 = "p95";

    private CharterReader() {}

    /** @throws SettingsException when it is no charter */
    public static Charter read(Path file) throws IOException {
        return read(file.toString(), YamlReader.text(file));
    }

    /**
     * Reads what was read before and kept.
     *
     * @param file its name, for messages; the use case is called like it
     * @throws SettingsException when it is no charter
     */
    public static Charter read(String file, String text) {
        Fields fields = Fields.of(file, YamlReader.read(file, text), "A charter", KEYS);
        String name = name(fields);
        String owner = fields.text("owner", "say who answers for the use case");
        String job = fields.text("job", "say in a sentence what the use case does");
        GraderDefinition good =
                GraderReader.read(file, fields.require("good", "say how an output is judged: [kind: …]"));
        Constraints constraints = constraints(fields);
        List<String> viewers = viewers(fields);
        FeedbackRules feedback = FeedbackReader.read(fields);
        Serving serving = ServingReader.read(name, fields);
        return new Charter(
                name,
                owner,
                job,
                good,
                constraints,
                viewers,
                feedback,
                serving,
                GateReader.read(fields),
                PromotionReader.read(
                        fields,
                        new PromotionReader.Beside(
                                serving, good, feedback, constraints.p95(), constraints.costPerThousand())),
                ImproveReader.read(fields),
                LoopRulesReader.read(fields),
                text);
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
            throw fields.wrong("viewers", "is empty, so that nobody should see it", remedy);
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
        return new Constraints(cost, constraints.duration(P95));
    }
}
