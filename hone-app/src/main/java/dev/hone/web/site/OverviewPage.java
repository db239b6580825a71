package dev.hone.web.site;

import dev.hone.record.Role;
import dev.hone.store.RecentCalls;
import dev.hone.web.BarPlot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What passed of late. */
public final class OverviewPage {
    /** A time that is looked at, in stretches that bars stand for. */
    enum Window {
        DAY("24h", "24 hours", Duration.ofHours(24), Duration.ofMinutes(30), 11),
        WEEK("7d", "7 days", Duration.ofDays(7), Duration.ofHours(4), 5);

        private final String key;
        private final String label;
        private final Duration time;
        private final Duration stretch;
        private final int labelFrom;

        Window(String key, String label, Duration time, Duration stretch, int labelFrom) {
            this.key = key;
            this.label = label;
            this.time = time;
            this.stretch = stretch;
            this.labelFrom = labelFrom;
        }

        static Window of(String key) {
            return key.equals(WEEK.key) ? WEEK : DAY;
        }

        String key() {
            return key;
        }

        String label() {
            return label;
        }

        /** The first stretch begins here. */
        Instant from(Instant now) {
            long millis = stretch.toMillis();
            Instant last = Instant.ofEpochMilli(now.toEpochMilli() / millis * millis);
            return last.plus(stretch).minus(time);
        }

        BarPlot plot(Instant from, List<RecentCalls.Bucket> buckets) {
            Map<Instant, RecentCalls.Bucket> found = new HashMap<>();
            buckets.forEach(bucket -> found.put(bucket.from(), bucket));
            List<BarPlot.Bar> bars = new ArrayList<>();
            for (Instant at = from; at.isBefore(from.plus(time)); at = at.plus(stretch)) {
                RecentCalls.Bucket bucket = found.getOrDefault(at, new RecentCalls.Bucket(at, 0, 0));
                String shown = Figures.time(at).substring(labelFrom, 16);
                bars.add(new BarPlot.Bar(
                        labelFrom == 5 ? shown.substring(0, 5) : shown,
                        "%s: %s calls, %s errors"
                                .formatted(shown, Figures.count(bucket.calls()), Figures.count(bucket.errors())),
                        bucket.calls(),
                        bucket.errors()));
            }
            return new BarPlot("Calls, by start in UTC", bars, "errors");
        }
    }

    private final Views views;
    private final RecentCalls usage;
    private final InstantSource clock;

    OverviewPage(Views views, RecentCalls usage, InstantSource clock) {
        this.views = views;
        this.usage = usage;
        this.clock = clock;
    }

    /** The figures. */
    public record Page(
            Shell shell,
            String window,
            String windowLabel,
            RecentCalls.Line total,
            List<RecentCalls.Line> lines,
            BarPlot plot,
            Instant now) {}

    List<Route> routes() {
        return List.of(Route.of(Role.VIEWER, "GET", "", this::show));
    }

    private Answer show(Ask ask) {
        UUID project = ask.project();
        String asked = ask.query("window");
        Window window = Window.of(asked == null ? "" : asked);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant from = window.from(now);
        return views.page(
                "overview",
                new Page(
                        views.shell(ask, "overview", "Overview"),
                        window.key(),
                        window.label(),
                        usage.total(project, from),
                        usage.byUseCase(project, from),
                        window.plot(from, usage.over(project, from, window.stretch)),
                        now));
    }
}
