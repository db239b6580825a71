package dev.hone.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CallUsage;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatResponseMetadata;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiLanguageModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's client at the gateway: what its objects say, and the trace too. */
@Timeout(60)
final class LangChain4jTest {
    private static final ToolSpecification WEATHER = ToolSpecification.builder()
            .name("weather")
            .description("of a city")
            .parameters(JsonObjectSchema.builder()
                    .addStringProperty("city")
                    .addEnumProperty("unit", List.of("celsius", "kelvin"))
                    .required("city", "unit")
                    .build())
            .build();

    @TempDir
    static Path folder;

    private static ScriptedServer upstream;
    private static RecordedGateway gateway;

    @BeforeAll
    static void open() throws Exception {
        upstream = ScriptedServer.open();
        gateway = new RecordedGateway(folder, upstream.url(), "model");
    }

    @AfterAll
    static void close() throws Exception {
        gateway.close();
        upstream.close();
    }

    private static OpenAiChatModel.OpenAiChatModelBuilder model() {
        return OpenAiChatModel.builder()
                .baseUrl(gateway.url())
                .apiKey(gateway.key())
                .modelName(RecordedGateway.USE_CASE)
                .customHeaders(Map.of("x-hone-episode", "talk 2"))
                .maxRetries(0);
    }

    private static CallUsage usage(ChatResponse answer) {
        OpenAiTokenUsage usage = (OpenAiTokenUsage) answer.tokenUsage();
        return new CallUsage(
                (long) usage.inputTokenCount(),
                (long) usage.inputTokensDetails().cachedTokens(),
                (long) usage.outputTokenCount());
    }

    @Test
    void chat() throws Exception {
        ChatResponse answer = model().build().chat(UserMessage.from("Grüezi"));
        assertEquals("You said: Grüezi", answer.aiMessage().text());
        RecordedGateway.Recorded call = gateway.last();
        assertEquals("You said: Grüezi", call.said("/choices/0/message/content"));
        assertEquals("talk 2", call.facts().origin().episode());
        assertEquals(usage(answer), call.facts().usage());
    }

    private static ChatResponse streamed(ChatRequest request, List<String> pieces) throws Exception {
        CompletableFuture<ChatResponse> whole = new CompletableFuture<>();
        OpenAiStreamingChatModel.builder()
                .baseUrl(gateway.url())
                .apiKey(gateway.key())
                .modelName(RecordedGateway.USE_CASE)
                .build()
                .chat(request, new StreamingChatResponseHandler() {
                    @Override
                    public void onPartialResponse(String piece) {
                        pieces.add(piece);
                    }

                    @Override
                    public void onCompleteResponse(ChatResponse response) {
                        whole.complete(response);
                    }

                    @Override
                    public void onError(Throwable error) {
                        whole.completeExceptionally(error);
                    }
                });
        return whole.get(30, TimeUnit.SECONDS);
    }

    @Test
    void stream() throws Exception {
        List<String> pieces = new java.util.concurrent.CopyOnWriteArrayList<>();
        ChatResponse answer = streamed(
                ChatRequest.builder()
                        .messages(UserMessage.from("one two three four"))
                        .build(),
                pieces);
        assertEquals("You said: one two three four", String.join("", pieces));
        assertEquals(5, pieces.size());
        RecordedGateway.Recorded call = gateway.last();
        assertEquals("You said: one two three four", call.said("/choices/0/message/content"));
        assertTrue(call.facts().stream());
        assertEquals(usage(answer), call.facts().usage());
    }

    @Test
    void tools() throws Exception {
        UserMessage question = UserMessage.from("How warm is it?");
        ChatRequest request = ChatRequest.builder()
                .messages(question)
                .toolSpecifications(WEATHER)
                .build();
        AiMessage message = model().build().chat(request).aiMessage();
        ToolExecutionRequest tool = message.toolExecutionRequests().getFirst();
        assertEquals("weather", tool.name());
        assertEquals("{\"city\":\"Zürich\",\"unit\":\"celsius\"}", tool.arguments());
        assertEquals(tool.arguments(), gateway.last().said("/choices/0/message/tool_calls/0/function/arguments"));

        assertEquals(
                message.toolExecutionRequests(),
                streamed(request, new java.util.concurrent.CopyOnWriteArrayList<>())
                        .aiMessage()
                        .toolExecutionRequests());
        assertEquals(tool.arguments(), gateway.last().said("/choices/0/message/tool_calls/0/function/arguments"));

        ChatResponse after = model().build()
                .chat(ChatRequest.builder()
                        .messages(question, message, ToolExecutionResultMessage.from(tool, "21 °C"))
                        .toolSpecifications(WEATHER)
                        .build());
        assertEquals("The tool says: 21 °C", after.aiMessage().text());
        assertEquals("The tool says: 21 °C", gateway.last().said("/choices/0/message/content"));
    }

