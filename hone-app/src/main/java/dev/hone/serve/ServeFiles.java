package dev.hone.serve;

import dev.hone.capture.GatewaySettings;
import dev.hone.capture.OwnModel;
import dev.hone.capture.Serving;
import dev.hone.capture.ServingReader;
import dev.hone.capture.feedback.FeedbackRules;
import dev.hone.capture.feedback.Judging;
import dev.hone.capture.gateway.Configuration;
import dev.hone.capture.redact.Pseudonyms;
import dev.hone.capture.redact.Redaction;
import dev.hone.capture.redact.RedactionKinds;
import dev.hone.capture.route.Variant;
import dev.hone.capture.upstream.Price;
import dev.hone.capture.upstream.Upstream;
import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.fetch.Hashes;
import dev.hone.promote.UseCasePlan;
import dev.hone.record.ConfigurationText;
import dev.hone.run.CharterCheck;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The files that say what is served, and how.
 *
 * @param settings the gateway's own file
 * @param useCases folder of charters, or one of them, of which those with variants are served
 * @param environment of the process, which has the keys of servers, and says where the database is
 * @param places of Hone's own models
 */
public record ServeFiles(Path settings, Path useCases, Map<String, String> environment, OwnPlaces places) {
    /** Of files that somebody goes on changing. */
    private static final int MOST_READINGS = 5;

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration SILENCE = Duration.ofSeconds(120);

    /** Nobody is paid for what Hone's own models answer. */
    private static final Price OWN = new Price(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    /**
     * What they say.
     *
     * @param settings where to listen, which counts at the start alone
     * @param configuration what calls follow
     * @param judging what feedback follows
     * @param text to be kept
     * @param plans of use cases whose own versions come to their calls by themselves
     */
    public record Read(
            GatewaySettings settings,
            Configuration configuration,
            List<Serving> servings,
            Judging judging,
            ConfigurationText text,
            List<UseCasePlan> plans) {}

    /** @throws IllegalArgumentException when they cannot be followed */
    public Read read() throws IOException {
        return read(() -> GatewaySettings.read(settings, environment));
    }

    /**
     * What they say, where nobody is served.
     *
     * @param keyless hears of each server's key that the environment does not have
     * @throws IllegalArgumentException when they cannot be followed for another reason
     */
    public Read check(Consumer<String> keyless) throws IOException {
        return read(() -> GatewaySettings.check(
                settings, environment, missing -> keyless.accept(String.valueOf(missing.getMessage()))));
    }

    /** What stands in {@code hone.yaml}, read anew. */
    private interface Reading {
        GatewaySettings read() throws IOException;
    }

    /** Reads them again when somebody changed them meanwhile: what they said, and the hash of what they say, are of the same files. */
    private Read read(Reading reading) throws IOException {
        for (int i = 1; ; i++) {
            List<Content> contents = contents();
            Read read = read(reading.read(), contents);
            if (i == MOST_READINGS || hash().equals(read.configuration().hash())) {
                return read;
            }
        }
    }

    private Read read(GatewaySettings read, List<Content> contents) throws IOException {
        String hash = hash(contents);
        List<Serving> servings = new ArrayList<>();
        List<UseCasePlan> plans = new ArrayList<>();
        Map<String, FeedbackRules> rules = new HashMap<>();
        Map<String, Redaction> redactions = new HashMap<>();
        Map<String, String> projects = new HashMap<>();
        List<Upstream> upstreams = upstreams(read);
        List<String> servers = upstreams.stream().map(Upstream::name).sorted().toList();
        for (Path file : charters()) {
            Charter charter = CharterReader.read(file);
            rules.put(charter.name(), charter.feedback());
            if (charter.serving() != null) {
                requireServers(file, charter.serving(), servers);
                servings.add(charter.serving());
                redactions.put(charter.name(), charter.serving().redaction());
                projects.put(charter.name(), charter.serving().project());
                if (charter.promotion() != null) {
                    plans.add(new UseCasePlan(
                            charter.serving(),
                            charter.promotion(),
                            charter.good(),
                            read.currency(),
                            charter.gates() == null ? null : charter.gates().hash()));
                }
            }
        }
        return new Read(
                read,
                new Configuration(read.options(), read.currency(), upstreams, servings, hash),
                List.copyOf(servings),
                new Judging(rules, redactions, projects, read.options().redaction(), hash),
                text(hash, contents),
                List.copyOf(plans));
    }

    private static void requireServers(Path file, Serving serving, List<String> servers) throws IOException {
        for (Variant variant : serving.route().variants()) {
            if (!servers.contains(variant.upstream())) {
                throw ServingReader.withoutServer(file, variant, servers);
            }
        }
    }

    private List<Upstream> upstreams(GatewaySettings read) {
        List<Upstream> upstreams = new ArrayList<>(read.upstreams());
        for (OwnModel model : read.models()) {
            if (upstreams.stream().anyMatch(upstream -> upstream.name().equals(model.name()))) {
                throw new IllegalArgumentException("[%s] in [%s] is a server and a model: call one of them otherwise"
                        .formatted(model.name(), settings));
            }
            upstreams.add(new Upstream(
                            model.name(),
                            places.address(model.name()),
                            places.key(model.name()).text(),
                            CONNECT,
                            SILENCE,
                            true,
                            true,
                            Map.of(model.name(), OWN))
                    .asOwn());
        }
        return upstreams;
    }

    /**
     * The charters alone, as they say now; none where there is no folder of them.
     *
     * @throws IllegalArgumentException when they cannot be read
     */
    public List<Charter> declared() {
        try {
            return Files.exists(useCases) ? CharterCheck.read(useCases) : List.of();
        } catch (IOException e) {
            throw new IllegalArgumentException("The charters cannot be read: " + e.getMessage(), e);
        }
    }

    private List<Path> charters() throws IOException {
        if (Files.isRegularFile(useCases)) {
            return List.of(useCases);
        }
        if (!Files.isDirectory(useCases)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(useCases)) {
            return files.filter(file -> file.toString().endsWith(CharterReader.END))
                    .sorted()
                    .toList();
        }
    }

    /** SHA-256 of what stands in them. */
    String hash() throws IOException {
        return hash(contents());
    }

    private record Content(String name, byte[] bytes) {}

    private List<Content> contents() throws IOException {
        List<Path> files = new ArrayList<>(List.of(settings));
        files.addAll(charters());
        List<Content> contents = new ArrayList<>();
        for (Path file : files) {
            contents.add(new Content(String.valueOf(file.getFileName()), Files.readAllBytes(file)));
        }
        return contents;
    }

    private static String hash(List<Content> contents) {
        MessageDigest digest = Hashes.sha256();
        for (Content content : contents) {
            digest.update(
                    "%s\0%d\0".formatted(content.name(), content.bytes().length).getBytes(StandardCharsets.UTF_8));
            digest.update(content.bytes());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Files name the variables that hold keys; what somebody wrote there all the same, in a remark for instance, is not kept. */
    private static ConfigurationText text(String hash, List<Content> contents) {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("secret");
        Redaction secrets = kinds.redaction();
        Pseudonyms pseudonyms = new Pseudonyms();
        return new ConfigurationText(
                hash,
                contents.stream()
                        .map(content -> new ConfigurationText.File(
                                content.name(),
                                secrets.text(new String(content.bytes(), StandardCharsets.UTF_8), pseudonyms)))
                        .toList());
    }
}
