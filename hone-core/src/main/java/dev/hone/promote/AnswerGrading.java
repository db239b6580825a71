package dev.hone.promote;

import dev.hone.grade.GraderDefinition;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Grader;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Task;
import dev.hone.record.Trace;
import dev.hone.store.RolloutGrades;
import dev.hone.task.DemonstratedTask;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A use case's grader on what was answered: against what an expert says is right, or where it needs nothing of the kind, alone. */
final class AnswerGrading {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Grader grader;

    AnswerGrading(GraderDefinition good) {
        this.grader = good.grader();
    }

    /** Whether an answer can be judged of which nobody has said what is right. */
    static boolean needsNoReference(GraderDefinition good) {
        return switch (good) {
            case GraderDefinition.JsonSchema ignored -> true;
            case GraderDefinition.Multi multi ->
                multi.parts().stream().allMatch(part -> needsNoReference(part.grader()));
            case GraderDefinition.StringCheck ignored -> false;
            case GraderDefinition.Label ignored -> false;
            case GraderDefinition.Numeric ignored -> false;
            case GraderDefinition.Taxonomy ignored -> false;
            case GraderDefinition.ToolCall ignored -> false;
        };
    }

    /** What it says; no score where nobody can say what would be right. An answer that is none is wrong. */
    RolloutGrades.Grade grade(RolloutGrades.Answer answer) {
        Optional<String> said = said(answer.response());
        Task task;
        try {
            task = task(answer);
            if (answer.demonstration() != null) {
                // A reference that the grader cannot read shows nothing about any answer.
                grader.grade(task, task.reference());
            }
        } catch (IllegalArgumentException | JacksonException e) {
            // What it says may quote the call, which may be forgotten one day: that is kept with the call alone.
            return new RolloutGrades.Grade(answer.trace(), null, "what is right cannot be read");
        }
        if (said.isEmpty()) {
            return new RolloutGrades.Grade(
                    answer.trace(), isChat(answer.request()) ? 0.0 : null, "the answer is none of a chat");
        }
        try {
            return new RolloutGrades.Grade(
                    answer.trace(), grader.grade(task, said.get()).score(), "");
        } catch (IllegalArgumentException | JacksonException e) {
            return new RolloutGrades.Grade(answer.trace(), 0.0, "the grader cannot read the answer");
        }
    }

    /** Whether a chat was asked for, and not an embedding or anything else that no grader judges. */
    private static boolean isChat(String request) {
        try {
            return JSON.readTree(request).path("messages").isArray();
        } catch (JacksonException e) {
            return false;
        }
    }

    private static Task task(RolloutGrades.Answer answer) {
        String right = answer.demonstration();
        if (right == null) {
            return new Task(
                    answer.trace().toString(), Conversation.of(ChatMessage.of("user", "")), "", answer.metadata());
        }
        return DemonstratedTask.of(
                new LabelledTrace(
                        new Trace(
                                answer.trace(),
                                answer.trace().toString(),
                                answer.request(),
                                "",
                                answer.metadata(),
                                null,
                                "",
                                "",
                                1),
                        right),
                1);
    }

    /** The text of a chat's answer, or its call with arguments as they came; empty where it is no chat's. */
    static Optional<String> said(String response) {
        JsonNode message;
        try {
            message = JSON.readTree(response).path("choices").path(0).path("message");
        } catch (JacksonException e) {
            return Optional.empty();
        }
        if (!message.isObject()) {
            return Optional.empty();
        }
        JsonNode call = message.path("tool_calls").path(0).path("function");
        if (call.isObject()) {
            return Optional.of(JSON.createObjectNode()
                    .put("name", call.path("name").asString(""))
                    .set("arguments", arguments(call.path("arguments")))
                    .toString());
        }
        return Optional.of(message.path("content").asString(""));
    }

    private static JsonNode arguments(JsonNode arguments) {
        if (arguments.isObject()) {
            return arguments;
        }
        String text = arguments.asString("");
        try {
            return text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text);
        } catch (JacksonException e) {
            // Half a call is a wrong one, as a text that no schema takes.
            return JSON.getNodeFactory().stringNode(text);
        }
    }
}
