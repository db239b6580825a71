package dev.hone.web.site;

import dev.hone.capture.gateway.Upstream;
import java.util.List;

/** The servers that answer, as the configuration has them. */
public final class UpstreamsPage {
    private final Views views;
    private final List<Upstream> upstreams;

    UpstreamsPage(Views views, List<Upstream> upstreams) {
        this.views = views;
        this.upstreams = List.copyOf(upstreams);
    }

    /** A server, without what lets anybody in. */
    public record Row(String name, String url, boolean hasKey, String connect, String silence) {}

    /** The servers. */
    public record Page(Shell shell, List<Row> rows) {}

    List<Route> routes() {
        return List.of(SettingsTab.UPSTREAMS.get(this::show));
    }

    private Answer show(Ask ask) {
        return views.page(
                "upstreams",
                new Page(
                        views.shell(ask, "settings", "Upstreams"),
                        upstreams.stream().map(UpstreamsPage::row).toList()));
    }

    private static Row row(Upstream upstream) {
        return new Row(
                upstream.name(),
                upstream.base().toString(),
                upstream.key() != null,
                Figures.millis((double) upstream.connect().toMillis()),
                Figures.millis((double) upstream.silence().toMillis()));
    }
}
