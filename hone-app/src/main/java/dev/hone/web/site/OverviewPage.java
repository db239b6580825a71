package dev.hone.web.site;

import dev.hone.record.Role;
import dev.hone.store.Usage;
import dev.hone.store.Usage.By;
import dev.hone.store.Usage.Times;
import dev.hone.web.BarPlot;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What passed of late, read from sums by day. */
public final class OverviewPage {
    private static final int BARS = 30;

    /** Days that are looked at, of which today is the last. */
    public enum Window {
        TODAY("1d", "today", 1),
        WEEK("7d", "7 days", 7),
        MONTH("30d", "30 days", 30);

        private final String key;
        private final String label;
        private final int days;

        Window(String key, String label, int days) {
            this.key = key;
            this.label = label;
            this.days = days;
        }

        static Window of(String key) {
            for (Window window : values()) {
                if (window.key.equals(key)) {
                    return window;
                }
            }
            return WEEK;
        }

        public String key() {
            return key;
        }

        public String label() {
            return label;
        }
    }

    private final Views views;
    private final Usage usage;
    private final InstantSource clock;

    OverviewPage(Views views, Usage usage, InstantSource clock) {
        this.views = views;
        this.usage = usage;
        this.clock = clock;
    }

    /** The figures. @param lines by use case, the most calls first */
    public record Page(Shell shell, Window window, Tally total, List<Tally> lines, BarPlot plot, Instant now) {
        public List<Window> windows() {
            return List.of(Window.values());
        }
    }

    List<Route> routes() {
        return List.of(Route.of(Role.VIEWER, "GET", "", this::show));
    }

    private Answer show(Ask ask) {
        String project = ask.membership().projectName();
        String asked = ask.query("window");
        Window window = Window.of(asked == null ? "" : asked);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        List<Usage.Line> lines = usage.lines(new Usage.Asked(
                project, today.minusDays(window.days - 1L), today, null, Set.of(By.ROUTE), Times.WHOLE));
        LocalDate first = today.minusDays(BARS - 1L);
        List<Usage.Line> days = usage.lines(new Usage.Asked(project, first, today, null, Set.of(By.DAY), Times.NONE));
        return views.page(
                "overview",
                new Page(
                        views.shell(ask, "overview", "Overview"),
                        window,
                        Tally.of(lines),
                        Tally.byName(lines).stream()
                                .filter(tally -> tally.calls() > 0)
                                .sorted(Comparator.comparingLong(Tally::calls).reversed())
                                .toList(),
                        plot(first, days),
                        now));
    }

    private static BarPlot plot(LocalDate first, List<Usage.Line> days) {
        Map<LocalDate, Usage.Sums> found = new HashMap<>();
        days.stream()
                .filter(line -> !line.key().shadow())
                .forEach(line -> found.put(line.key().day(), line.sums()));
        List<BarPlot.Bar> bars = new ArrayList<>();
        for (int i = 0; i < BARS; i++) {
            LocalDate day = first.plusDays(i);
            Usage.Sums sums = found.get(day);
            long calls = sums == null ? 0 : sums.calls();
            long errors = sums == null ? 0 : sums.errors();
            bars.add(new BarPlot.Bar(
                    day.toString().substring(5),
                    "%s: %s calls, %s errors".formatted(day, Figures.count(calls), Figures.count(errors)),
                    calls,
                    errors));
        }
        return new BarPlot("Calls of %d days, by day in UTC".formatted(BARS), bars, "calls", "errors");
    }
}
