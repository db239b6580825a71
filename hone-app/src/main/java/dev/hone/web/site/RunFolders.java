package dev.hone.web.site;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Folders of runs that lie in a folder: what {@code hone train --out runs/NAME} writes, while it goes on and after. Read only.
 *
 * @param path which need not exist
 */
record RunFolders(Path path) {
    private static final String METRICS = "metrics.jsonl";
    private static final String SAMPLES = "samples.jsonl";
    private static final String MANIFEST = "hone-run.json";
    private static final int MOST = 200;

    /** A folder of more is no folder of runs. */
    private static final int MOST_LOOKED_AT = 10_000;

    private static final int TAIL = 256 << 10;

    /** @param finished whether its manifest, which is written last, is there */
    record Folder(String name, Path path, boolean finished, Instant changed) {
        Path metrics() {
            return path.resolve(METRICS);
        }

        boolean isFinishedNow() {
            return Files.exists(path.resolve(MANIFEST));
        }

        /** The last samples that were drawn, the newest first; what is torn is left out. */
        List<JsonNode> samples(int most) throws IOException {
            List<JsonNode> samples = new ArrayList<>();
            for (String line : tail(path.resolve(SAMPLES)).lines().toList().reversed()) {
                JsonNode sample = parse(line);
                if (sample.isObject() && samples.size() < most) {
                    samples.add(sample);
                }
            }
            return samples;
        }
    }

    /** Those that lie there now, the last changed first. */
    List<Folder> all() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(path)) {
            List<Folder> folders = new ArrayList<>();
            for (Path one : inside.limit(MOST_LOOKED_AT).toList()) {
                Path metrics = one.resolve(METRICS);
                if (Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS) && Files.isRegularFile(metrics)) {
                    folders.add(new Folder(
                            one.getFileName().toString(),
                            one,
                            Files.exists(one.resolve(MANIFEST)),
                            Files.getLastModifiedTime(metrics).toInstant()));
                }
            }
            return folders.stream()
                    .sorted(Comparator.comparing(Folder::changed).reversed())
                    .limit(MOST)
                    .toList();
        }
    }

    /** By its name as it is listed: a path is none. */
    Optional<Folder> find(String name) throws IOException {
        return all().stream().filter(folder -> folder.name().equals(name)).findFirst();
    }

    /** An object of a line; anything else where the line is torn. */
    static JsonNode parse(String line) {
        try {
            return JsonMapper.shared().readTree(line);
        } catch (JacksonException e) {
            return JsonMapper.shared().missingNode();
        }
    }

    private static String tail(Path file) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(Math.max(0, channel.size() - TAIL));
            ByteBuffer buffer = ByteBuffer.allocate(TAIL);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                continue;
            }
            return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
