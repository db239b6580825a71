package dev.hone.improve;

import dev.hone.improve.Improving.Drift;
import dev.hone.settings.Fields;
import dev.hone.settings.YamlNode;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how a use case is watched from the key {@value #KEY} of its charter. */
public final class ImproveReader {
    public static final String KEY = "improve";

    private static final List<String> KEYS = List.of(
            "sample", "calls-a-day", "drift", "labels", "drift-labels", "second-labels", "schedule", "cool-down");
    private static final int MOST_CALLS = 100_000;
    private static final int MOST_LABELS = 1_000_000;
    private static final Duration LONGEST = Duration.ofDays(730);
    private static final Pattern SPAN = Pattern.compile("([1-9]\\d{0,5})(s|min|h|d)");
    private static final String NEVER = "never";

    private ImproveReader() {}

    /** @throws dev.hone.settings.SettingsException when it cannot be followed */
    public static Improving read(Fields charter) {
        YamlNode node = charter.find(KEY);
        Improving standard = Improving.STANDARD;
        if (node == null) {
            return standard;
        }
        Fields fields = Fields.of(charter.file(), node, "[improve]", KEYS);
        Integer calls = fields.whole("calls-a-day", 0, MOST_CALLS);
        Integer labels = fields.whole("labels", 1, MOST_LABELS);
        Integer driftLabels = fields.whole("drift-labels", 1, MOST_LABELS);
        boolean never = fields.find("schedule") instanceof YamlNode.Scalar scalar
                && scalar.text().equals(NEVER);
        return new Improving(
                share(fields, "sample", standard.sample()),
                calls == null ? standard.callsADay() : calls,
                drift(fields),
                labels == null ? standard.labels() : labels,
                driftLabels == null ? standard.driftLabels() : driftLabels,
                share(fields, "second-labels", standard.secondLabels()),
                never || standard.schedule() == null ? null : span(fields, "schedule", standard.schedule()),
                span(fields, "cool-down", standard.coolDown()));
    }

    private static Drift drift(Fields improve) {
        YamlNode node = improve.find("drift");
        Drift standard = Improving.STANDARD.drift();
        if (node == null) {
            return standard;
        }
        Fields fields = Fields.of(improve.file(), node, "[drift]", List.of("window", "against", "alpha", "feedback"));
        String remedy = "give a probability above 0 and at most 0.2, for instance [0.01]";
        Double alpha = fields.number("alpha", remedy);
        if (alpha != null && !(alpha > 0 && alpha <= 0.2)) {
            throw fields.wrong("alpha", "is [%s]".formatted(alpha), remedy);
        }
        Drift drift = new Drift(
                span(fields, "window", standard.window()),
                span(fields, "against", standard.against()),
                alpha == null ? standard.alpha() : alpha,
                span(fields, "feedback", standard.feedback()));
        if (drift.against().compareTo(drift.window()) < 0) {
            throw fields.wrong(
                    fields.find("against") == null ? "window" : "against",
                    "makes the reference shorter than the window: [%s] against [%s]"
                            .formatted(text(drift.window()), text(drift.against())),
                    "let [against] be as long as [window] at least");
        }
        return drift;
    }

    private static double share(Fields fields, String key, double standard) {
        String remedy = "give a share from 0 to 1, for instance [0.05]";
        Double share = fields.number(key, remedy);
        if (share == null) {
            return standard;
        }
        if (!(share >= 0 && share <= 1)) {
            throw fields.wrong(key, "is [%s]".formatted(share), remedy);
        }
        return share;
    }

    private static Duration span(Fields fields, String key, Duration standard) {
        if (fields.find(key) == null) {
            return standard;
        }
        String remedy = "give seconds, minutes, hours or days, for instance [30min], [24h] or [7d]"
                + (key.equals("schedule") ? ", or [never]" : "");
        String text = fields.text(key, remedy);
        Matcher matcher = SPAN.matcher(text);
        if (!matcher.matches()) {
            throw fields.wrong(key, "is [%s]".formatted(text), Fields.ofTime(text, remedy));
        }
        long number = Long.parseLong(matcher.group(1));
        Duration span = switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "min" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
        if (span.compareTo(LONGEST) > 0) {
            throw fields.wrong(key, "is [%s]".formatted(text), "give two years at most");
        }
        return span;
    }

    /** A time as a charter has it. */
    public static String text(Duration span) {
        return span.toHours() >= 24 && span.toSeconds() % 86_400 == 0
                ? span.toDays() + "d"
                : span.toSeconds() % 3_600 == 0
                        ? span.toHours() + "h"
                        : span.toSeconds() % 60 == 0 ? span.toMinutes() + "min" : span.toSeconds() + "s";
    }
}
