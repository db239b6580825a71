package dev.hone.web.site;

import dev.hone.capture.upstream.Upstream;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The servers that answer, as the configuration has them. */
public final class UpstreamsPage {
    private final Views views;
    private final Supplier<List<Upstream>> upstreams;

    UpstreamsPage(Views views, Supplier<List<Upstream>> upstreams) {
        this.views = views;
        this.upstreams = upstreams;
    }

    /** A server, without what lets anybody in. */
    public record Row(String name, String url, boolean hasKey, String connect, String silence) {}

    /**
     * The servers.
     *
     * @param trouble why they cannot be read; null when they can
     */
    public record Page(
            Shell shell, List<Row> rows, @Nullable String trouble) {}

    List<Route> routes() {
        return List.of(SettingsTab.UPSTREAMS.get(this::show));
    }

    private Answer show(Ask ask) {
        Shell shell = views.shell(ask, "settings", "Upstreams");
        try {
            List<Row> rows = upstreams.get().stream().map(UpstreamsPage::row).toList();
            return views.page("upstreams", new Page(shell, rows, null));
        } catch (IllegalArgumentException e) {
            return views.page("upstreams", new Page(shell, List.of(), e.getMessage()));
        }
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
