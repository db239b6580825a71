package dev.hone.task;

import dev.hone.task.WeaknessCatalogue.Example;
import dev.hone.task.WeaknessCatalogue.Parent;
import dev.hone.task.WeaknessCatalogue.Weakness;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * MITRE's catalogue out of its XML, read as if an enemy had written it: no document type, no entities but XML's five, nothing
 * outside the file, bounded in size, depth and length of a text.
 */
final class WeaknessReader {
    private static final long MOST_BYTES = 1L << 26;
    private static final int MOST_DEPTH = 64;
    private static final int MOST_CHARACTERS = 20_000;

    private final Path file;
    private final XMLStreamReader xml;
    private final Map<Integer, Weakness> weaknesses = new LinkedHashMap<>();
    private final Map<Integer, Set<Integer>> members = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final StringBuilder text = new StringBuilder();
    private Weakness weakness = new Weakness(0, "", new ArrayList<>(), new ArrayList<>());
    private String reference = "";
    private String description = "";

    private WeaknessReader(Path file, XMLStreamReader xml) {
        this.file = file;
        this.xml = xml;
    }

    /** @throws IllegalArgumentException when the file is not such a catalogue */
    static WeaknessCatalogue read(Path file) throws IOException {
        return read(file, MOST_BYTES);
    }

    static WeaknessCatalogue read(Path file, long mostBytes) throws IOException {
        if (Files.size(file) > mostBytes) {
            throw new IllegalArgumentException(
                    "[%s] has [%d] bytes, and [%d] are read at most".formatted(file, Files.size(file), mostBytes));
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return new WeaknessReader(file, factory().createXMLStreamReader(in)).catalogue();
        } catch (XMLStreamException e) {
            throw new IllegalArgumentException(
                    "[%s] cannot be read as XML: %s; remove it, and it is fetched again"
                            .formatted(file, String.valueOf(e.getMessage()).replaceAll("\\s+", " ")),
                    e);
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    private WeaknessCatalogue catalogue() throws XMLStreamException {
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> start(xml.getLocalName());
                case XMLStreamConstants.END_ELEMENT -> end(open.pop());
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text(xml.getText());
                case XMLStreamConstants.DTD -> throw refused("has a document type");
                default -> {} // comments and white space
            }
        }
        if (weaknesses.isEmpty()) {
            throw refused("names no weakness");
        }
        return new WeaknessCatalogue(weaknesses, members);
    }

    private void start(String name) {
        if (open.size() >= MOST_DEPTH) {
            throw refused("is nested more than [" + MOST_DEPTH + "] deep");
        }
        switch (name) {
            case "Weakness" ->
                weakness = new Weakness(number("ID"), attribute("Name"), new ArrayList<>(), new ArrayList<>());
            case "Related_Weakness" -> {
                if (attribute("Nature").equals("ChildOf")) {
                    weakness.parents()
                            .add(new Parent(
                                    number("CWE_ID"),
                                    number("View_ID"),
                                    "Primary".equals(xml.getAttributeValue(null, "Ordinal"))));
                }
            }
            case "Has_Member" ->
                members.computeIfAbsent(number("View_ID"), view -> new HashSet<>())
                        .add(number("CWE_ID"));
            case "Observed_Example" -> {
                reference = "";
                description = "";
            }
            default -> {}
        }
        open.push(name);
        text.setLength(0);
    }

    private void end(String name) {
        String around = open.isEmpty() ? "" : open.peek();
        switch (name) {
            case "Weakness" -> weaknesses.put(weakness.id(), closed(weakness));
            case "Observed_Example" -> weakness.examples().add(new Example(reference, description));
            case "Reference" -> {
                if (around.equals("Observed_Example")) {
                    reference = line();
                }
            }
            case "Description" -> {
                if (around.equals("Observed_Example")) {
                    description = line();
                }
            }
            default -> {}
        }
        text.setLength(0);
    }

    private static Weakness closed(Weakness weakness) {
        return new Weakness(
                weakness.id(), weakness.name(), List.copyOf(weakness.parents()), List.copyOf(weakness.examples()));
    }

    private void text(String more) {
        if (text.length() + more.length() > MOST_CHARACTERS) {
            throw refused("has a text of more than [" + MOST_CHARACTERS + "] characters");
        }
        text.append(more);
    }

    private String line() {
        return text.toString().strip().replaceAll("\\s+", " ");
    }

    private String attribute(String name) {
        String value = xml.getAttributeValue(null, name);
        if (value == null) {
            throw refused("has a [%s] without [%s]".formatted(xml.getLocalName(), name));
        }
        return value;
    }

    private int number(String name) {
        String value = attribute(name);
        if (!value.matches("[0-9]{1,6}")) {
            throw refused("has [%s=%s], which is no number of the catalogue".formatted(name, value));
        }
        return Integer.parseInt(value);
    }

    private IllegalArgumentException refused(String reason) {
        int line = xml.getLocation().getLineNumber();
        return new IllegalArgumentException("[%s] %s%s: it is not MITRE's catalogue; remove it, and it is fetched again"
                .formatted(file, reason, line > 0 ? ", line [" + line + "]" : ""));
    }
}
