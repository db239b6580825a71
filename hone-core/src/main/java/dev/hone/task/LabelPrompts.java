package dev.hone.task;

import dev.hone.record.ChatMessage;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The ways to ask a model for a label. The answer is the label as a JSON string, so that a schema can be obeyed. */
public final class LabelPrompts {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String BRIEF = "Classify.";

    private LabelPrompts() {}

    /** For a model that has learned the job: the text, and no label. */
    public static Conversation brief(Task task) {
        return brief(task.question());
    }

    /** The same of a text that is nobody's task yet. */
    public static Conversation brief(String text) {
        return Conversation.of(ChatMessage.of("system", BRIEF), ChatMessage.of("user", text));
    }

    /** A label as a model writes it. */
    public static String answer(String label) {
        return JSON.writeValueAsString(label);
    }

    /** What {@link #brief} asks, with the right label. */
    public static Conversation demonstration(Task task) {
        return Conversation.of(
                ChatMessage.of("system", BRIEF),
                ChatMessage.of("user", task.question()),
                ChatMessage.of("assistant", answer(task.reference())));
    }

    /**
     * As a product asks a general model: instruction and all labels before the text.
     *
     * @param labels each with its other names, which say what it is
     */
    public static Conversation listed(Task task, Map<String, List<String>> labels) {
        String list = new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> label.getKey() + " " + String.join(", ", label.getValue()))
                        .collect(Collectors.joining("\n"));
        return Conversation.of(
                ChatMessage.of(
                        "system", "Which of these classes fits best? Answer with its short name alone.\n\n" + list),
                ChatMessage.of("user", task.question()));
    }

    /** Examples of the same job as earlier turns. */
    public static Conversation fewShot(Task task, List<Task> examples) {
        List<ChatMessage> messages = new ArrayList<>();
        messages.add(ChatMessage.of("system", "Answer every text with its class, like the examples."));
        for (Task example : examples) {
            messages.add(ChatMessage.of("user", example.question()));
            messages.add(ChatMessage.of("assistant", JSON.writeValueAsString(example.reference())));
        }
        messages.add(ChatMessage.of("user", task.question()));
        return new Conversation(messages, List.of());
    }

    /** An answer must be one of the labels. */
    public static Constraint.Schema oneOf(Collection<String> labels) {
        ObjectNode schema = JSON.createObjectNode().put("type", "string");
        ArrayNode values = schema.putArray("enum");
        labels.stream().sorted().forEach(values::add);
        return new Constraint.Schema(schema.toString());
    }
}
