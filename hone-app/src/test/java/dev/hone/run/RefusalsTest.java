package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Report;
import dev.hone.grade.GoldCheck;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.task.AssistantActions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Right answers against what their own rows allow. */
final class RefusalsTest {
    @TempDir
    Path folder;

    private static Task call(String id, String seats, String keyword) {
        String tool = "{'type':'function','function':{'name':'book','parameters':{'type':'object','properties':"
                + "{'seats':{'type':'integer'%s}},'required':['seats']}}}";
        return new Task(
                id,
                new Conversation(
                        List.of(ChatMessage.of("user", "Book.")),
                        List.of(tool.formatted(keyword).replace('\'', '"'))),
                "{\"name\":\"book\",\"arguments\":{\"seats\":%s}}".formatted(seats),
                Map.of(
                        AssistantActions.FUNCTION,
                        "book",
                        AssistantActions.ACCEPTED,
                        "{\"book\":{\"seats\":[%s]}}".formatted(seats)));
    }

    private static CallUseCase calls(Task... tasks) {
        return new CallUseCase(new UseCase.Data("calls", List.of(tasks), Map.of(), Map.of()));
    }

    @Test
    void aCallThatItsToolDoesNotAllowIsRefusedAndToldInTheReport() {
        CallUseCase useCase = calls(call("a", "2", ""), call("b", "2", ",'enum':[1]"), call("c", "3", ""));
        Report.Gold gold =
                Report.Gold.of(GoldCheck.of(useCase.good(), useCase.data().tasks(), Refusals.of(useCase)));
        assertEquals(0, gold.failures(), gold.first());
        assertEquals(1, gold.refused());
        assertEquals(
                ": [b] After [{\"name\":\"book\",\"arguments\":{\"seats\":] cannot come [2}}]", gold.firstRefused());
    }

    /** Before anything is trained, not when the first answer is drawn. */
    @Test
    void aToolThatCannotBeFollowedIsNamed() {
        CallUseCase useCase = calls(call("a", "2", ",'multipleOf':2"));
        String message = String.valueOf(assertThrows(
                        IllegalArgumentException.class,
                        () -> Refusals.of(useCase).apply(useCase.data().tasks().getFirst()))
                .getMessage());
        assertTrue(message.contains("multipleOf") && message.contains("[book]"), message);
    }

    /** A label is written as a JSON string, a text as it is. */
    @Test
    void labelsAreWrittenAsTheyAreTaughtAndTextsAreFree() {
        Task known = new Task("a", Conversation.of(ChatMessage.of("user", "x")), "late", Map.of("part", "late"));
        LabelUseCase labels = new LabelUseCase(
                new UseCase.Data("labels", List.of(known), Map.of(), Map.of()),
                "part",
                Map.of("late", List.of(), "lost", List.of()));
        assertEquals(Optional.empty(), Refusals.of(labels).apply(known));
        assertTrue(Refusals.of(labels).apply(known.withReference("gone")).isPresent());
        UseCase letters = LetterUseCase.of(1);
        assertEquals(
                Optional.empty(),
                Refusals.of(letters).apply(letters.data().tasks().getFirst()));
    }

    private record Older(Report.Gold gold) {}

    /** One that was written before anybody looked at what schemas forbid. */
    @Test
    void anOlderReportIsStillRead() throws IOException {
        String gold = "{\"gold\":{\"tasks\":824,\"corrupted\":5719,\"failures\":1,\"first\":\": [a] why\"}}";
        Path file = Files.writeString(folder.resolve("older.json"), gold);
        assertEquals(
                new Report.Gold(824, 5719, 1, ": [a] why"),
                JsonFile.read(file, Older.class).orElseThrow().gold());
    }
}
