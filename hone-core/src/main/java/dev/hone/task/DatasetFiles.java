package dev.hone.task;

import dev.hone.fetch.Hashes;
import dev.hone.file.Durable;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.DatasetTask;
import dev.hone.record.Split;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A dataset as files of demonstrations, one a split, as {@link ChatFile} reads them. */
public final class DatasetFiles {
    private static final String END = ".jsonl";

    private DatasetFiles() {}

    /**
     * The files of a dataset: {@code support.jsonl} is {@code support.train.jsonl} and so on.
     *
     * @throws IllegalArgumentException when they cannot be written
     */
    public static Map<Split, Path> names(Path file) {
        String name = String.valueOf(file.getFileName());
        Path folder = file.toAbsolutePath().getParent();
        if (!name.endsWith(END)
                || name.equals(END)
                || folder == null
                || !Files.isDirectory(folder)
                || !Files.isWritable(folder)) {
            throw new IllegalArgumentException(
                    "--out [%s] cannot be written: name a file that ends with [%s], in a folder that exists and that you may write"
                            .formatted(file, END));
        }
        Map<Split, Path> names = new LinkedHashMap<>();
        for (Split split : Split.values()) {
            names.put(
                    split, folder.resolve(name.substring(0, name.length() - END.length()) + "." + split.label() + END));
        }
        return names;
    }

    /**
     * Writes every split that has tasks, each file whole or not at all.
     *
     * @return what was written
     */
    public static Map<Split, Path> write(Path file, List<DatasetTask> tasks) throws IOException {
        Map<Split, Path> written = new LinkedHashMap<>();
        for (Map.Entry<Split, Path> entry : names(file).entrySet()) {
            List<DatasetTask> part = tasks.stream()
                    .filter(task -> task.split() == entry.getKey())
                    .toList();
            if (!part.isEmpty()) {
                write(part, entry.getValue());
                written.put(entry.getKey(), entry.getValue());
            }
        }
        return written;
    }

    private static void write(List<DatasetTask> tasks, Path file) throws IOException {
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            try (BufferedWriter lines = Files.newBufferedWriter(part)) {
                for (DatasetTask task : tasks) {
                    lines.append(line(task)).append('\n');
                }
            }
            Durable.publish(part, file);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** SHA-256 of the file that {@link #write} makes of a split, by which a run's data is known again. */
    public static String sha256(List<DatasetTask> tasks, Split split) {
        MessageDigest digest = Hashes.sha256();
        tasks.stream()
                .filter(task -> task.split() == split)
                .forEach(task -> digest.update((line(task) + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** {@code {"trace", "messages", "tools", "metadata"}}. */
    private static String line(DatasetTask task) {
        Conversation input = ChatJson.conversation(task.input());
        List<ChatMessage> turns = new ArrayList<>(input.messages());
        turns.add(ChatJson.message(task.reference()));
        ObjectNode line =
                JsonMapper.shared().createObjectNode().put("trace", task.trace().toString());
        line.setAll(ChatJson.of(new Conversation(turns, input.tools())));
        if (!task.metadata().isEmpty()) {
            ObjectNode metadata = line.putObject("metadata");
            new java.util.TreeMap<>(task.metadata()).forEach(metadata::put);
        }
        return line.toString();
    }
}
