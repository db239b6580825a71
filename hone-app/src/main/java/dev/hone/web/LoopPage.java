package dev.hone.web;

import dev.hone.demo.Story;
import dev.hone.evaluate.Interval;
import dev.hone.loop.Results;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code loop.html}: a {@link Story} for people, as one file without scripts; its plot is {@link LoopPlot}. */
public final class LoopPage {
    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c2330; --soft: #5b6577; --line: #d9dee7; --page: #ffffff; --old: #2166ac; --new: #b2560d; --event: #7a3b8f; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6e9f0; --soft: #9aa5b8; --line: #39414f; --page: #12161d; --old: #7db7e8; --new: #f0a35e; --event: #c99be0; } }
            body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 66rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.6rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
            p.lead { font-size: 1.1rem; } .soft { color: var(--soft); }
            table { border-collapse: collapse; width: 100%; font-size: .95rem; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
            td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
            figure { margin: 1.5rem 0; overflow-x: auto; } svg { width: 100%; height: auto; min-width: 40rem; } svg text { fill: var(--ink); font: 13px system-ui, sans-serif; }
            svg .soft { fill: var(--soft); } svg .grid { stroke: var(--line); } svg .event { stroke: var(--event); stroke-dasharray: 3 4; } svg .number { fill: var(--event); font-weight: 600; }
            svg .old { stroke: var(--old); } svg .new { stroke: var(--new); } svg .fill-old { fill: var(--old); } svg .fill-new { fill: var(--new); }
            ol.events { padding-left: 1.6rem; } ol.events li { margin: .25rem 0; } ol.events b { color: var(--event); font-weight: 600; }
            """;

    private final Story story;
    private final StringBuilder html = new StringBuilder();

    private LoopPage(Story story) {
        this.story = story;
    }

    public static String html(Story story) {
        return new LoopPage(story).page();
    }

    private void line(String text) {
        html.append(text).append('\n');
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private String page() {
        line("<!DOCTYPE html>");
        line(
                "<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        line("<title>The wheel, turned once</title><style>" + STYLE + "</style></head><body><main>");
        line("<h1>The wheel, turned once: %s</h1>".formatted(escaped(story.useCase())));
        line("<p class=\"lead\">" + escaped(lead()) + "</p>");
        line(
                "<figure>" + LoopPlot.svg(story) + "<figcaption class=\"soft\">Share of right answers, each point "
                        + "some 30 calls of users with its 95 % interval, by the world's own knowledge of what is right. Numbers are the events below.</figcaption></figure>");
        events();
        began();
        figures();
        evaluated();
        rollout("The new version's rollout", story.good());
        rollout("The bad version's rollout", story.bad());
        world();
        line("</main></body></html>");
        return html.toString();
    }

    private String lead() {
        StringBuilder lead = new StringBuilder();
        for (Story.Difference difference : story.differences()) {
            lead.append(lead.isEmpty() ? "" : " ")
                    .append(String.format(
                            Locale.ROOT,
                            "%s against %s: %+.1f points (%+.1f to %+.1f).",
                            capitalised(difference.first()),
                            difference.second(),
                            100 * difference.interval().value(),
                            100 * difference.interval().low(),
                            100 * difference.interval().high()));
        }
        lead.append(" The new version was %s; the bad one was %s after %d calls of users."
                .formatted(
                        story.good().phase().isEmpty()
                                ? "not rolled out"
                                : story.good().phase(),
                        story.bad().phase(),
                        story.bad().candidateCalls()));
        return lead.toString().strip();
    }

    private static String capitalised(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private void events() {
        line("<h2>What happened</h2><ol class=\"events\">");
        for (Story.Event event : story.events()) {
            line("<li><b>%s</b> <span class=\"soft\">%s</span> %s</li>"
                    .formatted(escaped(event.kind()), clock(event.seconds()), escaped(event.words())));
        }
        line("</ol>");
    }

    private void began() {
        Story.Began began = story.began();
        line("<h2>Who began the round</h2><p>%s%s: %s.</p>"
                .formatted(
                        escaped(began.who()),
                        began.unattended() ? ", without a person" : ", by hand",
                        escaped(began.why())));
    }

    static String clock(double seconds) {
        return "%d:%02d".formatted((int) seconds / 60, (int) seconds % 60);
    }

    private void figures() {
        line(
                "<h2>What users got</h2><table><tr><th>calls</th><th class=\"number\">number</th><th class=\"number\">right</th></tr>");
        for (Story.Share share : story.shares()) {
            line("<tr><td>%s</td><td class=\"number\">%,d</td><td class=\"number\">%s</td></tr>"
                    .formatted(escaped(share.name()), share.calls(), shown(share.interval())));
        }
        line("</table>");
    }

    private static String shown(@Nullable Interval interval) {
        return interval == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%.1f %% (%.1f to %.1f)",
                        100 * interval.value(),
                        100 * interval.low(),
                        100 * interval.high());
    }

    private void evaluated() {
        Results.Evaluated evaluated = story.evaluated();
        if (evaluated == null) {
            return;
        }
        line(
                "<h2>What the gates saw</h2><p class=\"soft\">Tasks that neither version has learned from, labels of the expert, with its mistakes, as the truth.</p>");
        line(
                "<table><tr><th>tasks</th><th>contender</th><th class=\"number\">number</th><th class=\"number\">right</th></tr>");
        rows("all", evaluated.all());
        rows(on("fresh"), evaluated.fresh());
        rows(on("retained"), evaluated.retained());
        line("</table><table><tr><th>difference, on tasks</th><th>between</th><th class=\"number\">points</th></tr>");
        for (Results.Comparison one : evaluated.comparisons()) {
            line(String.format(
                    Locale.ROOT,
                    "<tr><td>%s</td><td>%s less %s</td><td class=\"number\">%+.1f (%+.1f to %+.1f)</td></tr>",
                    escaped(on(one.on())),
                    escaped(one.difference().a()),
                    escaped(one.difference().b()),
                    100 * one.difference().difference(),
                    100 * one.difference().low(),
                    100 * one.difference().high()));
        }
        line("</table>");
        kinds();
    }

    /** Tasks as people read of them. */
    private static String on(String tasks) {
        return switch (tasks) {
            case "fresh" -> "not judged by before, whatever they ask";
            case "retained" -> "judged by before, too";
            default -> tasks;
        };
    }

    private void kinds() {
        if (story.kinds().isEmpty()) {
            return;
        }
        line(
                "<table><tr><th>kind of call</th><th class=\"number\">tasks</th><th class=\"number\">right before</th><th class=\"number\">right now</th><th class=\"number\">points</th></tr>");
        for (Story.Kind kind : story.kinds()) {
            line(String.format(
                    Locale.ROOT,
                    "<tr><td>%s</td><td class=\"number\">%,d</td><td class=\"number\">%,d</td><td class=\"number\">%,d</td><td class=\"number\">%+.1f (%+.1f to %+.1f)</td></tr>",
                    escaped(kind.name()),
                    kind.tasks(),
                    kind.beforeRight(),
                    kind.right(),
                    100 * kind.difference().value(),
                    100 * kind.difference().low(),
                    100 * kind.difference().high()));
        }
        line("</table>");
    }

    private void rows(String on, List<Results.Figures> figures) {
        for (Results.Figures one : figures) {
            line("<tr><td>%s</td><td>%s</td><td class=\"number\">%,d</td><td class=\"number\">%s</td></tr>"
                    .formatted(escaped(on), escaped(one.contender()), one.rows(), shown(one.quality())));
        }
    }

    private void rollout(String title, Story.Rolled rolled) {
        if (rolled.version().isEmpty()) {
            return;
        }
        line("<h2>%s</h2><p>%s: %s after %,d calls of users, %s.</p><ul>"
                .formatted(
                        escaped(title),
                        escaped(rolled.version()),
                        escaped(rolled.phase()),
                        rolled.candidateCalls(),
                        clock(rolled.seconds())));
        rolled.decisions().forEach(decision -> line("<li>%s</li>".formatted(escaped(decision))));
        line("</ul>");
    }

    private void world() {
        line("<h2>What is simulated</h2><ul>");
        story.simulated().forEach(one -> line("<li>%s.</li>".formatted(escaped(one))));
        for (Map.Entry<String, Double> rate : new TreeMap<>(story.rates()).entrySet()) {
            line(String.format(
                    Locale.ROOT, "<li>Mistakes of %s: %.0f %%.</li>", escaped(rate.getKey()), 100 * rate.getValue()));
        }
        line("</ul><p class=\"soft\">%s, seed %d, %,d calls, %s in all; every figure is in loop.json.</p>"
                .formatted(escaped(story.model()), story.seed(), story.calls(), clock(story.seconds())));
    }
}
