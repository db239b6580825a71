package dev.hone.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OpenAI's own Java client at the gateway: what its objects say, and the trace too. */
@Timeout(60)
final class OpenAiJavaTest {
    @TempDir
    static Path folder;

    private static ScriptedServer upstream;
    private static RecordedGateway gateway;
    private static OpenAIClient client;

    @BeforeAll
    static void open() throws Exception {
        upstream = ScriptedServer.open();
        gateway = new RecordedGateway(folder, upstream.url(), "model");
        client = client(gateway.key());
    }

    @AfterAll
    static void close() throws Exception {
        client.close();
        gateway.close();
        upstream.close();
    }

    private static OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(gateway.url())
                .apiKey(key)
                .maxRetries(0)
                .putHeader("x-hone-episode", "talk 1")
                .build();
    }

    private static ChatCompletionCreateParams.Builder ask(String text) {
        return ChatCompletionCreateParams.builder()
                .model(RecordedGateway.USE_CASE)
                .addUserMessage(text);
    }

    private static ChatCompletion streamed(ChatCompletionCreateParams params) {
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            stream.stream().forEach(whole::accumulate);
        }
        return whole.chatCompletion();
    }

    private static String text(ChatCompletion answer) {
        return answer.choices().getFirst().message().content().orElseThrow();
    }

    private static CallUsage usage(CompletionUsage usage) {
        return new CallUsage(
                usage.promptTokens(),
                usage.promptTokensDetails().orElseThrow().cachedTokens().orElseThrow(),
                usage.completionTokens());
    }

    @Test
    void chat() throws Exception {
        try (HttpResponseFor<ChatCompletion> response = client.chat()
                .completions()
                .withRawResponse()
                .create(ask("Grüezi").build())) {
            ChatCompletion answer = response.parse();
            assertEquals("You said: Grüezi", text(answer));
            RecordedGateway.Recorded call = gateway.last();
            assertEquals(
                    List.of(call.facts().id().toString()), response.headers().values("x-hone-trace"));
            assertEquals(List.of("only"), response.headers().values("x-hone-variant"));
            assertEquals("You said: Grüezi", call.said("/choices/0/message/content"));
            assertEquals("Grüezi", call.request().at("/messages/0/content").asString());
            assertEquals(usage(answer.usage().orElseThrow()), call.facts().usage());
            assertEquals("job", call.facts().route());
            assertEquals("talk 1", call.facts().origin().episode());
            assertEquals(CapturedCall.End.ANSWERED, call.facts().end());
        }
    }

    @Test
    void stream() throws Exception {
        ChatCompletion answer = streamed(ask("one two three four")
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build());
        assertEquals("You said: one two three four", text(answer));
        RecordedGateway.Recorded call = gateway.last();
        assertTrue(call.facts().stream());
        assertEquals("chat.completion", call.said("/object"));
        assertEquals(text(answer), call.said("/choices/0/message/content"));
        assertEquals(usage(answer.usage().orElseThrow()), call.facts().usage());
    }

    @Test
    void models() {
        assertEquals(
                List.of(RecordedGateway.USE_CASE, "own/model"),
                client.models().list().items().stream().map(model -> model.id()).toList());
        assertEquals("own", client.models().retrieve("own/model").ownedBy());
    }

    private static ChatCompletionCreateParams.Builder askForTool() {
        return ask("How warm is it?")
                .addFunctionTool(FunctionDefinition.builder()
                        .name("weather")
                        .description("of a city")
                        .parameters(FunctionParameters.builder()
                                .putAdditionalProperty("type", JsonValue.from("object"))
                                .putAdditionalProperty(
                                        "properties",
                                        JsonValue.from(Map.of(
                                                "city",
                                                Map.of("type", "string"),
                                                "unit",
                                                Map.of("enum", List.of("celsius", "kelvin")))))
                                .build())
                        .build());
    }

    /** The call, what it gives, and what is said of that; a streamed call is the same as a whole one. */
    @Test
    void tools() throws Exception {
        ChatCompletionMessage message = client.chat()
                .completions()
                .create(askForTool().build())
                .choices()
                .getFirst()
                .message();
        ChatCompletionMessageFunctionToolCall tool =
                message.toolCalls().orElseThrow().getFirst().asFunction();
        assertEquals("weather", tool.function().name());
        assertEquals(
                Map.of("city", "Zürich", "unit", "celsius"), tool.function().arguments(Map.class));
        RecordedGateway.Recorded call = gateway.last();
        assertEquals(tool.function().arguments(), call.said("/choices/0/message/tool_calls/0/function/arguments"));

        ChatCompletion streamed = streamed(askForTool().build());
        assertEquals(
                tool.function(),
                streamed.choices()
                        .getFirst()
                        .message()
                        .toolCalls()
                        .orElseThrow()
                        .getFirst()
                        .asFunction()
                        .function());
        RecordedGateway.Recorded asStream = gateway.last();
        assertEquals(
                call.response().at("/choices/0/message/tool_calls/0/function"),
                asStream.response().at("/choices/0/message/tool_calls/0/function"));
        assertEquals("tool_calls", asStream.said("/choices/0/finish_reason"));

        ChatCompletion after = client.chat()
                .completions()
                .create(askForTool()
                        .addMessage(message)
                        .addMessage(ChatCompletionToolMessageParam.builder()
                                .toolCallId(tool.id())
                                .content("21 °C")
                                .build())
                        .build());
        assertEquals("The tool says: 21 °C", text(after));
        assertEquals("The tool says: 21 °C", gateway.last().said("/choices/0/message/content"));
    }

    /** The answer of a class. */
    public static class Weather {
        public String city = "";
        public int degrees;
    }

    @Test
    void structuredOutput() throws Exception {
        Weather weather = client.chat()
                .completions()
                .create(ask("How warm is it?").responseFormat(Weather.class).build())
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
        assertEquals("Zürich", weather.city);
        assertEquals(7, weather.degrees);
        RecordedGateway.Recorded call = gateway.last();
        assertEquals("{\"city\":\"Zürich\",\"degrees\":7}", call.said("/choices/0/message/content"));
        assertEquals(
                "integer",
                call.request()
                        .at("/response_format/json_schema/schema/properties/degrees/type")
                        .asString());
    }

    @Test
    void severalAnswersWithLogprobs() throws Exception {
        ChatCompletionCreateParams params =
                ask("a b c").n(3).logprobs(true).topLogprobs(2).build();
        for (ChatCompletion answer : List.of(client.chat().completions().create(params), streamed(params))) {
            assertEquals(3, answer.choices().size());
            RecordedGateway.Recorded call = gateway.last();
            for (ChatCompletion.Choice choice : answer.choices()) {
                assertEquals("You said: a b c", choice.message().content().orElseThrow());
                assertEquals(
                        List.of("You sa", "id: a ", "b c"),
                        choice.logprobs().orElseThrow().content().orElseThrow().stream()
                                .map(token -> token.token())
                                .toList());
                for (int i = 0; i < 3; i++) {
                    assertEquals(
                            choice.logprobs()
                                    .orElseThrow()
                                    .content()
                                    .orElseThrow()
                                    .get(i)
                                    .token(),
                            call.said("/choices/%d/logprobs/content/%d/token".formatted(choice.index(), i)));
                }
            }
            assertEquals(3, call.response().path("choices").size());
        }
    }

    @Test
    void aPicturePassesAsItIs() throws Exception {
        byte[] picture = new byte[200_000];
        new Random(3).nextBytes(picture);
        String url = "data:image/png;base64," + Base64.getEncoder().encodeToString(picture);
        ChatCompletion answer = client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model("own/model")
                        .addUserMessageOfArrayOfContentParts(List.of(
                                ChatCompletionContentPart.ofText(ChatCompletionContentPartText.builder()
                                        .text("what?")
                                        .build()),
                                ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                                        .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                                                .url(url)
                                                .build())
                                        .build())))
                        .build());
        assertEquals("You said: what? with a picture of %d letters".formatted(url.length()), text(answer));
        RecordedGateway.Recorded call = gateway.last();
        assertEquals(
                url, call.request().at("/messages/0/content/1/image_url/url").asString());
        // But for the model's name, which is cut in, the server got what the client sent.
        String sent = new String(call.body(), java.nio.charset.StandardCharsets.UTF_8);
        assertArrayEquals(
                sent.replace("\"own/model\"", "\"model\"").getBytes(java.nio.charset.StandardCharsets.UTF_8),
                upstream.lastBody());
    }

    @Test
    void embeddings() throws Exception {
        CreateEmbeddingResponse answer = client.embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model(RecordedGateway.USE_CASE)
                        .inputOfArrayOfStrings(List.of("four", "sixsix"))
                        .build());
        assertEquals(
                List.of(List.of(4f, 0.5f, -0.25f), List.of(6f, 0.5f, -0.25f)),
                answer.data().stream().map(one -> one.embedding()).toList());
        RecordedGateway.Recorded call = gateway.last();
        assertEquals("/v1/embeddings", call.facts().path());
        assertEquals(answer.usage().promptTokens(), call.facts().usage().prompt());
        assertEquals(2, call.response().path("data").size());
    }

    @Test
    void completions() throws Exception {
        CompletionCreateParams params = CompletionCreateParams.builder()
                .model(RecordedGateway.USE_CASE)
                .prompt("once upon")
                .build();
        Completion answer = client.completions().create(params);
        assertEquals("You said: once upon", answer.choices().getFirst().text());
        assertEquals("You said: once upon", gateway.last().said("/choices/0/text"));
        assertEquals(usage(answer.usage().orElseThrow()), gateway.last().facts().usage());
        try (StreamResponse<Completion> stream = client.completions().createStreaming(params)) {
            assertEquals(
                    "You said: once upon",
                    stream.stream().map(one -> one.choices().getFirst().text()).collect(Collectors.joining()));
        }
        assertEquals("You said: once upon", gateway.last().said("/choices/0/text"));
        assertEquals("/v1/completions", gateway.last().facts().path());
    }

    @Test
    void responses() throws Exception {
        ResponseCreateParams params = ResponseCreateParams.builder()
                .model(RecordedGateway.USE_CASE)
                .input("hello there")
                .build();
        Response answer = client.responses().create(params);
        assertEquals(
                "You said: hello there",
                answer.output()
                        .getFirst()
                        .asMessage()
                        .content()
                        .getFirst()
                        .asOutputText()
                        .text());
        assertEquals("You said: hello there", gateway.last().said("/output/0/content/0/text"));
        assertEquals(
                answer.usage().orElseThrow().outputTokens(),
                gateway.last().facts().usage().completion());
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(params)) {
            assertEquals(
                    "You said: hello there",
                    stream.stream()
                            .flatMap(event -> event.outputTextDelta().stream())
                            .map(delta -> delta.delta())
                            .collect(Collectors.joining()));
        }
        assertEquals("You said: hello there", gateway.last().said("/output/0/content/0/text"));
        assertEquals(4L, gateway.last().facts().usage().completion());
    }

    @Test
    void errors() throws Exception {
        int before = gateway.calls().size();
        OpenAIClient stranger = client("hone_unknown");
        UnauthorizedException refused = assertThrows(
                UnauthorizedException.class,
                () -> stranger.chat().completions().create(ask("hello").build()));
        assertEquals("invalid_api_key", refused.code().orElseThrow());
        stranger.close();
        NotFoundException unknown = assertThrows(
                NotFoundException.class,
                () -> client.chat()
                        .completions()
                        .create(ask("hello").model("use-case/nothing").build()));
        assertEquals("model_not_found", unknown.code().orElseThrow());
        assertEquals(before, gateway.calls().size());

        BadRequestException bad = assertThrows(
                BadRequestException.class,
                () -> client.chat()
                        .completions()
                        .create(ask("hello")
                                .model("own/" + ScriptedServer.STRICT)
                                .build()));
        assertEquals("unsupported_value", bad.code().orElseThrow());
        assertEquals("temperature", bad.param().orElseThrow());
        assertEquals("unsupported_value", gateway.last().said("/error/code"));
        assertEquals(400, gateway.last().facts().status());

        RateLimitException limited = assertThrows(
                RateLimitException.class,
                () -> client.chat()
                        .completions()
                        .create(ask("hello")
                                .model("own/" + ScriptedServer.LIMITED)
                                .build()));
        assertEquals(List.of("60"), limited.headers().values("retry-after"));
        assertEquals("rate_limit_exceeded", limited.code().orElseThrow());
        assertEquals("rate_limit_exceeded", gateway.last().said("/error/code"));
        assertEquals(429, gateway.last().facts().status());
        assertEquals(CapturedCall.End.REFUSED, gateway.last().facts().end());
    }
}
