package dev.hone.advise;

import dev.hone.advise.SampledCall.Said;
import dev.hone.record.ChatMessage;
import dev.hone.task.StoredCall;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads requests and answers, in whichever form they are stored, as far as advice needs them. What cannot be read is no fault: it is a text, or nothing.
 */
public final class CallReader {
    /** More of a text tells no two jobs apart. */
    static final int LONGEST = 4_000;

    /** Of a question its beginning and its end, where instructions may stand. */
    private static final int BEGINNING = 1_500;

    private static final int END = 500;

    private CallReader() {}

    /**
     * What was asked and answered.
     *
     * @param request null where it is gone
     * @param response null where there was none, or it is gone
     */
    public static Said read(@Nullable String request, @Nullable String response) {
        Reply reply = reply(response);
        JsonNode object = StoredCall.object(request);
        if (object == null) {
            String text = request == null ? "" : request;
            return new Said("", ends(text), List.of(), 0, text.length(), 0, 0, reply);
        }
        StoredCall.Asked asked = StoredCall.asked(object);
        Turns turns = new Turns();
        asked.turns().forEach(turns::add);
        TreeSet<String> names = new TreeSet<>();
        String written = asked.written();
        asked.functions()
                .forEach(function -> names.add(cut(function.path("name").asString())));
        return new Said(
                cut(turns.system.toString()),
                ends(turns.user),
                List.copyOf(names),
                hash(written),
                turns.characters + written.length(),
                turns.system.length(),
                written.length(),
                reply);
    }

    /** The turns of a request. */
    private static final class Turns {
        private final StringBuilder system = new StringBuilder();
        private String user = "";
        private long characters;

        void add(ChatMessage turn) {
            characters += turn.content().length();
            switch (turn.role()) {
                case "system", "developer" ->
                    system.append(system.isEmpty() ? "" : "\n").append(turn.content());
                case "assistant", "tool" -> {}
                default -> user = user.isBlank() ? turn.content() : user;
            }
        }
    }

    private static Reply reply(@Nullable String response) {
        if (response == null || response.isBlank()) {
            return Reply.NONE;
        }
        JsonNode answer = StoredCall.tree(response);
        if (answer == null || !answer.isObject()) {
            return Reply.of(answer != null && answer.isString() ? answer.stringValue() : response);
        }
        StoredCall.Answered answered = StoredCall.answered(answer);
        if (answered.calls().isEmpty()) {
            return Reply.of(answered.text());
        }
        TreeSet<String> names = new TreeSet<>();
        answered.calls().forEach(call -> names.add(call.name()));
        return new Reply(Reply.Form.CALL, cut(String.join(",", names)));
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    private static String ends(String text) {
        return text.length() <= BEGINNING + END
                ? text
                : text.substring(0, BEGINNING) + " " + text.substring(text.length() - END);
    }

    private static long hash(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return (long) text.length() << 32 | sum.getValue();
    }
}
