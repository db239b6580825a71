package dev.hone.run;

import dev.hone.advise.Input;
import dev.hone.evaluate.Report;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How fast a use case's evaluation found its tuned model and the training of it: the newest version that it judged, or what the report calls fine-tuned. */
final class MeasuredSpeeds {
    private MeasuredSpeeds() {}

    static Map<Input, BigDecimal> of(String useCase, Report report) {
        Map<Input, BigDecimal> speeds = new EnumMap<>(Input.class);
        tuned(useCase, report)
                .ifPresent(contender -> put(speeds, Input.TOKENS_PER_SECOND, contender.tokensPerSecond()));
        Report.Training training = report.training();
        if (training != null) {
            put(speeds, Input.TRAINING_TOKENS_PER_SECOND, training.tokensPerSecond());
        }
        return speeds;
    }

    private static Optional<Report.Contender> tuned(String useCase, Report report) {
        Pattern version = Pattern.compile("(?:[^/]+/)?" + Pattern.quote(useCase) + "/(\\d{1,9})");
        Optional<Report.Contender> newest = report.contenders().stream()
                .filter(one -> version.matcher(one.name()).matches())
                .max(Comparator.comparingInt(one -> number(version, one.name())));
        return newest.isPresent()
                ? newest
                : report.contenders().stream()
                        .filter(one -> one.name().contains("fine-tuned"))
                        .max(Comparator.comparingDouble(Report.Contender::tokensPerSecond));
    }

    private static int number(Pattern version, String name) {
        Matcher matcher = version.matcher(name);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static void put(Map<Input, BigDecimal> speeds, Input input, double value) {
        if (value > 0 && Double.isFinite(value)) {
            speeds.put(input, BigDecimal.valueOf(value));
        }
    }
}
