package dev.hone.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import dev.hone.api.ModelServer;
import dev.hone.api.ServerOptions;
import dev.hone.api.TinyByteModel;
import dev.hone.fetch.FetchListener;
import dev.hone.record.AnswerLogprob;
import dev.hone.record.SamplingMode;
import dev.hone.run.LoadedModel;
import dev.hone.run.PromptForm;
import dev.hone.run.Taught;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Both clients at the gateway before a model of Hone's own, which speaks noise that obeys tools and schemas. */
@Timeout(60)
final class OwnModelTest {
    @TempDir
    static Path folder;

    private static LoadedModel model;
    private static ModelServer server;
    private static RecordedGateway gateway;
    private static OpenAIClient client;

    @BeforeAll
    static void open() throws Exception {
        model = LoadedModel.open(TinyByteModel.write(folder.resolve("model")).toString(), FetchListener.SILENT);
        server = ModelServer.open(
                new ServerOptions(
                        "127.0.0.1",
                        0,
                        "tiny",
                        SamplingMode.EXACT,
                        Taught.in(PromptForm.MESSAGES),
                        1,
                        4,
                        4,
                        TinyByteModel.POSITIONS,
                        Duration.ofSeconds(5)),
                model,
                trouble -> {});
        gateway = new RecordedGateway(folder.resolve("journal"), server.url(), "tiny");
        client = OpenAIOkHttpClient.builder()
                .baseUrl(gateway.url())
                .apiKey(gateway.key())
                .maxRetries(0)
                .build();
    }

    @AfterAll
    static void close() throws Exception {
        client.close();
        gateway.close();
        server.close();
        model.close();
    }

    private static ChatCompletionCreateParams.Builder ask() {
        return ChatCompletionCreateParams.builder()
                .model(RecordedGateway.USE_CASE)
                .addUserMessage("hello")
                .seed(5)
                .maxCompletionTokens(200);
    }

    private static AnswerLogprob logprob() throws IOException {
        AnswerLogprob logprob = gateway.last().facts().attempts().getLast().logprob();
        assertNotNull(logprob);
        return logprob;
    }

    /** How probable it was to the model is known of every answer: nobody asks for it, and nobody sees it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"book\",\"parameters\":{\"type\":\"object\",\"properties\":{\"coach\":{\"enum\":[\"quiet\",\"family\"]}},\"required\":[\"coach\"]}}}]"
            })
    void howProbableAnAnswerWasIsRecordedAndNotTold(String more) throws Exception {
        String ask =
                "{\"model\":\"%s\",\"seed\":5,\"max_tokens\":60,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]%s%s}";
        List<String> told = new ArrayList<>();
        List<AnswerLogprob> probable = new ArrayList<>();
        for (String stream : List.of("", ",\"stream\":true")) {
            HttpResponse<String> direct = post(server.url(), "", ask.formatted("tiny", more, stream));
            HttpResponse<String> through =
                    post(gateway.url(), gateway.key(), ask.formatted(RecordedGateway.USE_CASE, more, stream));
            assertEquals(
                    unnamed(direct.body()),
                    unnamed(through.body()),
                    "to the last byte, but for names that are drawn, and what chunks have where tokens are counted");
            told.addAll(direct.headers().map().keySet());
            told.addAll(through.headers().map().keySet());
            told.add(through.body());
            probable.add(logprob());
        }
        assertFalse(told.toString().contains("x-hone-logprob"), told.toString());
        assertEquals(probable.get(0), probable.get(1), "the same answer, streamed");
        assertTrue(probable.get(0).sum() < 0 && probable.get(0).tokens() > 1, probable.toString());
        if (more.isEmpty()) {
            assertEquals(60, probable.get(0).tokens());
        } else {
            assertTrue(probable.get(0).sum() > -20, "most of it is certain: " + probable.get(0));
        }
    }

    private static HttpResponse<String> post(String url, String key, String body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url + "/chat/completions"))
                            .header("Content-Type", "application/json")
                            .header("Authorization", "Bearer " + key)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String unnamed(String body) {
        return body.replaceAll("chatcmpl-[0-9a-f]{32}", "ID")
                .replaceAll("call_[0-9a-f]{24}", "CALL")
                .replaceAll("\"created\":[0-9]+", "\"created\":0")
                .replace(",\"usage\":null", "");
    }

    @Test
    void aStreamSaysWhatAWholeAnswerDoes() throws Exception {
        ChatCompletion whole = client.chat().completions().create(ask().build());
        String text = whole.choices().getFirst().message().content().orElseThrow();
        assertEquals(text, gateway.last().said("/choices/0/message/content"));
        ChatCompletionAccumulator pieces = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(ask().streamOptions(ChatCompletionStreamOptions.builder()
                                .includeUsage(true)
                                .build())
                        .build())) {
            stream.stream().forEach(pieces::accumulate);
        }
        assertEquals(
                text,
                pieces.chatCompletion().choices().getFirst().message().content().orElseThrow());
        RecordedGateway.Recorded call = gateway.last();
        assertTrue(call.facts().stream());
        assertEquals(text, call.said("/choices/0/message/content"));
        assertEquals(
                whole.usage().orElseThrow().completionTokens(),
                call.facts().usage().completion());
    }

    /** A seat on a train. */
    public static class Seat {
        public boolean window;
        public Coach coach = Coach.QUIET;

        /** Where. */
        public enum Coach {
            QUIET,
            FAMILY
        }
    }

    @Test
    void anAnswerObeysTheClassThatItIsFor() throws Exception {
        Seat seat = client.chat()
                .completions()
                .create(ask().responseFormat(Seat.class).build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
        JsonNode stored = JsonMapper.shared().readTree(gateway.last().said("/choices/0/message/content"));
        assertEquals(seat.coach.name(), stored.path("coach").asString());
        assertEquals(seat.window, stored.path("window").asBoolean());
    }

    @Test
    void callsAreOfTheToolsThatAreOffered() throws Exception {
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("hello"))
                .toolSpecifications(ToolSpecification.builder()
                        .name("book")
                        .description("a seat")
                        .parameters(JsonObjectSchema.builder()
                                .addBooleanProperty("window")
                                .addEnumProperty("coach", List.of("quiet", "family"))
                                .required("window", "coach")
                                .build())
                        .build())
                .build();
        ToolExecutionRequest tool = OpenAiChatModel.builder()
                .baseUrl(gateway.url())
                .apiKey(gateway.key())
                .modelName(RecordedGateway.USE_CASE)
                .build()
                .chat(request)
                .aiMessage()
                .toolExecutionRequests()
                .getFirst();
        assertEquals("book", tool.name());
        JsonNode arguments = JsonMapper.shared().readTree(tool.arguments());
        assertTrue(List.of("quiet", "family").contains(arguments.path("coach").asString()));
        assertEquals(tool.arguments(), gateway.last().said("/choices/0/message/tool_calls/0/function/arguments"));

        ChatCompletionMessageFunctionToolCall call = client.chat()
                .completions()
                .create(ask().addTool(Seat.class).build())
                .choices()
                .getFirst()
                .message()
                .toolCalls()
                .orElseThrow()
                .getFirst()
                .asFunction();
        assertEquals(
                call.function().arguments(Seat.class).coach.name(),
                JsonMapper.shared()
                        .readTree(gateway.last().said("/choices/0/message/tool_calls/0/function/arguments"))
                        .path("coach")
                        .asString());
    }
}
