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
 * two people say otherwise of one trace is neither learned from nor judged by.
 *
 * @param traces in their order, each once
 * @param leftOut of which no task can be made
 */
public record Demonstrations(List<LabelledTrace> traces, List<LeftOut> leftOut) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int SHOWN = 5;
    private static final String DISAGREE = "two who labelled it disagree";

    /**
     * A trace of which no task can be made.
     *
     * @param kind the reason without what is said of this trace alone
     */
    public record LeftOut(UUID trace, String reason, String kind) implements Fault {
        private LeftOut(UUID trace, String reason) {
            this(trace, reason, reason);
        }

        @Override
        public String place() {
            return "[%s]".formatted(trace);
        }
    }

    public Demonstrations {
        traces = List.copyOf(traces);
        leftOut = List.copyOf(leftOut);
    }

    /** Of traces with their demonstrations, a trace of which several people said something as often, one after the other. */
    public static Demonstrations of(List<LabelledTrace> labelled) {
        List<LabelledTrace> traces = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        int next;
        for (int i = 0; i < labelled.size(); i = next) {
            UUID trace = labelled.get(i).trace().id();
            next = i + 1;
            while (next < labelled.size() && labelled.get(next).trace().id().equals(trace)) {
                next++;
            }
            try {
                List<LabelledTrace> said = labelled.subList(i, next);
                if (said.stream()
                                .map(one -> AnswerKey.of(one.demonstration()))
                                .distinct()
                                .count()
                        > 1) {
                    leftOut.add(new LeftOut(trace, DISAGREE));
                } else {
                    LabelledTrace one = said.getLast();
                    boolean imported = !one.trace().contentHash().isEmpty();
                    traces.add(
                            imported
                                    ? new LabelledTrace(one.trace(), demonstration(one.demonstration()))
                                    : captured(one));
                }
            } catch (ChatFile.BadRow e) {
                leftOut.add(new LeftOut(trace, firstLine(e), e.kind()));
            } catch (JacksonException e) {
                leftOut.add(new LeftOut(trace, firstLine(e), "is not JSON"));
            } catch (IllegalArgumentException e) {
                leftOut.add(new LeftOut(trace, firstLine(e)));
            }
        }
        return new Demonstrations(traces, leftOut);
    }

    private static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** How many were left out since two people disagree. */
    public int disagreed() {
        return (int)
                leftOut.stream().filter(one -> one.reason().equals(DISAGREE)).count();
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

    /** The message of a chat completion, as the server wrote that; empty where there is none. */
    public static String answer(String response) {
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
