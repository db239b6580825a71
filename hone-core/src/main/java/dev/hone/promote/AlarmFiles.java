package dev.hone.promote;

import dev.hone.file.Durable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What somebody should look at, by use case in {@code rollouts/alarms} of Hone's home: for whoever asks without the database, and where nothing is being rolled
 * out. Written by {@link RolloutControl} when it changes.
 */
public final class AlarmFiles {
    /** The kind of the alarm that the live version does not have the calls that it should have. */
    public static final String SERVING = ServerWatch.SERVING;

    /** The kind of the alarm that somebody took the calls of own versions away. */
    public static final String HALTED = Commands.HALTED;

    /** The kind of the alarm that something stands against the version that the alias says is live. */
    static final String UNFIT = "unfit";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path folder;

    /** @param home where Hone keeps things */
    public AlarmFiles(Path home) {
        this.folder = home.resolve(TrafficFile.FOLDER).resolve("alarms");
    }

    private Path file(String useCase) {
        return folder.resolve(useCase + ".json");
    }

    /** Texts by their kind, as a gateway wrote them last; none where none did, or what is there cannot be read. */
    public Map<String, String> read(String useCase) throws IOException {
        Map<String, String> alarms = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, JsonNode> one :
                    JSON.readTree(Files.readAllBytes(file(useCase))).properties()) {
                alarms.put(one.getKey(), one.getValue().asString(""));
            }
        } catch (NoSuchFileException | JacksonException e) {
            // They are written anew when they change.
        }
        return alarms;
    }

    void write(String useCase, Map<String, String> alarms) throws IOException {
        Files.createDirectories(folder);
        ObjectNode tree = JSON.createObjectNode();
        alarms.forEach(tree::put);
        Durable.write(file(useCase), tree.toString().getBytes(StandardCharsets.UTF_8));
    }
}
