package dev.hone.capture.upstream;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server that has models. Read from the configuration; asked by an {@link UpstreamClient}.
 *
 * @param name unique in the configuration
 * @param base address under which OpenAI's paths are, usually ending with {@code /v1}
 * @param key sent as a bearer's; null where none is wanted. Never shown
 * @param connect longest time to connect
 * @param silence longest time to the first piece of an answer, and between two
 * @param inside whether it may stand in this network: otherwise its name must lead to the public internet
 * @param streamUsage whether it is asked for the tokens of every stream, and not only where a client asks
 * @param prices of its models, by their names there
 * @param mostCalls that it gets at once; null for no bound
 * @param own whether it is Hone's own, which is asked how probable each answer was
 */
public record Upstream(
        String name,
        URI base,
        @Nullable String key,
        Duration connect,
        Duration silence,
        boolean inside,
        boolean streamUsage,
        Map<String, Price> prices,
        @Nullable Integer mostCalls,
        boolean own) {
    public Upstream {
        prices = Map.copyOf(prices);
        String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")
                || base.getHost() == null
                || base.getUserInfo() != null
                || base.getQuery() != null
                || base.getFragment() != null) {
            throw new IllegalArgumentException(
                    "The address of upstream [%s] must be http:// or https:// with a host, and without user, query and fragment, for instance [https://api.example.com/v1]"
                            .formatted(name));
        }
    }

    /** One of somebody else's. */
    public Upstream(
            String name,
            URI base,
            @Nullable String key,
            Duration connect,
            Duration silence,
            boolean inside,
            boolean streamUsage,
            Map<String, Price> prices,
            @Nullable Integer mostCalls) {
        this(name, base, key, connect, silence, inside, streamUsage, prices, mostCalls, false);
    }

    /** One that gets as many calls at once as come. */
    public Upstream(
            String name,
            URI base,
            @Nullable String key,
            Duration connect,
            Duration silence,
            boolean inside,
            boolean streamUsage,
            Map<String, Price> prices) {
        this(name, base, key, connect, silence, inside, streamUsage, prices, null);
    }

    /** The same as a server of Hone's own. */
    public Upstream asOwn() {
        return new Upstream(name, base, key, connect, silence, inside, streamUsage, prices, mostCalls, true);
    }

    /** The address of one of OpenAI's paths, such as {@code /chat/completions}. */
    public URI at(String path) {
        String whole = base.toString();
        return URI.create((whole.endsWith("/") ? whole.substring(0, whole.length() - 1) : whole) + path);
    }

    @Override
    public String toString() {
        return name;
    }
}
