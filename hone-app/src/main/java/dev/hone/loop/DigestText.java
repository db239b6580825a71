package dev.hone.loop;

import dev.hone.evaluate.Interval;
import dev.hone.loop.Digest.Changed;
import dev.hone.loop.Digest.Event;
import dev.hone.loop.Digest.Quality;
import dev.hone.loop.Digest.Traffic;
import dev.hone.loop.Digest.UseCaseDay;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A digest as Markdown. */
public final class DigestText {
    private final StringBuilder text = new StringBuilder();

    private DigestText() {}

    public static String of(Digest digest) {
        DigestText made = new DigestText();
        made.write(digest);
        return made.text.toString();
    }

    private void line(String format, Object... values) {
        text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values))
                .append('\n');
    }

    private void write(Digest digest) {
        line("# %s, project %s%s", digest.day(), digest.project(), digest.whole() ? "" : " (so far)");
        List<UseCaseDay> told =
                digest.useCases().stream().filter(one -> !one.isQuiet()).toList();
        if (told.isEmpty()) {
            line("");
            line("Nothing happened.");
        }
        told.forEach(this::write);
        List<String> quiet = digest.useCases().stream()
                .filter(UseCaseDay::isQuiet)
                .map(UseCaseDay::useCase)
                .toList();
        if (!quiet.isEmpty() && !told.isEmpty()) {
            line("");
            line("Nothing happened in: %s.", String.join(", ", quiet));
        }
    }

    private void write(UseCaseDay day) {
        line("");
        line("## %s", day.useCase());
        list("Look at this", day.alarms());
        if (!day.traffic().isEmpty()) {
            line("");
            line("| variant | calls | errors | tokens in | tokens out | cost | p50 | p95 |");
            line("| --- | --- | --- | --- | --- | --- | --- | --- |");
            day.traffic().forEach(this::write);
        }
        if (!day.quality().isEmpty()) {
            line("");
            line("| judged by | judgments | mean |");
            line("| --- | --- | --- |");
            day.quality().forEach(this::write);
        }
        if (day.labels() > 0) {
            line("");
            line("Experts labelled %,d calls.", day.labels());
        }
        list("Drift", changed(day.drift()));
        list("Changed for the better", changed(day.better()));
        events("Aliases and switches", day.moves());
        events("Loop", day.rounds());
        events("Gates", day.gates());
        events("Rollouts", day.rollouts());
    }

    private static List<String> changed(List<Changed> all) {
        return all.stream()
                .map(one -> "%s (%s), %s"
                        .formatted(
                                one.of(),
                                one.change(),
                                one.looks() == 1
                                        ? "seen at " + one.last()
                                        : "first seen at %s, last at %s, in %d looks"
                                                .formatted(one.first(), one.last(), one.looks())))
                .toList();
    }

    private void write(Traffic one) {
        line(
                "| %s%s | %,d | %,d | %,d | %,d | %s | %s | %s |",
                cell(one.variant()),
                one.shadow() ? " (copies)" : "",
                one.calls(),
                one.errors(),
                one.promptTokens(),
                one.completionTokens(),
                one.spend().isEmpty()
                        ? "not known"
                        : one.spend().entrySet().stream()
                                .map((Map.Entry<String, String> part) -> part.getValue() + " " + part.getKey())
                                .collect(Collectors.joining(", ")),
                milliseconds(one.p50Ms()),
                milliseconds(one.p95Ms()));
    }

    private static String milliseconds(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.0f ms", value);
    }

    private void write(Quality one) {
        Interval interval = one.interval();
        line(
                "| %s | %,d | %.3f%s |",
                cell(one.of()),
                one.count(),
                one.mean(),
                interval == null ? "" : String.format(Locale.ROOT, " (%.3f to %.3f)", interval.low(), interval.high()));
    }

    private void list(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            line("");
            line("**%s**", title);
            line("");
            lines.forEach(one -> line("- %s", one));
        }
    }

    private void events(String title, List<Event> events) {
        list(title, events.stream().map(one -> one.at() + " " + one.words()).toList());
    }

    /** What ends a cell would end the table. */
    private static String cell(String content) {
        return content.replace("|", "\\|");
    }
}
