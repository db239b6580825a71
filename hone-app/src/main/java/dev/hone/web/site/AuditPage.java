package dev.hone.web.site;

import dev.hone.record.AuditEntry;
import dev.hone.store.AuditLog;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who did what in a project. */
public final class AuditPage {
    private static final int ROWS = 50;

    private final Views views;
    private final AuditLog audit;

    AuditPage(Views views, AuditLog audit) {
        this.views = views;
        this.audit = audit;
    }

    /** @param more where older ones are; null where there are none */
    public record Page(
            Shell shell, List<AuditEntry> entries, @Nullable String more) {

        public String detail(AuditEntry entry) {
            return new TreeMap<>(entry.detail())
                    .entrySet().stream()
                            .map(one -> one.getKey() + " " + one.getValue())
                            .reduce((a, b) -> a + ", " + b)
                            .orElse("");
        }
    }

    List<Route> routes() {
        return List.of(SettingsTab.AUDIT.get(this::show));
    }

    private Answer show(Ask ask) {
        List<AuditEntry> found = audit.page(ask.project(), ask.queryId("before"), ROWS + 1);
        List<AuditEntry> shown = found.subList(0, Math.min(ROWS, found.size()));
        String more = found.size() > ROWS
                ? ask.below(
                        SettingsTab.AUDIT.path() + "?before=" + shown.getLast().id())
                : null;
        return views.page("audit", new Page(views.shell(ask, "settings", "Audit log"), shown, more));
    }
}
