package dev.hone.run;

import dev.hone.evaluate.NearestSentence;
import dev.hone.evaluate.TextSimilarity;
import dev.hone.file.Durable;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.task.AssistantActions;
import dev.hone.task.CallPrompts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Demonstrated calls of which a model sees the nearest before a sentence: those of an offered tool in the same schema first, and among these the ones that are written
 * alike. They are the rows that it learned from, each of which it learned beside its own neighbours; so they are kept beside its weights, and
 * it is asked with them wherever it is.
 */
public final class CallExamples {
    /** One JSON object a line: {@code {"id", "tool", "sentence", "call"}}; the tool in OpenAI's form, the call as it was written. */
    static final String FILE = "examples.jsonl";

    private final List<Task> rows;
    private final int shown;
    private final NearestSentence nearest;

    private CallExamples(List<Task> rows, int shown) {
        this.rows = List.copyOf(rows);
        this.shown = shown;
        this.nearest = nearest(rows);
    }

    /**
     * Examples of tasks with right calls.
     *
     * @param shown how many a model sees at once
     */
    static CallExamples of(List<Task> tasks, int shown) {
        if (shown < 1) {
            throw new IllegalArgumentException("[%d] examples are none to show".formatted(shown));
        }
        return new CallExamples(
                tasks.stream().map(CallExamples::withItsToolAlone).toList(), shown);
    }

    /** Who finds training tasks that are near. */
    static NearestSentence nearest(List<Task> train) {
        return new NearestSentence(train, CallPrompts::offers, CallPrompts::uses, TextSimilarity::ofWriting);
    }

    private static Task withItsToolAlone(Task task) {
        String function = task.require(AssistantActions.FUNCTION);
        List<String> tool = task.input().tools().stream()
                .filter(one -> name(one).equals(function))
                .limit(1)
                .toList();
        if (tool.isEmpty()) {
            throw new IllegalArgumentException(
                    "Row [%s] calls [%s], which its [tools] do not offer".formatted(task.id(), function));
        }
        return example(task.id(), function, tool, task.question(), task.reference());
    }

    private static String name(String tool) {
        return JsonMapper.shared().readTree(tool).path("function").path("name").asString("");
    }

    private static Task example(String id, String function, List<String> tool, String sentence, String call) {
        return new Task(
                id,
                new Conversation(List.of(ChatMessage.of("user", sentence)), tool),
                call,
                Map.of(AssistantActions.FUNCTION, function));
    }

    /** How many a model sees at once. */
    int shown() {
        return shown;
    }

    /** The question, after the nearest examples, the nearest last. A task is never shown to itself. */
    Conversation ask(Task task) {
        List<ChatMessage> brief = CallPrompts.brief(task).messages();
        List<ChatMessage> messages = new ArrayList<>();
        messages.add(brief.getFirst());
        List<Task> near = nearest.nearest(task, shown + 1).stream()
                .filter(example -> !example.id().equals(task.id()))
                .limit(shown)
                .toList();
        for (Task example : near.reversed()) {
            messages.add(ChatMessage.of("user", example.question()));
            messages.add(ChatMessage.of("assistant", example.reference()));
        }
        messages.add(brief.getLast());
        return new Conversation(messages, List.of());
    }

    /**
     * The question of a product.
     *
     * @param tools each a JSON object as text, in OpenAI's form
     */
    public Conversation ask(List<String> tools, String sentence) {
        return ask(new Task("", new Conversation(List.of(ChatMessage.of("user", sentence)), tools), "", Map.of()));
    }

    /** {@link #ask} with the right call. */
    Conversation demonstrate(Task task) {
        List<ChatMessage> messages = new ArrayList<>(ask(task).messages());
        messages.add(ChatMessage.of("assistant", task.reference()));
        return new Conversation(messages, List.of());
    }

    /** Writes them into a model's folder. */
    void write(Path folder) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Task row : rows) {
            ObjectNode line = JsonMapper.shared().createObjectNode().put("id", row.id());
            line.set("tool", JsonMapper.shared().readTree(row.input().tools().getFirst()));
            line.put("sentence", row.question()).put("call", row.reference());
            lines.append(line).append('\n');
        }
        Durable.write(folder.resolve(FILE), lines.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads those of a model's folder.
     *
     * @throws IllegalArgumentException when they are not there, or cannot be read
     */
    static CallExamples read(Path folder, int shown) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "[%s] is missing: the model was taught beside examples, and cannot be asked without them"
                            .formatted(file));
        }
        List<Task> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            try {
                JsonNode row = JsonMapper.shared().readTree(line);
                String tool = row.path("tool").toString();
                if (name(tool).isEmpty()) {
                    throw noExample(file, rows.size() + 1, null);
                }
                rows.add(example(
                        row.path("id").stringValue(),
                        name(tool),
                        List.of(tool),
                        row.path("sentence").stringValue(),
                        row.path("call").stringValue()));
            } catch (JacksonException e) {
                throw noExample(file, rows.size() + 1, e);
            }
        }
        return new CallExamples(rows, shown);
    }

    private static IllegalArgumentException noExample(Path file, int line, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "[%s] line %d is no example: {\"id\", \"tool\", \"sentence\", \"call\"}".formatted(file, line), cause);
    }
}
