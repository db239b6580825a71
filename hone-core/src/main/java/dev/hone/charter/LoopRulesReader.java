package dev.hone.charter;

import dev.hone.charter.LoopRules.Start;
import dev.hone.settings.Fields;
import dev.hone.settings.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads how rounds of the loop are run from the key {@value #KEY} of a charter. */
final class LoopRulesReader {
    static final String KEY = "loop";

    private static final List<String> KEYS = List.of(
            "unattended",
            "from",
            "model",
            "epochs",
            "rate",
            "replay",
            "least-tasks",
            "hours-a-month",
            "judge",
            "core-hour");

    private static final int MOST_TASKS = 1_000_000;

    private LoopRulesReader() {}

    /** @throws dev.hone.settings.SettingsException when it cannot be followed */
    static LoopRules read(Fields charter) {
        YamlNode node = charter.find(KEY);
        if (node == null) {
            return LoopRules.STANDARD;
        }
        LoopRules standard = LoopRules.STANDARD;
        Fields fields = Fields.of(charter.file(), node, "[loop]", KEYS);
        Integer leastTasks = fields.whole("least-tasks", 1, MOST_TASKS);
        return new LoopRules(
                fields.find("unattended") != null && fields.flag("unattended"),
                from(fields),
                fields.find("model") == null
                        ? standard.model()
                        : fields.text("model", "name a base model, for instance [smollm2-135m-instruct]"),
                within(fields, "epochs", 0.05, 100, standard.epochs()),
                within(fields, "rate", 1e-7, 1, standard.rate()),
                within(fields, "replay", 0, 1000, standard.replay()),
                leastTasks == null ? standard.leastTasks() : leastTasks,
                fields.find("hours-a-month") == null ? null : within(fields, "hours-a-month", 0, 744, 0),
                within(fields, "judge", 0, 1, standard.judge()),
                within(fields, "core-hour", 0, 1_000, standard.coreHour()));
    }

    private static List<Start> from(Fields fields) {
        if (fields.find("from") == null) {
            return LoopRules.STANDARD.from();
        }
        String remedy = "list [base], [live] or both";
        List<Start> from = new ArrayList<>();
        for (String word : fields.texts("from", remedy)) {
            from.add(
                    switch (word) {
                        case "base" -> Start.BASE;
                        case "live" -> Start.LIVE;
                        default -> throw fields.wrong("from", "has [%s]".formatted(word), remedy);
                    });
        }
        if (from.isEmpty()) {
            throw fields.wrong("from", "is empty, so that nothing could be trained", remedy);
        }
        return from;
    }

    private static double within(Fields fields, String key, double least, double most, double standard) {
        String remedy = "give a number from [%s] to [%s]".formatted(shown(least), shown(most));
        Double number = fields.number(key, remedy);
        if (number == null) {
            return standard;
        }
        if (!(number >= least && number <= most)) {
            throw fields.wrong(key, "is [%s]".formatted(shown(number)), remedy);
        }
        return number;
    }

    private static String shown(double number) {
        return number == Math.rint(number) ? "%d".formatted((long) number) : String.format(Locale.ROOT, "%s", number);
    }
}
