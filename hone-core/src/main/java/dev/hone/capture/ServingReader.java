package dev.hone.capture;

import dev.hone.capture.redact.Redaction;
import dev.hone.capture.redact.RedactionKinds;
import dev.hone.capture.route.Retries;
import dev.hone.capture.route.Route;
import dev.hone.capture.route.Variant;
import dev.hone.record.Project;
import dev.hone.record.UseCaseName;
import dev.hone.settings.Fields;
import dev.hone.settings.Nearest;
import dev.hone.settings.SettingsException;
import dev.hone.settings.YamlNode;
import dev.hone.settings.YamlReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads how a use case is served from the keys of its charter. */
public final class ServingReader {
    /** The keys of a charter that are about serving. */
    public static final List<String> KEYS =
            List.of("variants", "fallback", "retries", "redaction", "project", "shadow", "shadow-share");

    /** Versions of Hone's own get copies, too. */
    private static final String PROMOTE = "promote";

    /** Those that mean something where nobody answers here. */
    private static final List<String> TOLD_KEYS = List.of("redaction", "project");

    private ServingReader() {}

    /**
     * Of a charter.
     *
     * @param name of the use case
     * @return null where it says nothing about serving
     */
    public static @Nullable Serving read(String name, Fields charter) {
        YamlNode variants = charter.find("variants");
        if (variants == null) {
            return told(name, charter);
        }
        Double share = charter.number("shadow-share", "give a share of the calls, for instance [0.1]");
        try {
            Route route = new Route(
                    name,
                    variants(charter, variants),
                    charter.find("fallback") == null
                            ? List.of()
                            : charter.texts("fallback", "list names of variants, for instance [incumbent]"),
                    charter.find("shadow") == null
                            ? List.of()
                            : charter.texts("shadow", "list names of variants, for instance [tuned]"),
                    retries(charter));
            requireEffect(charter, route);
            return new Serving(route, redaction(charter), project(charter), share == null ? 1 : share);
        } catch (SettingsException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw charter.wrong("variants", "cannot serve: " + e.getMessage(), "correct it");
        }
    }

    /** What says something and does nothing is a mistake. */
    private static void requireEffect(Fields charter, Route route) {
        if (charter.find("shadow-share") != null && route.shadows().isEmpty() && charter.find(PROMOTE) == null) {
            throw charter.wrong(
                    "shadow-share", "is there without [shadow] or [promote]", "name who gets copies, or leave it out");
        }
        for (Variant variant : route.variants()) {
            boolean named =
                    route.fallback().contains(variant.name()) || route.shadows().contains(variant.name());
            if (variant.weight() == 0 && !named) {
                throw charter.wrong(
                        "variants",
                        "has [%s] of weight 0, which nobody would ever ask".formatted(variant.name()),
                        "name it under [fallback] or [shadow], give it a weight, or leave it out");
            }
            if (variant.redacted() && charter.find("redaction") == null) {
                throw charter.wrong(
                        "variants",
                        "has [%s] with [redacted: true], and there is no [redaction]".formatted(variant.name()),
                        "say what is taken out, or leave [redacted] out");
            }
        }
    }

    /** Calls that do not pass here, and are told about, are kept in a project and without what must not be stored as well. */
    private static @Nullable Serving told(String name, Fields charter) {
        for (String key : KEYS) {
            if (charter.find(key) != null && !TOLD_KEYS.contains(key)) {
                throw charter.wrong(key, "is there without [variants]", "say who answers, or leave it out");
            }
        }
        return TOLD_KEYS.stream().allMatch(key -> charter.find(key) == null)
                ? null
                : new Serving(
                        new Route(name, List.of(), List.of(), List.of(), Retries.STANDARD),
                        redaction(charter),
                        project(charter),
                        0);
    }

    private static List<Variant> variants(Fields charter, YamlNode node) {
        List<Variant> variants = new ArrayList<>();
        for (Map.Entry<String, YamlNode> entry :
                Fields.mapping(charter.file(), node, "[variants]").entries().entrySet()) {
            Fields variant = Fields.of(
                    charter.file(),
                    entry.getValue(),
                    "[%s]".formatted(entry.getKey()),
                    List.of("upstream", "model", "weight", "redacted"));
            Double weight = variant.number("weight", "give a share of the traffic, for instance [0.1]");
            variants.add(new Variant(
                    entry.getKey(),
                    variant.text("upstream", "name a server of hone.yaml"),
                    variant.text("model", "name the model as that server calls it"),
                    weight == null ? 1 : weight,
                    variant.find("redacted") != null && variant.flag("redacted")));
        }
        if (variants.isEmpty()) {
            throw charter.wrong("variants", "has none", "name who answers, or leave it out");
        }
        return variants;
    }

