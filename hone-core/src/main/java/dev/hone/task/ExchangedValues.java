package dev.hone.task;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * More tasks of few: what a sentence says in so many words, and its call repeats, is exchanged for what another sentence says of
 * the same argument. The values are all from the tasks given, so nothing of a test can come in; the rest of sentence and call
 * stays. A model that sees a sentence once with each value learns to copy it, where one that sees it again learns it by heart.
 */
public final class ExchangedValues {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Map<String, List<Mention>> known = new HashMap<>();

    /**
     * A value and the words by which a sentence says it: itself, or its part before the first comma ({@code Boston} of {@code
     * Boston, MA}).
     */
    private record Mention(String words, JsonNode value, boolean whole) {}

    /** @param tasks with a call as reference and the metadata of {@link AssistantActions} */
    public ExchangedValues(List<Task> tasks) {
        for (Task task : tasks) {
            arguments(task).properties().forEach(argument -> {
                Mention mention = mention(task.question(), argument.getValue());
                if (mention != null) {
                    known.computeIfAbsent(key(task, argument.getKey(), mention), key -> new ArrayList<>())
                            .add(mention);
                }
            });
        }
    }

    /** A task with other values where others are known; the task itself where there are none. */
    public Task variant(Task task, Random random) {
        ObjectNode call = (ObjectNode) JSON.readTree(task.reference());
        ObjectNode arguments = (ObjectNode) call.get("arguments");
        ObjectNode accepted = (ObjectNode) JSON.readTree(task.require(AssistantActions.ACCEPTED));
        String function = task.require(AssistantActions.FUNCTION);
        String sentence = task.question();
        boolean changed = false;
        for (String argument : List.copyOf(arguments.propertyNames())) {
            Mention now = mention(sentence, arguments.get(argument));
            if (now == null) {
                continue;
            }
            List<Mention> others = known.getOrDefault(key(task, argument, now), List.of());
            if (others.isEmpty()) {
                continue;
            }
            Mention other = others.get(random.nextInt(others.size()));
            if (!other.value().equals(now.value())
                    && occurrences(sentence, other.words()) == 0
                    && allows(task, argument, other.value())) {
                sentence = words(now.words()).matcher(sentence).replaceFirst(Matcher.quoteReplacement(other.words()));
                arguments.set(argument, other.value());
                ((ObjectNode) accepted.path(function)).putArray(argument).add(other.value());
                changed = true;
            }
        }
        if (!changed) {
            return task;
        }
        Map<String, String> metadata = new HashMap<>(task.metadata());
        metadata.put(AssistantActions.ACCEPTED, accepted.toString());
        return new Task(task.id(), asked(task, sentence), call.toString(), metadata);
    }

    /** The conversation with another last user turn. */
    private static Conversation asked(Task task, String sentence) {
        List<ChatMessage> messages = new ArrayList<>(task.input().messages());
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i).role().equals("user")) {
                messages.set(i, ChatMessage.of("user", sentence));
                break;
            }
        }
        return new Conversation(messages, task.input().tools());
    }

    private static JsonNode arguments(Task task) {
        return JSON.readTree(task.reference()).path("arguments");
    }

    /** Values are exchanged for those of the same argument, of the same type, said in the same way. */
    private static String key(Task task, String argument, Mention mention) {
        return String.join(
                "\n",
                task.require(AssistantActions.FUNCTION),
                argument,
                mention.value().getNodeType().name(),
                Boolean.toString(mention.whole()));
    }

    /** How a sentence says a value, once and in so many words; null where it does not. */
    private static @Nullable Mention mention(String sentence, JsonNode value) {
        if (value.isNumber()) {
            return occurrences(sentence, value.asString()) == 1 ? new Mention(value.asString(), value, true) : null;
        }
        if (!value.isString() || value.stringValue().isBlank()) {
            return null;
        }
        String text = value.stringValue();
        if (occurrences(sentence, text) == 1) {
            return new Mention(text, value, true);
        }
        int comma = text.indexOf(',');
        String before = comma < 0 ? "" : text.substring(0, comma);
        return !before.isBlank() && occurrences(sentence, before) == 1 ? new Mention(before, value, false) : null;
    }

    private static int occurrences(String sentence, String words) {
        return (int) words(words).matcher(sentence).results().count();
    }

    /** Whole words, in whatever case; no part of a longer number. */
    private static Pattern words(String words) {
        return Pattern.compile(
                "(?<![\\p{L}\\p{N}]|\\p{N}[.,:])" + Pattern.quote(words) + "(?![\\p{L}\\p{N}]|[.,:]\\p{N})",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    /** Whether the called tool's schema lists the value, where it lists values. */
    private static boolean allows(Task task, String argument, JsonNode value) {
        for (String tool : task.input().tools()) {
            JsonNode function = JSON.readTree(tool).path("function");
            if (function.path("name").asString("").equals(task.require(AssistantActions.FUNCTION))) {
                JsonNode listed = function.path("parameters")
                        .path("properties")
                        .path(argument)
                        .path("enum");
                return listed.isEmpty() || listed.valueStream().anyMatch(value::equals);
            }
        }
        return false;
    }
}
