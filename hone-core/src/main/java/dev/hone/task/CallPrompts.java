package dev.hone.task;

import dev.hone.fetch.Hashes;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The ways to ask a model for a call. */
public final class CallPrompts {
    private static final String INSTRUCTION = """
        You turn a request into one call of one of the functions below. Answer with the call alone, as one line of JSON: \
        {"name":"<function>","arguments":{"<argument>":<value>}}. Give every required argument, leave out optional ones \
        that the request does not mention.
        """;

    private static final HexFormat HEX = HexFormat.of();

    private CallPrompts() {}

    /**
     * For a model that has learned the job: the names of the offered tools, each with the first byte of the SHA-256 of its
     * schema, and the sentence. Tools of one name differ in their arguments and the form of these; the byte tells them apart
     * in three tokens where the schema takes hundreds.
     */
    public static Conversation brief(Task task) {
        return brief(task.input().tools(), task.question());
    }

    /**
     * As {@link #brief(Task)}.
     *
     * @param tools each a JSON object as text, in OpenAI's form
     */
    public static Conversation brief(List<String> tools, String sentence) {
        return Conversation.of(ChatMessage.of("system", offered(tools)), ChatMessage.of("user", sentence));
    }

    /** What {@link #brief} asks, with the right call. */
    public static Conversation demonstration(Task task) {
        return Conversation.of(
                ChatMessage.of("system", offered(task.input().tools())),
                ChatMessage.of("user", task.question()),
                ChatMessage.of("assistant", task.reference()));
    }

    /** Labels of the offered tools: each by its name, and by its name with the digest of its schema. */
    public static Set<String> offers(Task task) {
        return functions(task).flatMap(CallPrompts::labels).collect(Collectors.toSet());
    }

    /** Labels of the tool that the right answer calls, as in {@link #offers}. */
    public static Set<String> uses(Task task) {
        String called = task.require(AssistantActions.FUNCTION);
        return functions(task)
                .filter(function -> function.path("name").asString().equals(called))
                .flatMap(CallPrompts::labels)
                .collect(Collectors.toSet());
    }

    private static Stream<String> labels(JsonNode function) {
        return Stream.of(function.path("name").asString(), nameAndDigest(function));
    }

    private static String offered(List<String> tools) {
        return functions(tools).map(CallPrompts::nameAndDigest).collect(Collectors.joining(" "));
    }

    private static String nameAndDigest(JsonNode function) {
        byte[] schema = function.path("parameters").toString().getBytes(StandardCharsets.UTF_8);
        return function.path("name").asString() + "#"
                + HEX.toHexDigits(Hashes.sha256().digest(schema)[0]);
    }

    private static Stream<JsonNode> functions(Task task) {
        return functions(task.input().tools());
    }

    private static Stream<JsonNode> functions(List<String> tools) {
        return tools.stream().map(tool -> JsonMapper.shared().readTree(tool).path("function"));
    }

    /** As a product asks a general model: instruction and the schemas of all offered tools before the sentence. */
    public static Conversation schemas(Task task) {
        return Conversation.of(
                ChatMessage.of("system", instruction(task.input().tools())), ChatMessage.of("user", task.question()));
    }

    /**
     * What is wanted of a general model, with the schemas of the offered tools.
     *
     * @param tools each a JSON object as text, in OpenAI's form
     */
    public static String instruction(List<String> tools) {
        return INSTRUCTION + "\n" + functions(tools).map(JsonNode::toString).collect(Collectors.joining("\n"));
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
