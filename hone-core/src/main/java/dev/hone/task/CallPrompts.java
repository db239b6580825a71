package dev.hone.task;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** The ways to ask a model for a call. */
public final class CallPrompts {
    private static final String INSTRUCTION = """
        You turn a request into one call of one of the functions below. Answer with the call alone, as one line of JSON: \
        {"name":"<function>","arguments":{"<argument>":<value>}}. Give every required argument, leave out optional ones \
        that the request does not mention.
        """;

    private CallPrompts() {}

    /**
     * The sentence alone, for a model that has learned the job. The empty system turn keeps chat templates from adding one
     * of their own.
     */
    public static Conversation sentence(Task task) {
        return Conversation.of(ChatMessage.of("system", ""), ChatMessage.of("user", task.question()));
    }

    /** The sentence with its right call. */
    public static Conversation demonstration(Task task) {
        return Conversation.of(
                ChatMessage.of("system", ""),
                ChatMessage.of("user", task.question()),
                ChatMessage.of("assistant", task.reference()));
    }

    /** As a product asks a general model: instruction and the schemas of all offered tools before the sentence. */
    public static Conversation schemas(Task task) {
        String functions = task.input().tools().stream()
                .map(tool -> JsonMapper.shared().readTree(tool).path("function").toString())
                .collect(Collectors.joining("\n"));
        return Conversation.of(
                ChatMessage.of("system", INSTRUCTION + "\n" + functions), ChatMessage.of("user", task.question()));
    }

    /** Examples of the same job as earlier turns. */
    public static Conversation fewShot(Task task, List<Task> examples) {
        List<ChatMessage> messages = new ArrayList<>();
        messages.add(ChatMessage.of(
                "system", "Answer every request with one function call, as one line of JSON, like the examples."));
        for (Task example : examples) {
            messages.add(ChatMessage.of("user", example.question()));
            messages.add(ChatMessage.of("assistant", example.reference()));
        }
        messages.add(ChatMessage.of("user", task.question()));
        return new Conversation(messages, List.of());
    }
}
