package dev.hone.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.api.HttpPeer.Reply;
import dev.hone.fetch.FetchListener;
import dev.hone.record.SamplingMode;
import dev.hone.run.LoadedModel;
import dev.hone.run.SmallJobs;
import dev.hone.run.Taught;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A random model of labels behind real HTTP: whatever it would rather say, it says one of its labels. */
@Timeout(60)
final class LabelServerTest {
    private static final String USER = "{\"role\":\"user\",\"content\":\"Where is my order?\"}";

    @TempDir
    static Path folder;

    private static LoadedModel model;
    private static ModelServer server;
    private static HttpPeer peer;

    @BeforeAll
    static void open() throws IOException {
        model = LoadedModel.open(TinyByteModel.write(folder.resolve("model")).toString(), FetchListener.SILENT);
        server = open(1);
        peer = new HttpPeer(server.url());
    }

    private static ModelServer open(int bestOf) throws IOException {
        ServerOptions options = new ServerOptions(
                "127.0.0.1",
                0,
                "tiny",
                SamplingMode.EXACT,
                Taught.among(SmallJobs.LABELS.keySet()),
                bestOf,
                4,
                4,
                TinyByteModel.POSITIONS,
                Duration.ofSeconds(5));
        return ModelServer.open(options, model, trouble -> {});
    }

    @AfterAll
    static void close() {
        server.close();
        model.close();
    }

    private static String ask(String more) {
        return "{\"model\":\"tiny\",\"messages\":[" + USER + "]" + more + "}";
    }

    private static String format(String schema) {
        return ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"label\",\"schema\":" + schema
                + "}}";
    }

    private static String streamed(HttpPeer asking, String more) {
        StringBuilder text = new StringBuilder();
        for (String event : asking.events(ask(more + ",\"stream\":true"))) {
            if (!event.equals("[DONE]")) {
                text.append(JsonMapper.shared()
                        .readTree(event)
                        .at("/choices/0/delta/content")
                        .asString(""));
            }
        }
        return text.toString();
    }

    /** Chance shows more of them, and none but them. */
    @Test
    void theAnswerIsTheBareNameOfALabelWhereNobodyAsksForJson() {
        for (int seed = 1; seed <= 8; seed++) {
            String more = ",\"temperature\":2,\"seed\":" + seed;
            Reply whole = peer.chat(ask(more));
            String label = whole.at("/choices/0/message/content");
            assertTrue(SmallJobs.LABELS.containsKey(label), label);
            assertEquals("stop", whole.at("/choices/0/finish_reason"));
            assertEquals(label, streamed(peer, more));
        }
    }

    @Test
    void thereIsNoChanceUnlessTheRequestSaysSo() {
        String label = peer.chat(ask(",\"seed\":1")).at("/choices/0/message/content");
        for (int seed = 2; seed <= 6; seed++) {
            assertEquals(label, peer.chat(ask(",\"seed\":" + seed)).at("/choices/0/message/content"));
        }
    }

    @Test
    void whereJsonIsAskedForItIsTheTextOfAnAllowedLabel() {
        for (String allowed : List.of("say \"hi\"", "über uns")) {
            String schema = JsonMapper.shared().writeValueAsString(List.of("none of them", allowed));
            Reply reply = peer.chat(ask(format("{\"enum\":" + schema + "}")));
            assertEquals(
                    JsonMapper.shared().writeValueAsString(allowed),
                    reply.at("/choices/0/message/content"),
                    reply.json().toString());
        }
    }

    @Test
    void aLabelThatIsCutSaysSo() {
        Reply reply = peer.chat(ask(",\"max_tokens\":3"));
        assertEquals("length", reply.at("/choices/0/finish_reason"));
        String cut = reply.at("/choices/0/message/content");
        assertTrue(
                SmallJobs.LABELS.keySet().stream().anyMatch(label -> label.startsWith(cut.replace("\uFFFD", ""))), cut);
    }

    @Test
    void whatIsDrawnForIsALabelAndItsTokensAreToldWithQuotes() throws IOException {
        try (ModelServer several = open(4)) {
            Reply reply = new HttpPeer(several.url()).chat(ask(",\"logprobs\":true"));
            assertTrue(SmallJobs.LABELS.containsKey(reply.at("/choices/0/message/content")));
            JsonNode tokens = reply.json().at("/choices/0/logprobs/content");
            assertEquals("\"", tokens.path(0).path("token").asString());
            assertFalse(tokens.size() < 3, tokens.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            response_format | ,"response_format":{"type":"json_object"}
            response_format | ,"response_format":{"type":"json_schema","json_schema":{"name":"l","schema":{"enum":["others"]}}}
            tools | ,"tools":[{"type":"function","function":{"name":"book"}}]
            """)
    void whatTheModelCannotAnswerIsRefused(String parameter, String more) {
        Reply reply = peer.chat(ask(more));
        assertEquals(400, reply.status());
        assertEquals(parameter, reply.at("/error/param"));
        assertTrue(reply.at("/error/message").contains("one of [3] labels"), reply.at("/error/message"));
    }

    @Test
    void aTextOfTheUsersIsNeeded() {
        Reply reply = peer.chat("{\"model\":\"tiny\",\"messages\":[{\"role\":\"system\",\"content\":\"Classify.\"}]}");
        assertEquals(400, reply.status());
        assertEquals("messages", reply.at("/error/param"));
    }

    @Test
    void theCurlThatIsPrintedAsksWhatTheModelAnswers() {
        String body = server.curl().replaceFirst(".* -d '", "").replaceFirst("'$", "");
        assertEquals(200, peer.chat(body).status(), body);
    }
}
