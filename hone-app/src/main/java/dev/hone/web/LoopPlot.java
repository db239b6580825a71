package dev.hone.web;

import dev.hone.demo.Story;
import java.util.List;
import java.util.Locale;

/** Quality over time with the events on it, as SVG. */
final class LoopPlot {
    private static final double WIDTH = 1000;
    private static final double HEIGHT = 452;
    private static final double LEFT = 52;
    private static final double RIGHT = 12;

    /** Room for the legend, and below it for the numbers of events. */
    private static final double TOP = 32 + EventLabels.ROWS * EventLabels.ROW;

    private static final double BOTTOM = 40;
    private static final int MINUTE = 60;

    private final Story story;
    private final double seconds;
    private final StringBuilder svg = new StringBuilder();

    private LoopPlot(Story story) {
        this.story = story;
        this.seconds = Math.max(1, story.seconds());
    }

    static String svg(Story story) {
        return new LoopPlot(story).drawn();
    }

    private double x(double second) {
        return LEFT + (WIDTH - LEFT - RIGHT) * Math.clamp(second / seconds, 0, 1);
    }

    private static double y(double share) {
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private String drawn() {
        add(
                "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"Share of right answers of old and new tools over time, with %d events\">",
                WIDTH, HEIGHT, story.events().size());
        for (int tenth = 0; tenth <= 10; tenth += 2) {
            add(
                    "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
                    LEFT, WIDTH - RIGHT, y(tenth / 10.0), y(tenth / 10.0));
            add(
                    "<text class=\"soft\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%d %%</text>",
                    LEFT - 8, y(tenth / 10.0) + 4, 10 * tenth);
        }
        int step = Math.max(1, (int) Math.ceil(seconds / MINUTE / 10));
        for (int minute = 0; minute * MINUTE <= seconds; minute += step) {
            add(
                    "<text class=\"soft\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%d min</text>",
                    x(minute * MINUTE), HEIGHT - 14, minute);
        }
        events(story.events());
        line("old tools", "old", 0);
        line("new tools", "new", 130);
        add("</svg>");
        return svg.toString();
    }

    private void events(List<Story.Event> events) {
        for (Story.Event event : events) {
            double at = x(event.seconds());
            add(
                    "<line class=\"event\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"><title>%s</title></line>",
                    at, at, TOP - 6, HEIGHT - BOTTOM, LoopPage.escaped(event.words()));
        }
        for (EventLabels.Label label :
                EventLabels.of(events.stream().map(event -> x(event.seconds())).toList(), 0, WIDTH)) {
            add(
                    "<text class=\"number\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>",
                    label.middle(), TOP - 11 - EventLabels.ROW * label.row(), label.text());
        }
    }

    private void line(String name, String style, double legend) {
        add(
                "<rect class=\"fill-%s\" x=\"%.1f\" y=\"4\" width=\"12\" height=\"12\"/><text x=\"%.1f\" y=\"15\">%s</text>",
                style, LEFT + legend, LEFT + legend + 18, LoopPage.escaped(name));
        for (Story.Line line : story.lines()) {
            if (!line.name().equals(name) || line.points().isEmpty()) {
                continue;
            }
            StringBuilder path = new StringBuilder();
            for (Story.Point point : line.points()) {
                double at = x(point.seconds());
                path.append(String.format(
                        Locale.ROOT,
                        "%s%.1f %.1f",
                        path.isEmpty() ? "M" : "L",
                        at,
                        y(point.interval().value())));
                add(
                        "<line class=\"%s\" opacity=\"0.45\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>",
                        style,
                        at,
                        at,
                        y(point.interval().low()),
                        y(point.interval().high()));
                add(
                        "<circle class=\"fill-%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>",
                        style, at, y(point.interval().value()));
            }
            add("<path class=\"%s\" fill=\"none\" stroke-width=\"2\" d=\"%s\"/>", style, path);
        }
    }
}
