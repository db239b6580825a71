package dev.hone.run;

import dev.hone.file.Durable;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.task.ChatJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** The tasks of a use case as the file of labelled calls that {@link TraceImport} reads, one a line. */
public final class TraceExport {
    private TraceExport() {}

    public static void write(UseCase useCase, Path file) throws IOException {
        String lines = useCase.data().tasks().stream()
                .map(task -> line(useCase, task) + "\n")
                .collect(Collectors.joining());
        Durable.write(file, lines.getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode line(UseCase useCase, Task task) {
        Conversation asked = useCase.product(task);
        List<ChatMessage> messages = new ArrayList<>(asked.messages());
        messages.add(useCase.right(task));
        ObjectNode line = ChatJson.of(new Conversation(messages, asked.tools()));
        line.put("id", task.id());
        ObjectNode metadata = line.putObject("metadata");
        new TreeMap<>(task.metadata()).forEach(metadata::put);
        return line;
    }
}