    private static String project(Fields charter) {
        if (charter.find("project") == null) {
            return Project.DEFAULT;
        }
        String project = charter.text("project", "name a project, see hone projects list");
        try {
            return UseCaseName.require(project);
        } catch (IllegalArgumentException e) {
            throw charter.wrong(
                    "project", "is [%s]".formatted(project), "use small letters, digits and [-], 63 at most");
        }
    }

    private static Retries retries(Fields charter) {
        YamlNode node = charter.find("retries");
        Retries standard = Retries.STANDARD;
        if (node == null) {
            return standard;
        }
        Fields retries = Fields.of(
                charter.file(),
                node,
                "[retries]",
                List.of("again", "first-pause", "longest-pause", "deadline", "total"));
        Integer again = retries.whole("again", 0, 10);
        Duration first = retries.duration("first-pause");
        Duration longest = retries.duration("longest-pause");
        Duration deadline = retries.duration("deadline");
        Duration total = retries.duration("total");
        if (deadline == null && total != null && total.compareTo(standard.deadline()) < 0) {
            deadline = total;
        }
        return new Retries(
                again == null ? standard.again() : again,
                first == null ? standard.first() : first,
                longest == null ? standard.longest() : longest,
                deadline == null ? standard.deadline() : deadline,
                total == null ? standard.total() : total);
    }

    /** Kinds by name, with a pattern of one's own, or with a list of countries for telephone numbers; or a list of kinds. */
    static Redaction redaction(Fields charter) {
        YamlNode node = charter.find("redaction");
        if (node == null) {
            return Redaction.NOTHING;
        }
        RedactionKinds kinds = new RedactionKinds();
        if (node instanceof YamlNode.Sequence sequence) {
            List<String> names = charter.texts("redaction", "list kinds, for instance [email, card]");
            for (int i = 0; i < names.size(); i++) {
                String kind = names.get(i);
                add(charter.file(), sequence.items().get(i).line(), () -> kinds.add(kind));
            }
        } else {
            YamlNode.Mapping mapping = Fields.mapping(charter.file(), node, "[redaction]");
            Fields fields = Fields.of(
                    charter.file(),
                    node,
                    "[redaction]",
                    mapping.entries().keySet().stream().toList());
            for (String kind : fields.keys()) {
                YamlNode value = fields.require(kind, "");
                if (value instanceof YamlNode.Scalar scalar && scalar.isNothing()) {
                    add(charter.file(), mapping.lineOf(kind), () -> kinds.add(kind));
                } else if (value instanceof YamlNode.Sequence) {
                    List<String> countries = fields.texts(kind, "list countries, for instance [US, DE]");
                    add(charter.file(), mapping.lineOf(kind), () -> kinds.add(kind, countries));
                } else {
                    String pattern = fields.text(kind, "give a regular expression");
                    add(charter.file(), mapping.lineOf(kind), () -> kinds.add(kind, pattern));
                }
            }
        }
        return kinds.redaction();
    }

    /** A kind that cannot be taken out is told where it stands. */
    private static void add(String file, int line, Runnable adding) {
        try {
            adding.run();
        } catch (IllegalArgumentException e) {
            throw SettingsException.at(file, line, "[redaction] cannot be: " + e.getMessage(), "correct it");
        }
    }

    /**
     * Of a variant that names no server: where it does so in its charter.
     *
     * @param servers that there are
     */
    public static SettingsException withoutServer(Path file, Variant variant, List<String> servers) throws IOException {
        int line = 1;
        YamlNode charter = YamlReader.read(file.toString(), YamlReader.text(file));
        if (charter instanceof YamlNode.Mapping keys
                && keys.entries().get("variants") instanceof YamlNode.Mapping variants) {
            line = variants.entries().get(variant.name()) instanceof YamlNode.Mapping one
                    ? one.lineOf("upstream")
                    : variants.lineOf(variant.name());
        }
        return SettingsException.at(
                file.toString(),
                line,
                "[upstream] of [%s] is [%s], which is no server of the gateway's file"
                        .formatted(variant.name(), variant.upstream()),
                Nearest.to(variant.upstream(), servers)
                        .map("did you mean [%s]?"::formatted)
                        .orElseGet(() -> "there are " + Fields.list(servers)));
    }
}
