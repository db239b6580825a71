package dev.hone.api;

import dev.hone.api.ChatRequest.Wanted;
import dev.hone.record.ChatMessage;
import dev.hone.schema.Grammar;
import dev.hone.schema.SchemaException;
import dev.hone.task.OfferedCalls;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the tools of a request, and which of them the answer calls. */
final class ToolReader {
    private static final int MOST_TOOLS = 128;

    private ToolReader() {}

    /**
     * What a request offers.
     *
     * @param tools none where none may be called
     * @param wanted a call, or any text
     */
    record Offer(List<String> tools, Wanted wanted) {}

    static Offer read(Fields request, List<ChatMessage> messages) {
        List<JsonNode> list = request.list("tools");
        if (list.size() > MOST_TOOLS) {
            throw Refusal.value("tools", "tools has [%d] tools: give at most [%d]".formatted(list.size(), MOST_TOOLS));
        }
        List<String> tools = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode tool : list) {
            String place = "tools[%d]".formatted(tools.size());
            if (!names.add(name(new Fields(tool, place)))) {
                throw Refusal.value(place + ".function.name", place + " has the name of another tool");
            }
            requireReadable(tool, place);
            tools.add(tool.toString());
        }
        JsonNode choice = request.get("tool_choice");
        if (tools.isEmpty()) {
            if (choice != null
                    && !choice.asString("").equals("none")
                    && !choice.asString("").equals("auto")) {
                throw Refusal.value("tool_choice", "tool_choice needs tools");
            }
            return new Offer(List.of(), new ChatRequest.Text());
        }
        return offer(tools, choice, messages);
    }

    private static String name(Fields tool) {
        String type = tool.requireText("type");
        if (!type.equals("function")) {
            throw Refusal.unsupported(
                    tool.place("type"), "%s must be function, not [%s]".formatted(tool.place("type"), type));
        }
        Fields function = new Fields(tool.require("function"), tool.place("function"));
        String name = function.requireText("name");
        function.text("description");
        JsonNode parameters = function.get("parameters");
        if (parameters != null && !parameters.isObject()) {
            throw Refusal.value(
                    function.place("parameters"), "%s must be a JSON Schema".formatted(function.place("parameters")));
        }
        // Arguments always obey the schema.
        function.ignore(Set.of("strict"));
        function.requireAllKnown();
        tool.requireAllKnown();
        return name;
    }

    private static void requireReadable(JsonNode tool, String place) {
        try {
            Grammar.ofCalls(OfferedCalls.of(List.of(tool.toString())).tools());
        } catch (SchemaException e) {
            throw Refusal.of(
                    400, place + ".function.parameters", "invalid_function_parameters", String.valueOf(e.getMessage()));
        }
    }

    private static Offer offer(List<String> tools, @Nullable JsonNode choice, List<ChatMessage> messages) {
        if (choice != null && choice.isObject()) {
            return new Offer(tools, call(List.of(chosen(tools, new Fields(choice, "tool_choice")))));
        }
        return switch (choice == null ? "auto" : choice.asString("")) {
            case "none" -> new Offer(List.of(), new ChatRequest.Text());
            case "required" -> new Offer(tools, call(tools));
            // After a tool has answered it is the assistant's turn to speak.
            case "auto" ->
                new Offer(tools, messages.getLast().role().equals("tool") ? new ChatRequest.Text() : call(tools));
            default ->
                throw Refusal.value(
                        "tool_choice",
                        "tool_choice must be none, auto, required or a function, not [%s]".formatted(choice));
        };
    }

    private static Wanted call(List<String> tools) {
        return new ChatRequest.Call(OfferedCalls.of(tools));
    }

    private static String chosen(List<String> tools, Fields choice) {
        String type = choice.requireText("type");
        if (!type.equals("function")) {
            throw Refusal.unsupported(
                    "tool_choice.type", "tool_choice.type must be function, not [%s]".formatted(type));
        }
        Fields function = new Fields(choice.require("function"), "tool_choice.function");
        String name = function.requireText("name");
        function.requireAllKnown();
        choice.requireAllKnown();
        return tools.stream()
                .filter(tool ->
                        Replies.parse(tool).at("/function/name").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusal.value(
                        "tool_choice.function.name", "tool_choice names [%s], which is not in tools".formatted(name)));
    }
}
