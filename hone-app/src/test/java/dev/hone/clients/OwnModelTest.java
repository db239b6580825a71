package dev.hone.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
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
