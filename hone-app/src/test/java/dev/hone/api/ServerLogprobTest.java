package dev.hone.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.fetch.FetchListener;
import dev.hone.record.AnswerLogprob;
import dev.hone.record.SamplingMode;
import dev.hone.run.LoadedModel;
import dev.hone.run.PromptForm;
import dev.hone.run.Taught;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the server says of an answer's probability to whoever asks, byte for byte as it stands on the wire. */
@Timeout(60)
final class ServerLogprobTest {
    private static final String ASKING = AnswerLogprob.FIELD + ": ?1\r\n";
    private static final String CLOSING = "Connection: close\r\n";
    private static final Pattern SAID = Pattern.compile("(?i)\r\nx-hone-logprob: ([^\r\n]*)\r\n");
    private static final String TOOL =
            ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"book\",\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"boolean\"}},\"required\":[\"a\"]}}}]";

    @TempDir
    static Path folder;

    private static LoadedModel model;
    private static ModelServer server;

    @BeforeAll
    static void open() throws IOException {
        model = LoadedModel.open(TinyByteModel.write(folder.resolve("model")).toString(), FetchListener.SILENT);
        server = server(1);
    }

    private static ModelServer server(int bestOf) throws IOException {
        return ModelServer.open(
                new ServerOptions(
                        "127.0.0.1",
                        0,
                        "tiny",
                        SamplingMode.EXACT,
                        Taught.in(PromptForm.MESSAGES),
                        bestOf,
                        4,
                        4,
                        TinyByteModel.POSITIONS,
                        Duration.ofSeconds(5)),
                model,
                trouble -> {});
    }

    @AfterAll
    static void close() {
        server.close();
        model.close();
    }

    private static String ask(ModelServer asked, String more, String header) throws IOException {
        return send(asked, request("1.1", more, header + CLOSING));
    }

