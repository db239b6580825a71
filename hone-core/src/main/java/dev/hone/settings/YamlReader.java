package dev.hone.settings;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.events.StreamStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one YAML 1.2 document as values alone: no anchors, no aliases, no tags, keys once and of text, bounded in size and
 * depth.
 */
public final class YamlReader {
    public static final int MOST_CHARACTERS = 1 << 18;
    private static final int MOST_DEPTH = 24;

    private final String file;
    private final Iterator<Event> events;

    private YamlReader(String file, Iterator<Event> events) {
        this.file = file;
        this.events = events;
    }

    /**
     * The text of a file.
     *
     * @throws SettingsException when it is too large, or not UTF-8
     */
    public static String text(Path file) throws IOException {
        if (Files.size(file) > MOST_CHARACTERS) {
            throw new SettingsException(
                    "[%s] has more than [%d] bytes: these are no settings".formatted(file, MOST_CHARACTERS));
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new SettingsException("[%s] is not UTF-8: save it as such".formatted(file));
        }
    }

    /** @throws SettingsException when it is none */
    public static YamlNode read(String file, String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new SettingsException(
                    "[%s] has more than [%d] characters: these are no settings".formatted(file, MOST_CHARACTERS));
        }
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(MOST_CHARACTERS)
                .setLabel(file)
                .build();
        try {
            return new YamlReader(file, new Parse(settings).parseString(text).iterator()).document();
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new SettingsException(
                    "[%s] is not YAML in line %d: %s".formatted(file, line, String.valueOf(e.getProblem())));
        } catch (YamlEngineException e) {
            throw new SettingsException("[%s] is not YAML: %s".formatted(file, String.valueOf(e.getMessage())));
        }
    }

    private YamlNode document() {
        YamlNode root = null;
        while (events.hasNext()) {
            switch (events.next()) {
                case StreamStartEvent start -> {}
                case StreamEndEvent end -> {}
                case DocumentStartEvent start -> {
                    if (root != null) {
                        throw at(start, "A second document", "one file is one document");
                    }
                    root = node(events.next(), 0);
                }
                default -> {}
            }
        }
        if (root == null) {
            throw new SettingsException("[%s] is empty: write [key: value], a line each".formatted(file));
        }
        return root;
    }

    private YamlNode node(Event event, int depth) {
        if (event instanceof AliasEvent) {
            throw at(event, "An alias", "write the value out");
        }
        if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            throw at(
                    event,
                    "The anchor [%s]"
                            .formatted(node.getAnchor().map(Anchor::getValue).orElse("")),
                    "leave it out");
        }
        if (depth > MOST_DEPTH) {
            throw at(event, "More than [%d] levels".formatted(MOST_DEPTH), "these are no settings");
        }
        Optional<String> tag = switch (event) {
            case ScalarEvent scalar -> scalar.getTag();
            case CollectionStartEvent collection -> collection.getTag();
            default -> Optional.empty();
        };
        if (tag.isPresent()) {
            throw at(event, "The tag [%s]".formatted(tag.get()), "leave it out");
        }
        return switch (event) {
            case ScalarEvent scalar ->
                new YamlNode.Scalar(scalar.getValue(), scalar.getScalarStyle() == ScalarStyle.PLAIN, line(event));
            case MappingStartEvent start -> mapping(start, depth);
            default -> sequence(event, depth);
        };
    }

    private YamlNode sequence(Event start, int depth) {
        List<YamlNode> items = new ArrayList<>();
        for (Event next = events.next(); !(next instanceof SequenceEndEvent); next = events.next()) {
            items.add(node(next, depth + 1));
        }
        return new YamlNode.Sequence(items, line(start));
    }

    private YamlNode mapping(MappingStartEvent start, int depth) {
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        Map<String, Integer> lines = new LinkedHashMap<>();
        for (Event next = events.next(); !(next instanceof MappingEndEvent); next = events.next()) {
            if (!(node(next, depth + 1) instanceof YamlNode.Scalar key)) {
                throw at(next, "A key that is no text", "a key is a word");
            }
            if (lines.containsKey(key.text())) {
                throw at(
                        next,
                        "Key [%s] a second time".formatted(key.text()),
                        "it is in line %d already".formatted(lines.get(key.text())));
            }
            lines.put(key.text(), key.line());
            entries.put(key.text(), node(events.next(), depth + 1));
        }
        return new YamlNode.Mapping(entries, lines, line(start));
    }

    private static int line(Event event) {
        return event.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    private SettingsException at(Event event, String what, String remedy) {
        return SettingsException.at(file, line(event), what, remedy);
    }
}
