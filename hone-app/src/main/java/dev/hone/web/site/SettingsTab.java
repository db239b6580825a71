package dev.hone.web.site;

import dev.hone.record.Role;
import java.util.Arrays;
import java.util.List;

/** A part of the settings, for who may see it. */
public enum SettingsTab {
    ACCOUNT("Account", "", Role.VIEWER),
    KEYS("Keys", "/keys", Role.OPERATOR),
    UPSTREAMS("Upstreams", "/upstreams", Role.OPERATOR),
    PEOPLE("People", "/people", Role.OWNER),
    AUDIT("Audit log", "/audit", Role.OWNER);

    static final String PATH = "/settings";

    private final String label;
    private final String path;
    private final Role least;

    SettingsTab(String label, String path, Role least) {
        this.label = label;
        this.path = path;
        this.least = least;
    }

    public String label() {
        return label;
    }

    /** Below the project. */
    public String path() {
        return PATH + path;
    }

    Role least() {
        return least;
    }

    /** Those that somebody may see. */
    public static List<SettingsTab> of(Shell shell) {
        return Arrays.stream(values()).filter(tab -> shell.may(tab.least)).toList();
    }

    Route get(Route.Action action) {
        return Route.of(least, "GET", path(), action);
    }

    /** @param below this tab */
    Route post(String below, Route.Action action) {
        return Route.of(least, "POST", path() + below, action);
    }
}