    private static String request(String version, String more, String header) {
        String body = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]%s%s}"
                .formatted(more.contains("seed") ? "" : ",\"seed\":5", more);
        return "POST /v1/chat/completions HTTP/%s\r\nHost: localhost\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s"
                .formatted(version, header, body.getBytes(StandardCharsets.UTF_8).length, body);
    }

    /** All that comes back on one connection, until the server closes it. */
    private static String send(ModelServer asked, String... requests) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", URI.create(asked.url()).getPort())) {
            socket.getOutputStream().write(String.join("", requests).getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static AnswerLogprob said(String answer) {
        Matcher matcher = SAID.matcher(answer);
        assertTrue(matcher.find(), answer);
        AnswerLogprob said = AnswerLogprob.parse(matcher.group(1)).orElseThrow();
        assertFalse(matcher.find(), "once");
        return said;
    }

    /** What the same request told of its tokens, and of its end. */
    @Test
    void itIsTheSumOfWhatTheTokensHave() throws IOException {
        String more = ",\"max_tokens\":30,\"logprobs\":true";
        String answer = ask(server, more, ASKING);
        JsonNode tokens = JsonMapper.shared()
                .readTree(answer.substring(answer.indexOf("\r\n\r\n")))
                .at("/choices/0/logprobs/content");
        double sum = 0;
        for (JsonNode token : tokens) {
            sum += token.path("logprob").doubleValue();
        }
        assertEquals(30, tokens.size());
        AnswerLogprob said = said(answer);
        assertEquals(30, said.tokens());
        assertEquals(sum, said.sum(), 1e-4);
        assertEquals(said, said(ask(server, ",\"max_tokens\":30", ASKING)), "also where nobody asks for those");
        String stream = ask(server, ",\"max_tokens\":30,\"stream\":true", ASKING);
        assertEquals(said, said(stream));
        assertTrue(
                stream.indexOf("[DONE]") < stream.toLowerCase(Locale.ROOT).indexOf("\nx-hone-logprob:"),
                "after the stream");
    }

    /** Of what a constraint leaves: most letters of a call are certain, where each would have one chance in hundreds. */
    @Test
    void aCallHasOneToo() throws IOException {
        AnswerLogprob whole = said(ask(server, TOOL, ASKING));
        assertTrue(whole.tokens() > 30 && whole.sum() < -0.1 && whole.sum() > -20, whole.toString());
        assertEquals(whole, said(ask(server, TOOL + ",\"stream\":true", ASKING)));
    }

    /** Of several that are drawn it is that of the one that was given, whole or as a stream. */
    @Test
    void itIsOfTheAnswerThatIsGiven() throws IOException {
        boolean better = false;
        try (ModelServer several = server(4)) {
            for (int seed = 5; seed < 12; seed++) {
                String more = TOOL + ",\"seed\":" + seed;
                AnswerLogprob first = said(ask(server, more + ",\"n\":4,\"temperature\":1", ASKING));
                AnswerLogprob best = said(ask(several, more + ",\"temperature\":0", ASKING));
                assertEquals(best, said(ask(several, more + ",\"temperature\":0,\"stream\":true", ASKING)));
                assertTrue(best.sum() >= first.sum() - 1e-4, first + " " + best);
                better |= best.sum() > first.sum() + 1e-2;
            }
        }
        assertTrue(better, "always the first");
    }

    /** Nobody else's answer has anything that it had not before. */
    @Test
    void whoDoesNotAskIsToldNothing() throws IOException {
        for (String more : List.of("", ",\"stream\":true", TOOL, TOOL + ",\"stream\":true")) {
            String plain = ask(server, ",\"max_tokens\":60" + more, "");
            assertFalse(plain.toLowerCase(Locale.ROOT).contains("logprob:"), plain);
            assertFalse(plain.toLowerCase(Locale.ROOT).contains("trailer"), plain);
            String asking = ask(server, ",\"max_tokens\":60" + more, ASKING);
            assertFalse(body(plain).isEmpty(), plain);
            assertEquals(body(plain), body(asking));
        }
    }

    /** What is said, without names that are drawn, and how it is cut into chunks. */
    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4)
                .lines()
                .filter(line -> line.startsWith("data: ") || line.startsWith("{"))
                .collect(Collectors.joining("\n"))
                .replaceAll("chatcmpl-[0-9a-f]{32}", "ID")
                .replaceAll("call_[0-9a-f]{24}", "CALL")
                .replaceAll("\"created\":[0-9]+", "\"created\":0");
    }

    /** A protocol without chunks has no trailers either: none is promised. */
    @Test
    void whoseProtocolHasNoTrailersIsPromisedNone() throws IOException {
        String stream = send(server, request("1.0", ",\"max_tokens\":30,\"stream\":true", ASKING));
        assertTrue(stream.startsWith("HTTP/1.") && stream.contains("[DONE]"), stream);
        assertFalse(stream.toLowerCase(Locale.ROOT).contains("trailer"), stream);
        assertFalse(SAID.matcher(stream).find(), stream);
        assertEquals(
                said(ask(server, ",\"max_tokens\":30", ASKING)),
                said(send(server, request("1.0", ",\"max_tokens\":30", ASKING))),
                "before a whole answer it is said");
    }

    @Test
    void onAConnectionThatIsKeptEachAnswerHasItsOwn() throws IOException {
        String both = send(
                server,
                request("1.1", ",\"max_tokens\":30,\"stream\":true", ASKING),
                request("1.1", ",\"max_tokens\":20", ASKING + CLOSING));
        int second = both.lastIndexOf("HTTP/1.1 200");
        assertTrue(second > both.indexOf("[DONE]"), both);
        assertEquals(30, said(both.substring(0, second)).tokens());
        assertEquals(20, said(both.substring(second)).tokens());
    }

    @Test
    void whatIsRefusedHasNone() throws IOException {
        String refused = ask(server, ",\"stream\":true,\"n\":99", ASKING);
        assertTrue(refused.startsWith("HTTP/1.1 400"), refused);
        assertFalse(SAID.matcher(refused).find(), refused);
    }
}
