package dev.hone.capture;

import dev.hone.capture.gateway.EdgeServer;
import dev.hone.capture.gateway.GatewayOptions;
import dev.hone.capture.upstream.Price;
import dev.hone.capture.upstream.Upstream;
import dev.hone.record.Retention;
import dev.hone.record.SamplingMode;
import dev.hone.settings.Fields;
import dev.hone.settings.SettingsException;
import dev.hone.settings.YamlNode;
import dev.hone.settings.YamlReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's own file, {@code hone.yaml}.
 *
 * @param host to listen on
 * @param port to listen on
 * @param keys whether callers must show a key
 * @param upstreams servers that have models, at least one
 * @param models of Hone's own, served beside the gateway
 * @param currency of their prices
 * @param retention how long traces are kept
 * @param proxies in front of it
 * @param drainNotice how long {@code /ready} says that it is ending, and calls are still taken, before no more are
 * @param looks how often it looks at what passed
 */
public record GatewaySettings(
        String host,
        int port,
        boolean keys,
        List<Upstream> upstreams,
        List<OwnModel> models,
        String currency,
        GatewayOptions options,
        Retention retention,
        TrustedProxies proxies,
        Duration drainNotice,
        Looks looks) {
    private static final List<String> KEYS = List.of(
            "host",
            "port",
            "keys",
            "upstreams",
            "models",
            "currency",
            "durability",
            "heartbeat",
            "most-mebibytes",
            "retention",
            "redaction",
            "trusted-proxies",
            "drain-notice",
            Looks.KEY);

    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** As long as OpenAI's own clients wait: a model may think for minutes before its answer begins. */
    private static final Duration SILENCE = Duration.ofMinutes(10);

    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final int PORT = 8787;
    private static final int MEBIBYTES = 24;
    private static final int ROWS = 16;
    private static final int MOST_ROWS = 64;
    private static final int MOST_CALLS = 1_000_000;

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** Some keys could be names of variables as well ({@code hf_…}), but none of this form. */
    private static final Pattern USUAL_VARIABLE = Pattern.compile("[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{1,12}");

    public GatewaySettings {
        upstreams = List.copyOf(upstreams);
        models = List.copyOf(models);
    }

    /**
     * Reads it.
     *
     * @param environment which has the keys of the servers
     * @throws SettingsException when it cannot be followed
     */
    public static GatewaySettings read(Path file, Map<String, String> environment) throws IOException {
        return read(file.toString(), YamlReader.text(file), environment);
    }

    /**
     * Reads it where nobody calls the servers.
     *
     * @param keyless hears of each server's key that the environment does not have
     * @throws SettingsException when something else cannot be followed
     */
    public static GatewaySettings check(Path file, Map<String, String> environment, Consumer<SettingsException> keyless)
            throws IOException {
        return read(file.toString(), YamlReader.text(file), environment, keyless);
    }

    static GatewaySettings read(String file, String text, Map<String, String> environment) {
        return read(file, text, environment, missing -> {
            throw missing;
        });
    }

    private static GatewaySettings read(
            String file, String text, Map<String, String> environment, Consumer<SettingsException> keyless) {
        Fields fields = Fields.of(file, YamlReader.read(file, text), "The gateway's file", KEYS);
        Integer port = fields.whole("port", 0, 65_535);
        Integer mebibytes = fields.whole("most-mebibytes", 1, 30);
        int bytes = (mebibytes == null ? MEBIBYTES : mebibytes) << 20;
        String host =
                fields.find("host") == null ? "127.0.0.1" : fields.text("host", "give an address of this machine");
        return new GatewaySettings(
                host,
                port == null ? PORT : port,
                keys(fields, host),
                upstreams(fields, environment, keyless),
                models(fields),
                currency(fields),
                new GatewayOptions(
                        bytes,
                        bytes,
                        isStrict(fields),
                        orElse(fields.duration("heartbeat"), HEARTBEAT),
                        ServingReader.redaction(fields)),
                retention(fields),
                proxies(fields),
                orElse(fields.duration("drain-notice"), Duration.ZERO),
                Looks.read(fields));
    }

    /**
     * What it says of how long traces are kept, and of nothing else.
     *
     * @throws SettingsException when that cannot be followed
     */
    public static Retention retention(Path file) throws IOException {
        YamlNode root = YamlReader.read(file.toString(), YamlReader.text(file));
        return retention(Fields.of(file.toString(), root, "The gateway's file", KEYS));
    }

    private static Retention retention(Fields fields) {
        YamlNode node = fields.find("retention");
        if (node == null) {
            return Retention.FOR_EVER;
        }
        Fields retention = Fields.of(fields.file(), node, "[retention]", List.of("content", "facts"));
        try {
            return new Retention(retention.days("content"), retention.days("facts"));
        } catch (SettingsException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw fields.wrong("retention", "cannot be: " + e.getMessage(), "correct it");
        }
    }

    private static TrustedProxies proxies(Fields fields) {
        if (fields.find("trusted-proxies") == null) {
            return TrustedProxies.NONE;
        }
        String remedy = "list their addresses or networks, for instance [127.0.0.1, 10.1.0.0/16]";
        try {
            return TrustedProxies.of(fields.texts("trusted-proxies", remedy));
        } catch (SettingsException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw fields.wrong("trusted-proxies", "has [%s]".formatted(e.getMessage()), remedy);
        }
    }

    private static Duration orElse(@Nullable Duration given, Duration standard) {
        return given == null ? standard : given;
    }

    private static String currency(Fields fields) {
        if (fields.find("currency") == null) {
            return "USD";
        }
        String remedy = "give the three letters of ISO 4217, for instance [EUR]";
        String currency = fields.text("currency", remedy);
        if (!currency.matches("[A-Z]{3}")) {
            throw fields.wrong("currency", "is [%s]".formatted(currency), remedy);
        }
        return currency;
    }

    /** Where only programs of this machine can call, keys are asked for on request; elsewhere they are unless somebody says no. */
    private static boolean keys(Fields fields, String host) {
        if (fields.find("keys") == null) {
            return !EdgeServer.isLocal(host);
        }
        String remedy = "write [required] or [none]";
        return switch (fields.text("keys", remedy)) {
            case "required" -> true;
            case "none" -> false;
            case String other -> throw fields.wrong("keys", "is [%s]".formatted(other), remedy);
        };
    }

    private static boolean isStrict(Fields fields) {
        if (fields.find("durability") == null) {
            return false;
        }
        String remedy = "write [fast] or [strict]";
        return switch (fields.text("durability", remedy)) {
            case "fast" -> false;
            case "strict" -> true;
            case String other -> throw fields.wrong("durability", "is [%s]".formatted(other), remedy);
        };
    }

    private static List<Upstream> upstreams(
            Fields fields, Map<String, String> environment, Consumer<SettingsException> keyless) {
        List<Upstream> upstreams = new ArrayList<>();
        if (fields.find("upstreams") == null && fields.find("models") != null) {
            return upstreams;
        }
        YamlNode node = fields.require("upstreams", "name the servers that have models, each with its [url]");
        for (Map.Entry<String, YamlNode> entry :
                Fields.mapping(fields.file(), node, "[upstreams]").entries().entrySet()) {
            String name = entry.getKey();
            Fields upstream = Fields.of(
                    fields.file(),
                    entry.getValue(),
                    "[%s]".formatted(name),
                    List.of("url", "key", "connect", "silence", "private", "stream-usage", "prices", "most-calls"));
            requireName(fields, "upstreams", name);
            String url = upstream.text(
                    "url",
                    "give the address under which OpenAI's paths are, for instance [https://api.example.com/v1]");
            try {
                URI base = URI.create(url);
                upstreams.add(new Upstream(
                        name,
                        base,
                        key(upstream, environment, keyless),
                        orElse(upstream.duration("connect"), CONNECT),
                        orElse(upstream.duration("silence"), SILENCE),
                        isInside(upstream, base),
                        upstream.find("stream-usage") == null || upstream.flag("stream-usage"),
                        prices(upstream),
                        upstream.whole("most-calls", 1, MOST_CALLS)));
            } catch (SettingsException e) {
                throw e;
            } catch (IllegalArgumentException e) {
                throw upstream.wrong("url", "is [%s]: %s".formatted(url, e.getMessage()), "correct it");
            }
        }
        if (upstreams.isEmpty()) {
            throw fields.wrong("upstreams", "is empty", "name at least one server");
        }
        return upstreams;
    }

    /** A server that is written down by its address, or as this machine, is where that says. */
    private static boolean isInside(Fields upstream, URI base) {
        if (upstream.find("private") != null) {
            return upstream.flag("private");
        }
        String host = base.getHost() == null ? "" : base.getHost();
        return host.equals("localhost") || host.startsWith("[") || host.matches("[0-9.]+");
    }

    private static Map<String, Price> prices(Fields upstream) {
        Map<String, Price> prices = new LinkedHashMap<>();
        YamlNode node = upstream.find("prices");
        if (node == null) {
            return prices;
        }
        for (Map.Entry<String, YamlNode> entry :
                Fields.mapping(upstream.file(), node, "[prices]").entries().entrySet()) {
            Fields price = Fields.of(
                    upstream.file(),
                    entry.getValue(),
                    "[%s]".formatted(entry.getKey()),
                    List.of("input", "cached", "output"));
            String remedy = "give the price of a million tokens, for instance [0.40]";
            BigDecimal input = price.amount("input", remedy);
            prices.put(
                    entry.getKey(),
                    new Price(
                            input,
                            price.find("cached") == null ? input : price.amount("cached", remedy),
                            price.find("output") == null ? BigDecimal.ZERO : price.amount("output", remedy)));
        }
        return prices;
    }

    private static List<OwnModel> models(Fields fields) {
        List<OwnModel> models = new ArrayList<>();
        YamlNode node = fields.find("models");
        if (node == null) {
            return models;
        }
        for (Map.Entry<String, YamlNode> entry :
                Fields.mapping(fields.file(), node, "[models]").entries().entrySet()) {
            Fields model = Fields.of(
                    fields.file(),
                    entry.getValue(),
                    "[%s]".formatted(entry.getKey()),
                    List.of("version", "mode", "best-of", "rows"));
            requireName(fields, "models", entry.getKey());
            Integer bestOf = model.whole("best-of", 1, MOST_ROWS);
            Integer rows = model.whole("rows", 1, MOST_ROWS);
            String version = model.text("version", "name a version, for instance [support@live]");
            try {
                models.add(new OwnModel(
                        entry.getKey(), version, mode(model), bestOf == null ? 1 : bestOf, rows == null ? ROWS : rows));
            } catch (SettingsException e) {
                throw e;
            } catch (IllegalArgumentException e) {
                throw model.wrong("best-of", "cannot be: " + e.getMessage(), "correct one of them");
            }
        }
        return models;
    }

    private static SamplingMode mode(Fields model) {
        if (model.find("mode") == null) {
            return SamplingMode.EXACT;
        }
        String remedy = "write [exact] or [fast]";
        return switch (model.text("mode", remedy)) {
            case "exact" -> SamplingMode.EXACT;
            case "fast" -> SamplingMode.FAST;
            case String other -> throw model.wrong("mode", "is [%s]".formatted(other), remedy);
        };
    }

    private static void requireName(Fields fields, String key, String name) {
        if (!name.matches("[a-z0-9][a-z0-9-]{0,62}")) {
            throw fields.wrong(key, "has [%s]".formatted(name), "use small letters, digits and [-], 63 at most");
        }
    }

    private static @Nullable String key(
            Fields upstream, Map<String, String> environment, Consumer<SettingsException> keyless) {
        if (upstream.find("key") == null) {
            return null;
        }
        String variable = upstream.text("key", "name the environment variable that holds the key");
        // What is no such name may be the key itself, which no message repeats.
        if (!VARIABLE.matcher(variable).matches()) {
            throw upstream.wrong(
                    "key",
                    "is no name of an environment variable",
                    "name the one that holds the key, for instance [OPENAI_API_KEY]; keys do not stand in files: make a new one if this is one");
        }
        String key = environment.getOrDefault(variable, "");
        if (key.isBlank()) {
            keyless.accept(upstream.wrong(
                    "key",
                    USUAL_VARIABLE.matcher(variable).matches()
                            ? "names the environment variable [%s], which is not set".formatted(variable)
                            : "names an environment variable that is not set",
                    "set it to the server's key; keys do not stand in files"));
            return null;
        }
        return key.strip();
    }
}
