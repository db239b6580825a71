package dev.hone.fetch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The proxy that the environment names, as curl and pip read it: {@code HTTPS_PROXY} or {@code HTTP_PROXY} by the address's
 * scheme, else {@code ALL_PROXY}, in small letters or capitals; none for hosts that {@code NO_PROXY} names ({@code *}, a host,
 * or a domain with all in it, separated by commas).
 */
final class EnvironmentProxy extends ProxySelector {
    private static final Pattern ADDRESS =
            Pattern.compile("(?:http://)?(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):([0-9]{1,5})/?");

    private final Map<String, String> environment;

    EnvironmentProxy(Map<String, String> environment) {
        this.environment = environment;
    }

    /** @throws IllegalArgumentException when a variable holds no address of a proxy */
    @Override
    public List<Proxy> select(URI uri) {
        String name = String.valueOf(uri.getScheme()).toUpperCase(Locale.ROOT) + "_PROXY";
        String address = variable(name).isEmpty() ? variable("ALL_PROXY") : variable(name);
        if (address.isEmpty() || isLeftOut(String.valueOf(uri.getHost()))) {
            return List.of(Proxy.NO_PROXY);
        }
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65535) {
            // What it holds may be a password.
            throw new IllegalArgumentException(
                    "%s names no proxy that Hone can use: expected http://host:port, without user and password"
                            .formatted(name));
        }
        String host = parts.group(1).replaceAll("[\\[\\]]", "");
        return List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(host, Integer.parseInt(parts.group(2)))));
    }

    private boolean isLeftOut(String host) {
        for (String entry : variable("NO_PROXY").split("[,\\s]+")) {
            String domain = entry.replaceFirst("^\\*?\\.", "").toLowerCase(Locale.ROOT);
            String asked = host.toLowerCase(Locale.ROOT);
            if (entry.equals("*") || !domain.isEmpty() && (asked.equals(domain) || asked.endsWith("." + domain))) {
                return true;
            }
        }
        return false;
    }

    private String variable(String name) {
        String small = environment.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        return (small.isBlank() ? environment.getOrDefault(name, "") : small).strip();
    }

    /** The client reports the failure itself. */
    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
}
