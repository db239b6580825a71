package dev.hone.demo;

import dev.hone.record.Task;
import dev.hone.run.UseCase;
import dev.hone.task.AnswerText;
import dev.hone.task.ChatJson;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A general model as the world of the demo has it: it knows the right answer of every task, and gives another task's instead as often as is stated. It is simulated, and
 * every page that shows its figures says so.
 */
public final class GeneralModel implements UnaryOperator<JsonNode> {
    private static final int CHARACTERS_PER_TOKEN = 4;

    private final Map<String, Task> byQuestion = new HashMap<>();
    private final Mistakes mistakes;
    private final UseCase useCase;
    private final double errors;
    private final SplittableRandom random;

    /** @param errors share of its answers that are wrong */
    public GeneralModel(UseCase useCase, double errors, long seed) {
        this.useCase = useCase;
        this.mistakes = new Mistakes(useCase);
        this.errors = errors;
        this.random = new SplittableRandom(seed);
        useCase.data().tasks().forEach(task -> byQuestion.put(task.question(), task));
    }

    /** A chat completion for a request. */
    @Override
    public synchronized JsonNode apply(JsonNode request) {
        String question = "";
        for (JsonNode message : request.path("messages")) {
            if (message.path("role").asString("").equals("user")) {
                question = message.path("content").asString("");
            }
        }
        Task asked = byQuestion.get(question);
        if (asked == null) {
            throw new IllegalArgumentException("The simulated model knows no [%s]".formatted(question));
        }
        Task answered = random.nextDouble() < errors ? mistakes.insteadOf(asked, random) : asked;
        ObjectNode message = message(useCase, answered);
        ObjectNode completion = JsonMapper.shared()
                .createObjectNode()
                .put("id", "simulated-" + Long.toHexString(random.nextLong()))
                .put("object", "chat.completion")
                .put("model", request.path("model").asString(""));
        ObjectNode choice = completion.putArray("choices").addObject().put("index", 0);
        choice.set("message", message);
        choice.put("finish_reason", message.has("tool_calls") ? "tool_calls" : "stop");
        int prompt = request.toString().length() / CHARACTERS_PER_TOKEN;
        int said = message.toString().length() / CHARACTERS_PER_TOKEN;
        completion
                .putObject("usage")
                .put("prompt_tokens", prompt)
                .put("completion_tokens", said)
                .put("total_tokens", prompt + said);
        return completion;
    }

    /** The right answer of a task, as a server's message. */
    static ObjectNode message(UseCase useCase, Task task) {
        ObjectNode message = ChatJson.assistant(useCase.right(task));
        int number = 0;
        for (JsonNode call : message.path("tool_calls")) {
            ((ObjectNode) call).put("id", "call_" + number++);
        }
        return message;
    }

    /** What a message says, as the grader takes it. */
    static String output(JsonNode completion) {
        return AnswerText.of(completion.path("choices").path(0).path("message"));
    }
}
