package dev.hone.capture.gateway;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name by which a client calls us. A page can have a name of its own lead to our address, and is then, for its browser, of our origin: where
 * no key is asked for, it must be a name that nobody on the internet can have.
 */
final class HostName {
    private static final Pattern ADDRESS = Pattern.compile("(\\d{1,3}\\.){3}\\d{1,3}|\\[[0-9a-f:.]+(%25?[^\\]]*)?]");
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.\\d{1,3}){3}|\\[::1]");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_-]+");
    private static final String HERE = "localhost";

    /** Ends of names that the public DNS does not have, of which {@code host.docker.internal} leads to this machine from within it. */
    private static final String INSIDE = ".internal";

    private static final List<String> NOT_PUBLIC = List.of(".local", ".lan", ".home.arpa");

    private final String name;

    private HostName(String name) {
        this.name = name;
    }

    /** @param header {@code Host}, with or without a port */
    private static HostName of(String header) {
        String lower = header.strip().toLowerCase(Locale.ROOT);
        int port = lower.indexOf(':', lower.startsWith("[") ? Math.max(0, lower.indexOf(']')) : 0);
        String name = port < 0 ? lower : lower.substring(0, port);
        return new HostName(name.endsWith(".") ? name.substring(0, name.length() - 1) : name);
    }

    /**
     * Whether a name may be another's, who has it lead here.
     *
     * @param header {@code Host}; null where the client says none, which no browser does
     * @param loopback whether it came over the loopback, where nobody has other names for us
     */
    static boolean isAnothers(@Nullable String header, boolean loopback) {
        if (header == null) {
            return false;
        }
        HostName host = of(header);
        return !(host.isOfThisMachine() || !loopback && host.isOfThisNetwork());
    }

    private boolean isOfThisMachine() {
        return name.equals(HERE)
                || name.endsWith("." + HERE)
                || name.endsWith(INSIDE)
                || LOOPBACK.matcher(name).matches();
    }

    private boolean isOfThisNetwork() {
        return ADDRESS.matcher(name).matches()
                || LABEL.matcher(name).matches()
                || NOT_PUBLIC.stream().anyMatch(name::endsWith);
    }
}
