package dev.hone.record;

import java.util.Locale;

/** What somebody may do in a project; each may also do what those before it may. */
public enum Role {
    /** Sees figures. */
    VIEWER,
    /** Reads raw prompts and labels them. */
    EXPERT,
    /** Makes and revokes keys; sees upstreams. */
    OPERATOR,
    /** Says who else is in; reads the audit log. */
    OWNER;

    public boolean covers(Role other) {
        return compareTo(other) >= 0;
    }

    /** As it is written, in small letters. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