    @Test
    void structuredOutput() throws Exception {
        ChatResponse answer = model().strictJsonSchema(true)
                .build()
                .chat(ChatRequest.builder()
                        .messages(UserMessage.from("How warm is it?"))
                        .responseFormat(ResponseFormat.builder()
                                .type(ResponseFormatType.JSON)
                                .jsonSchema(JsonSchema.builder()
                                        .name("weather")
                                        .rootElement(JsonObjectSchema.builder()
                                                .addStringProperty("city")
                                                .addIntegerProperty("degrees")
                                                .required("city", "degrees")
                                                .build())
                                        .build())
                                .build())
                        .build());
        assertEquals("{\"city\":\"Zürich\",\"degrees\":7}", answer.aiMessage().text());
        RecordedGateway.Recorded call = gateway.last();
        assertEquals(answer.aiMessage().text(), call.said("/choices/0/message/content"));
        assertTrue(call.request().at("/response_format/json_schema/strict").asBoolean(false));
    }

    @Test
    void logprobs() throws Exception {
        ChatResponse answer = model().logprobs(true).topLogprobs(2).build().chat(UserMessage.from("a b c"));
        OpenAiChatResponseMetadata metadata = (OpenAiChatResponseMetadata) answer.metadata();
        assertEquals(
                List.of("You sa", "id: a ", "b c"),
                metadata.logProbs().stream().map(one -> one.token()).toList());
        assertEquals("b c", gateway.last().said("/choices/0/logprobs/content/2/token"));
    }

    @Test
    void aPicturePassesAsItIs() throws Exception {
        byte[] picture = new byte[50_000];
        new Random(3).nextBytes(picture);
        String base64 = Base64.getEncoder().encodeToString(picture);
        ChatResponse answer = model().build()
                .chat(UserMessage.from(TextContent.from("what?"), ImageContent.from(base64, "image/png")));
        String url = "data:image/png;base64," + base64;
        assertEquals(
                "You said: what? with a picture of %d letters".formatted(url.length()),
                answer.aiMessage().text());
        RecordedGateway.Recorded call = gateway.last();
        assertEquals(
                url, call.request().at("/messages/0/content/1/image_url/url").asString());
    }

    @Test
    void embeddings() throws Exception {
        List<Embedding> answer = OpenAiEmbeddingModel.builder()
                .baseUrl(gateway.url())
                .apiKey(gateway.key())
                .modelName(RecordedGateway.USE_CASE)
                .build()
                .embedAll(List.of(TextSegment.from("four"), TextSegment.from("sixsix")))
                .content();
        assertArrayEquals(new float[] {4, 0.5f, -0.25f}, answer.getFirst().vector());
        assertArrayEquals(new float[] {6, 0.5f, -0.25f}, answer.getLast().vector());
        assertEquals("/v1/embeddings", gateway.last().facts().path());
        assertEquals(2, gateway.last().response().path("data").size());
    }

    @Test
    void completions() throws Exception {
        String answer = OpenAiLanguageModel.builder()
                .baseUrl(gateway.url())
                .apiKey(gateway.key())
                .modelName(RecordedGateway.USE_CASE)
                .build()
                .generate("once upon")
                .content();
        assertEquals("You said: once upon", answer);
        assertEquals("You said: once upon", gateway.last().said("/choices/0/text"));
    }

    private static void ask(ChatModel model) {
        model.chat("hello");
    }

    @Test
    void errors() throws Exception {
        int before = gateway.calls().size();
        assertThrows(
                AuthenticationException.class,
                () -> ask(model().apiKey("hone_unknown").build()));
        assertThrows(
                ModelNotFoundException.class,
                () -> ask(model().modelName("use-case/nothing").build()));
        assertEquals(before, gateway.calls().size());
        InvalidRequestException bad = assertThrows(
                InvalidRequestException.class,
                () -> ask(model().modelName("own/" + ScriptedServer.STRICT).build()));
        assertTrue(String.valueOf(bad.getMessage()).contains("unsupported_value"), bad.getMessage());
        assertEquals(400, gateway.last().facts().status());
        assertThrows(
                RateLimitException.class,
                () -> ask(model().modelName("own/" + ScriptedServer.LIMITED).build()));
        assertEquals(429, gateway.last().facts().status());
    }
}
