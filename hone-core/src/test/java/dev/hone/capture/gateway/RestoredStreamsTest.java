package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.redact.Pseudonyms;
import dev.hone.capture.redact.Redaction;
import dev.hone.capture.redact.RedactionKinds;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** However an answer is cut, into pieces of texts and pieces of bytes, it says the same when its tokens are put back. */
final class RestoredStreamsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> SAID = List.of(
            "to ",
            "ann@example.com",
            "O\"Hara",
            "line\nbreak \\ x",
            "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----",
            "<",
            "<EM",
            " é\uD83D\uDE00 ",
            "a<b>",
            "<EMAIL_9>");

    private final Redaction redaction = redaction();

    private static Redaction redaction() {
        RedactionKinds kinds = new RedactionKinds();
        kinds.add("email");
        kinds.add("secret");
        kinds.add("NAME", "O\"Hara");
        return kinds.redaction();
    }

    private static String said(Random random) {
        StringBuilder said = new StringBuilder();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            said.append(SAID.get(random.nextInt(SAID.size()))).append(random.nextBoolean() ? " " : "");
        }
        return said.toString();
    }

    private static String arguments(Random random) {
        return JSON.createObjectNode().put("a", said(random)).put("n", 1).toString();
    }

    /** An answer as nobody took anything out of it, of one or two choices. */
    private static ObjectNode answer(Random random) {
        ObjectNode answer = JSON.createObjectNode().put("id", "c1");
        ArrayNode choices = answer.putArray("choices");
        for (int i = random.nextInt(2); i >= 0; i--) {
            ObjectNode message =
                    choices.addObject().put("index", choices.size() - 1).putObject("message");
            message.put("role", "assistant").put("content", said(random));
            if (random.nextBoolean()) {
                message.put("reasoning_content", said(random));
            }
            if (random.nextBoolean()) {
                message.putObject("function_call").put("name", "f").put("arguments", arguments(random));
            }
            if (random.nextBoolean()) {
                ArrayNode calls = message.putArray("tool_calls");
                for (int c = 0; c < 2; c++) {
                    calls.addObject()
                            .put("id", "t" + c)
                            .putObject("function")
                            .put("name", "g")
                            .put("arguments", arguments(random));
                }
            }
        }
        return answer;
    }

    private static List<String> cut(String text, Random random) {
        List<String> pieces = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int to = Math.min(text.length(), at + 1 + random.nextInt(6));
            to += Character.isHighSurrogate(text.charAt(to - 1)) ? 1 : 0;
            pieces.add(text.substring(at, to));
            at = to;
        }
        return pieces;
    }

    private static ObjectNode piece(int choice) {
        ObjectNode chunk = JSON.createObjectNode().put("id", "c1").put("object", "chat.completion.chunk");
        chunk.putArray("choices")
                .addObject()
                .put("index", choice)
                .putNull("finish_reason")
                .putObject("delta");
        return chunk;
    }

    private static ObjectNode delta(ObjectNode chunk) {
        return (ObjectNode) chunk.path("choices").path(0).path("delta");
    }

    /** The chunks in which a server would send it. */
    private static List<ObjectNode> chunks(ObjectNode answer, Random random) {
        List<ObjectNode> chunks = new ArrayList<>();
        for (JsonNode choice : answer.path("choices")) {
            int index = choice.path("index").asInt();
            JsonNode message = choice.path("message");
            for (String member : List.of("content", "reasoning_content")) {
                for (String piece : cut(message.path(member).asString(""), random)) {
                    ObjectNode chunk = piece(index);
                    delta(chunk).put(member, piece);
                    chunks.add(chunk);
                }
            }
            for (String piece :
                    cut(message.path("function_call").path("arguments").asString(""), random)) {
                ObjectNode chunk = piece(index);
                delta(chunk).putObject("function_call").put("arguments", piece);
                chunks.add(chunk);
            }
            for (int c = 0; c < message.path("tool_calls").size(); c++) {
                String arguments = message.path("tool_calls")
                        .path(c)
                        .path("function")
                        .path("arguments")
                        .asString();
                for (String piece : cut(arguments, random)) {
                    ObjectNode chunk = piece(index);
                    delta(chunk)
                            .putArray("tool_calls")
                            .addObject()
                            .put("index", c)
                            .putObject("function")
                            .put("arguments", piece);
                    chunks.add(chunk);
                }
            }
            switch (random.nextInt(3)) {
                // With the last piece, after it, or never.
                case 0 -> ((ObjectNode) chunks.getLast().path("choices").path(0)).put("finish_reason", "stop");
                case 1 -> {
                    ObjectNode last = piece(index);
                    ((ObjectNode) last.path("choices").path(0)).put("finish_reason", "stop");
                    chunks.add(last);
                }
                default -> {}
            }
        }
        return chunks;
    }

    private static byte[] pushed(EventRestorer restorer, byte[] stream, Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        while (at < stream.length) {
            int length = Math.min(stream.length - at, 1 + random.nextInt(random.nextBoolean() ? 3 : 400));
            byte[] piece = java.util.Arrays.copyOfRange(stream, at, at + length);
            out.writeBytes(restorer.push(piece, length));
            at += length;
        }
        out.writeBytes(restorer.end());
        return out.toByteArray();
    }

    private static Map<String, String> texts(JsonNode answer) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (JsonNode choice : answer.path("choices")) {
            JsonNode message = choice.path("message");
            String at = choice.path("index").asString() + " ";
            texts.put(at + "content", message.path("content").asString(""));
            texts.put(at + "reasoning", message.path("reasoning_content").asString(""));
            texts.put(
                    at + "function",
                    message.path("function_call").path("arguments").asString(""));
            for (JsonNode call : message.path("tool_calls")) {
                texts.put(
                        at + texts.size(),
                        call.path("function").path("arguments").asString(""));
            }
        }
        return texts;
    }

    @Test
    void whatWasTakenOutComesBackHoweverTheStreamIsCut() {
        byte[] request = "{\"model\":\"m\"}".getBytes(StandardCharsets.UTF_8);
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            ObjectNode said = answer(random);
            Pseudonyms pseudonyms = new Pseudonyms();
            ObjectNode seen = (ObjectNode) redaction.body(said, pseudonyms);
            assertFalse(seen.toString().contains("ann@") || seen.toString().contains("MII"), seen.toString());
            byte[] whole =
                    AnswerRestorer.of(request, pseudonyms).body(seen.toString().getBytes(StandardCharsets.UTF_8));
            assertEquals(texts(said), texts(JSON.readTree(whole)), "whole, seed " + seed);
            String end = List.of("\n", "\r\n", "\r").get(random.nextInt(3));
            StringBuilder stream = new StringBuilder();
            for (ObjectNode chunk : chunks(seen, random)) {
                if (random.nextInt(4) == 0) {
                    stream.append(": at work").append(end).append(end);
                }
                stream.append("data: ").append(chunk).append(end).append(end);
            }
            if (random.nextBoolean()) {
                stream.append("data: [DONE]").append(end).append(end);
            }
            byte[] bytes = stream.toString().getBytes(StandardCharsets.UTF_8);
            byte[] once = pushed(new EventRestorer(AnswerRestorer.of(request, pseudonyms)), bytes, random);
            byte[] again = pushed(new EventRestorer(AnswerRestorer.of(request, pseudonyms)), bytes, random);
            assertArrayEquals(once, again, "cut otherwise, seed " + seed);
            assertEquals(
                    texts(said),
                    texts(StreamAssembly.of(once).orElseThrow()),
                    "streamed, seed " + seed + "\n" + stream);
            String text = new String(once, StandardCharsets.UTF_8);
            assertEquals(stream.indexOf("[DONE]") >= 0, text.contains("data: [DONE]"));
            assertTrue(text.indexOf("[DONE]") < 0 || text.lastIndexOf("data: {") < text.indexOf("[DONE]"), "last");
        }
    }

    /** Texts of responses go on until they are said to be done, or until the answer ends. */
    @Test
    void aResponseThatEndsWithoutSayingSoLosesNothing() {
        Pseudonyms pseudonyms = new Pseudonyms();
        redaction.text("ann@example.com", pseudonyms);
        EventRestorer restorer =
                new EventRestorer(AnswerRestorer.of("{}".getBytes(StandardCharsets.UTF_8), pseudonyms));
        String stream =
                "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"item_id\":\"i\",\"delta\":\"to <EMAIL_1> <EM\"}\n\n";
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        String first = new String(restorer.push(bytes, bytes.length), StandardCharsets.UTF_8);
        String last = new String(restorer.end(), StandardCharsets.UTF_8);
        assertTrue(first.contains("\"delta\":\"to ann@example.com \""), first);
        assertEquals(
                "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"item_id\":\"i\",\"delta\":\"<EM\"}\n\n",
                last);
    }
}
