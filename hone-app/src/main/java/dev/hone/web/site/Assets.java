package dev.hone.web.site;

import dev.hone.fetch.Hashes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Stylesheets and scripts, from the class path. Their addresses have a hash of what they say, so that they may be kept for ever. */
public final class Assets {
    static final String PATH = "/assets/";
    private static final int HASH = 16;

    private final Map<String, Answer.Asset> byAddress = new HashMap<>();
    private final Map<String, String> addresses = new HashMap<>();

    public Assets() {
        add("hone.css", "text/css", "/dev/hone/web/plots.css", "/dev/hone/web/site/site.css");
        add("hone.js", "text/javascript", "/dev/hone/web/site/site.js");
        add("label.js", "text/javascript", "/dev/hone/web/site/label.js");
        add("live.js", "text/javascript", "/dev/hone/web/site/live.js");
        add("advise.js", "text/javascript", "/dev/hone/web/site/advise.js");
        add("htmx.js", "text/javascript", webjar("htmx.org", "dist/htmx.min.js"));
        add("uplot.js", "text/javascript", webjar("uplot", "dist/uPlot.iife.min.js"));
        add("uplot.css", "text/css", webjar("uplot", "dist/uPlot.min.css"));
    }

    /** A WebJar's file is below its version, which its properties say. */
    private static String webjar(String name, String file) {
        String properties = "/META-INF/maven/org.webjars.npm/%s/pom.properties".formatted(name);
        Properties read = new Properties();
        try (InputStream in = open(properties)) {
            read.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "/META-INF/resources/webjars/%s/%s/%s".formatted(name, read.getProperty("version"), file);
    }

    private void add(String name, String type, String... resources) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String resource : resources) {
            try (InputStream in = open(resource)) {
                in.transferTo(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        String hash = HexFormat.of()
                .formatHex(Hashes.sha256().digest(bytes.toByteArray()))
                .substring(0, HASH);
        String address = PATH + hash + "/" + name;
        addresses.put(name, address);
        byAddress.put(address, new Answer.Asset(type, bytes.toByteArray()));
    }

    private static InputStream open(String resource) {
        InputStream in = Assets.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException("[%s] is missing in this build".formatted(resource));
        }
        return in;
    }

    /** Where a file is. */
    public String at(String name) {
        String address = addresses.get(name);
        if (address == null) {
            throw new IllegalArgumentException(
                    "There is no file [%s], but %s".formatted(name, List.copyOf(addresses.keySet())));
        }
        return address;
    }

    Optional<Answer.Asset> find(String address) {
        return Optional.ofNullable(byAddress.get(address));
    }
}
