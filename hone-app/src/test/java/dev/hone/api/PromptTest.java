package dev.hone.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.fetch.FetchListener;
import dev.hone.record.Constraint;
import dev.hone.record.SampleRequest;
import dev.hone.run.LoadedModel;
import dev.hone.run.PromptForm;
import dev.hone.run.Taught;
import dev.hone.task.CallPrompts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptTest {
    private static final String TOOL =
            "{\"type\":\"function\",\"function\":{\"name\":\"pay\",\"parameters\":{\"type\":\"object\",\"properties\":{\"sum\":{\"type\":\"number\"}}}}}";
    private static final String OTHER =
            "{\"type\":\"function\",\"function\":{\"name\":\"book\",\"parameters\":{\"type\":\"dict\",\"properties\":{\"at\":{\"type\":\"any\"}}}}}";

    @TempDir
    static Path folder;

    private static LoadedModel model;

    @BeforeAll
    static void open() throws IOException {
        model = LoadedModel.open(TinyByteModel.write(folder.resolve("model")).toString(), FetchListener.SILENT);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static SampleRequest prompt(PromptForm form, String messages, String more) {
        String body = "{\"model\":\"tiny\",\"messages\":" + messages + more + "}";
        ChatRequest request = new ChatRequestReader("tiny", 4).read(body.getBytes(StandardCharsets.UTF_8));
        return new Prompt(model, Taught.in(form), TinyByteModel.POSITIONS, 1).of(request);
    }

    private static String text(SampleRequest request) {
        return model.tokenizer().decode(request.prompt(), false);
    }

    private static String turn(String role, String content) {
        return "{\"role\":\"" + role + "\",\"content\":\"" + content + "\"}";
    }

    @Test
    void aModelThatWasTaughtCallsSeesWhatItWasTaughtWith() {
        SampleRequest request = prompt(
                PromptForm.BRIEF_TOOLS,
                "[" + turn("system", "You are a bank.") + "," + turn("user", "Pay 5") + "]",
                ",\"tools\":[" + TOOL + "," + OTHER + "]");
        assertEquals(
                text(new SampleRequest(
                        model.prompt(CallPrompts.brief(List.of(TOOL, OTHER), "Pay 5")), 1, request.params())),
                text(request));
        assertEquals(0, request.params().temperature());
        assertEquals(2, ((Constraint.Call) request.constraint()).tools().size());
    }

    @Test
    void aModelThatWasTaughtCallsIsAskedForNothingElse() {
        String sentence = turn("user", "Pay 5");
        assertEquals(
                "tools",
                assertThrows(Refusal.class, () -> prompt(PromptForm.BRIEF_TOOLS, "[" + sentence + "]", ""))
                        .parameter());
        Refusal conversation = assertThrows(
                Refusal.class,
                () -> prompt(
                        PromptForm.BRIEF_TOOLS, "[" + sentence + "," + sentence + "]", ",\"tools\":[" + TOOL + "]"));
        assertEquals("messages", conversation.parameter());
    }

    @Test
    void toolsAndCallsAreSpelledOutForATemplateThatKnowsNone() {
        String asked = text(prompt(
                PromptForm.MESSAGES,
                "[" + turn("system", "Be kind.") + "," + turn("user", "Pay 5") + "]",
                ",\"tools\":[" + TOOL + "]"));
        assertTrue(asked.contains("system:Be kind.\n\nYou turn a request into one call"), asked);
        assertTrue(asked.contains("{\"name\":\"pay\",\"parameters\":"), asked);
        String answered = text(prompt(
                PromptForm.MESSAGES,
                "[" + turn("user", "Pay 5")
                        + ",{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"pay\",\"arguments\":\"{\\\"sum\\\": 5}\"}}]},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"paid\"}]",
                ",\"tools\":[" + TOOL + "]"));
        assertEquals(
                "<|turn|>user:Pay 5<|end|><|turn|>assistant:{\"name\":\"pay\",\"arguments\":{\"sum\":5}}<|end|><|turn|>tool:paid<|end|><|turn|>assistant:",
                answered);
    }

    @Test
    void anAnswerMayFillTheContextAndNoMore() {
        SampleRequest request =
                prompt(PromptForm.MESSAGES, "[" + turn("user", "Hi") + "]", ",\"max_completion_tokens\":100000");
        assertEquals(
                TinyByteModel.POSITIONS - request.prompt().length,
                request.params().maxTokens());
        assertEquals(1, request.params().temperature());
    }
}
