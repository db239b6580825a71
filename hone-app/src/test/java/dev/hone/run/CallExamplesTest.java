package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.task.AssistantActions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallExamplesTest {
    private static final String PAY = tool("pay", "sum");
    private static final String BOOK = tool("book", "at");

    @TempDir
    Path folder;

    private final Task five = task("1", "Pay 5 to Ann", "pay", "{\"name\":\"pay\",\"arguments\":{\"sum\":5}}");
    private final Task seven = task("2", "Pay 7 to Ann", "pay", "{\"name\":\"pay\",\"arguments\":{\"sum\":7}}");
    private final Task room = task("3", "Pay for a room at 8", "book", "{\"name\":\"book\",\"arguments\":{\"at\":8}}");
    private final CallExamples examples = CallExamples.of(List.of(five, seven, room), 2);

    private static String tool(String name, String argument) {
        return "{\"type\":\"function\",\"function\":{\"name\":\"%s\",\"parameters\":{\"type\":\"object\",\"properties\":{\"%s\":{\"type\":\"number\"}}}}}"
                .formatted(name, argument);
    }

    private static Task task(String id, String sentence, String function, String call) {
        return new Task(
                id,
                new Conversation(List.of(ChatMessage.of("user", sentence)), List.of(PAY, BOOK)),
                call,
                Map.of(AssistantActions.FUNCTION, function));
    }

    private static List<String> contents(Conversation conversation) {
        return conversation.messages().stream()
                .map(ChatMessage::content)
                .skip(1)
                .toList();
    }

    @Test
    void theNearestStandsLastBeforeTheQuestion() {
        Conversation asked = examples.ask(List.of(PAY, BOOK), "Pay 7 to Ben");
        assertEquals(
                List.of("Pay 5 to Ann", five.reference(), "Pay 7 to Ann", seven.reference(), "Pay 7 to Ben"),
                contents(asked));
        assertTrue(asked.messages().getFirst().content().startsWith("pay#"), asked.toString());
        assertTrue(asked.tools().isEmpty());
    }

    @Test
    void whatCallsNoOfferedToolIsFarther() {
        assertEquals(
                "Pay for a room at 8",
                contents(examples.ask(List.of(BOOK), "Pay 5 to Ann")).get(2));
    }

    /** Else it would learn to copy. */
    @Test
    void aTaskIsNeverShownToItself() {
        List<String> shown = contents(examples.demonstrate(five));
        assertEquals(
                List.of(
                        "Pay for a room at 8",
                        room.reference(),
                        "Pay 7 to Ann",
                        seven.reference(),
                        "Pay 5 to Ann",
                        five.reference()),
                shown);
    }

    @Test
    void theFolderOfAModelHasThemAndSoDoesWhatGoesOnFromIt() throws IOException {
        Path taught = PromptFormTest.run(
                folder,
                "taught",
                "smollm2-135m-instruct",
                Taught.beside(examples).settings());
        Taught.beside(examples).write(taught);
        Path rewarded = PromptFormTest.run(folder, "rewarded", taught.toString(), Map.of("method", "grpo"));
        for (Path model : List.of(taught, rewarded)) {
            Taught found = Taught.of(model);
            assertEquals(PromptForm.SHOWN_TOOLS, found.form());
            assertEquals(
                    examples.ask(List.of(PAY, BOOK), "Pay 7 to Ben"),
                    found.examples().ask(List.of(PAY, BOOK), "Pay 7 to Ben"));
        }
        assertEquals(
                PromptForm.BRIEF_TOOLS,
                Taught.of(taught).as(PromptForm.BRIEF_TOOLS).form());
        Files.delete(taught.resolve(CallExamples.FILE));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Taught.of(rewarded))
                .getMessage()
                .contains("[" + taught.resolve(CallExamples.FILE) + "] is missing"));
        Files.writeString(taught.resolve(CallExamples.FILE), "{\"id\":\"1\",\"tool\":{},\"sentence\":5}\n");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Taught.of(taught))
                .getMessage()
                .contains("line 1 is no example"));
    }

    @Test
    void onlyTheUseCaseThatShowsSomeIsAnother() {
        CallUseCase plain = new CallUseCase(new UseCase.Data("x", List.of(five, seven, room), Map.of(), Map.of()));
        assertEquals(plain, plain.beside(List.of(five, seven)));
        assertEquals(Taught.in(PromptForm.BRIEF_TOOLS), plain.taught());
        UseCase shown = plain.showing(1).beside(List.of(five, seven));
        assertEquals(PromptForm.SHOWN_TOOLS, shown.taught().form());
        assertEquals(List.of("Pay 7 to Ann", seven.reference(), "Pay 5 to Ann"), contents(shown.ask(five)));
        assertThrows(IllegalArgumentException.class, () -> plain.showing(-1));
        assertThrows(
                IllegalArgumentException.class,
                () -> Taught.in(PromptForm.BRIEF_TOOLS).as(PromptForm.SHOWN_TOOLS));
    }
}
