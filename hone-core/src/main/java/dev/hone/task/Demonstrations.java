package dev.hone.task;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Labelled traces as datasets are made of them. Of a call that passed the gateway, whose request is all that the product sent, its turns and tools are
 * taken, and of the server's answer the message; both are then written as those of imported rows are, so that equal conversations are equal. What
 * somebody says more than once to one trace counts as it was said last.
 *
 * @param traces in their order, each once
 * @param leftOut of which no task can be made
 */
public record Demonstrations(List<LabelledTrace> traces, List<LeftOut> leftOut) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int SHOWN = 5;

    /** @param reason why no task can be made of it */
    public record LeftOut(UUID trace, String reason) {}

    public Demonstrations {
        traces = List.copyOf(traces);
        leftOut = List.copyOf(leftOut);
    }

    /** Of traces with their demonstrations, a trace with several as often. */
    public static Demonstrations of(List<LabelledTrace> labelled) {
        List<LabelledTrace> traces = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        for (int i = 0; i < labelled.size(); i++) {
            LabelledTrace one = labelled.get(i);
            boolean repeated = i + 1 < labelled.size()
                    && labelled.get(i + 1).trace().id().equals(one.trace().id());
            boolean imported = !one.trace().contentHash().isEmpty();
            if (repeated && !imported) {
                continue;
            }
            try {
                traces.add(imported ? one : captured(one));
            } catch (ChatFile.BadRow | JacksonException | IllegalArgumentException e) {
                leftOut.add(new LeftOut(
                        one.trace().id(),
                        String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
            }
        }
        return new Demonstrations(traces, leftOut);
    }

    private static LabelledTrace captured(LabelledTrace labelled) {
        Trace trace = labelled.trace();
        JsonNode request = ChatFile.parse(trace.request());
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode message : request.path("messages")) {
            messages.add(ChatFile.message(message, messages.size()));
        }
        if (messages.isEmpty()) {
            throw new ChatFile.BadRow("is no chat: its request has no [messages]");
        }
        Conversation asked = new Conversation(messages, ChatFile.tools(request));
        return new LabelledTrace(
                new Trace(
                        trace.id(),
                        trace.externalId(),
                        ChatJson.of(asked).toString(),
                        answer(trace.response()),
                        trace.metadata(),
                        trace.occurred(),
                        trace.contentHash(),
                        trace.source(),
                        trace.line()),
                demonstration(labelled.demonstration()));
    }

    /** A text is a message that says it. */
    private static String demonstration(String value) {
        JsonNode node = JSON.readTree(value);
        ChatMessage message =
                node.isString() ? ChatMessage.of("assistant", node.stringValue()) : ChatFile.message(node, 0);
        return ChatJson.of(message).toString();
    }

    /** The message of a chat completion; empty where there is none. */
    private static String answer(String response) {
        try {
            JsonNode message = JSON.readTree(response).path("choices").path(0).path("message");
            return message.isObject()
                    ? ChatJson.of(ChatFile.message(message, 0)).toString()
                    : "";
        } catch (ChatFile.BadRow | JacksonException e) {
            return "";
        }
    }

    /** The first of what was left out, for messages; empty without. */
    public String shownLeftOut() {
        return leftOut.stream()
                .limit(SHOWN)
                .map(one -> "[%s] %s".formatted(one.trace(), one.reason()))
                .collect(Collectors.joining("; ", leftOut.isEmpty() ? "" : ": ", leftOut.size() > SHOWN ? "; …" : ""));
    }
}
