package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.grade.GraderDefinition;
import dev.hone.grade.StringCheckGrader.Operation;
import dev.hone.record.ChatMessage;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.task.AssistantActions;
import dev.hone.task.TaskFile;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The ways to ask a model that has not learned the job: what it is shown, and what it may say. */
final class PromptedTest {
    private static final String PAY = """
        {"type":"function","function":{"name":"pay","parameters":{"type":"object","properties":{"sum":{"type":"number"}}}}}""";

    private static final List<Task> CALLS = IntStream.range(0, 8)
            .mapToObj(i -> new Task(
                    "c" + i,
                    new Conversation(List.of(ChatMessage.of("user", "Pay %d to Ann".formatted(i))), List.of(PAY)),
                    "{\"name\":\"pay\",\"arguments\":{\"sum\":%d}}".formatted(i),
                    Map.of(AssistantActions.FUNCTION, "pay")))
            .toList();

    private static final List<Task> LABELLED = IntStream.range(0, 8)
            .mapToObj(i -> labelled("l" + i, (i % 2 == 0 ? "my card is lost " : "what is the rate ") + i, "x" + i % 2))
            .toList();

    private static Task labelled(String id, String text, String label) {
        return new Task(id, Conversation.of(ChatMessage.of("user", text)), label, Map.of(TaskFile.PART, label));
    }

    private static List<String> names(List<UseCase.Prompted> ways) {
        return ways.stream().map(UseCase.Prompted::name).toList();
    }

    private static List<String> contents(Conversation conversation) {
        return conversation.messages().stream().map(ChatMessage::content).toList();
    }

    private static CallUseCase calls() {
        return new CallUseCase(new UseCase.Data("calls", CALLS, Map.of(), Map.of()));
    }

    private static LabelUseCase labels() {
        return new LabelUseCase(
                new UseCase.Data("labels", LABELLED, Map.of(), Map.of()),
                TaskFile.PART,
                Map.of("x0", List.of(), "x1", List.of()));
    }

    private static TextUseCase texts(List<Task> tasks) {
        return new TextUseCase(
                new UseCase.Data("texts", tasks, Map.of(), Map.of()), new GraderDefinition.StringCheck(Operation.EQ));
    }

    /** The decoder alone is worth something: whoever learned the job has it, and so has a model that is shown examples. */
    @Test
    void callsAreAskedWithTheSameExamplesFreeAndUnderTheOfferedSchemas() {
        List<UseCase.Prompted> ways = calls().prompted(CALLS.subList(1, 8));
        assertEquals(
                List.of("base, schemas in the prompt", "base, 5 examples", "base, 5 examples, constrained"),
                names(ways));
        Task task = CALLS.getFirst();
        assertEquals(ways.get(1).ask().apply(task), ways.get(2).ask().apply(task));
        assertEquals(new Constraint.None(), ways.get(1).constrain().apply(task));
        assertEquals(calls().constrain(task), ways.get(2).constrain().apply(task));
    }

    /** Its cells are files that others go on with: nobody else may be asked, and nothing else. */
    @Test
    void aStudyAsksWhomItBeganWith() {
        List<Task> train = CALLS.subList(1, 8);
        Task task = CALLS.getFirst();
        UseCase.Prompted studied = calls().studied(train);
        assertEquals("base, 5 examples", studied.name());
        assertEquals(new Constraint.None(), studied.constrain().apply(task));
        assertEquals(
                calls().prompted(train).get(1).ask().apply(task), studied.ask().apply(task));
        assertEquals("base, as asked", texts(LABELLED).studied(LABELLED).name());
    }

    @Test
    void aLabelIsAskedAfterTheNearestOfTheTrainingRowsAlone() {
        List<Task> train = LABELLED.subList(0, 6);
        List<UseCase.Prompted> ways = labels().prompted(train);
        assertEquals(List.of("base, classes in the prompt", "base, 5 examples, constrained"), names(ways));
        Task asked = labelled("new", "I think my card is lost", "x0");
        List<String> said = contents(ways.getLast().ask().apply(asked));
        assertEquals(1 + 2 * 5 + 1, said.size());
        assertEquals("I think my card is lost", said.getLast());
        assertEquals(
                "\"x0\"", said.get(said.size() - 2), "the nearest stands last, with its label as a schema wants it");
        assertTrue(said.get(said.size() - 3).startsWith("my card is lost"), said.toString());
        for (int turn = 1; turn < said.size() - 1; turn += 2) {
            String question = said.get(turn);
            assertTrue(train.stream().anyMatch(one -> one.question().equals(question)), question);
        }
        assertEquals(labels().constrain(asked), ways.getLast().constrain().apply(asked));
    }

    @Test
    void aTextIsAskedAfterExamplesThatStandBehindItsInstructions() {
        List<UseCase.Prompted> ways = texts(LABELLED).prompted(LABELLED.subList(0, 2));
        assertEquals(List.of("base, as asked", "base, 5 examples"), names(ways));
        Task asked = new Task(
                "new",
                new Conversation(
                        List.of(
                                ChatMessage.of("system", "Be brief."),
                                ChatMessage.of("user", "hello"),
                                ChatMessage.of("assistant", "hi"),
                                ChatMessage.of("user", "what is the rate")),
                        List.of(PAY)),
                "x1",
                Map.of());
        Conversation conversation = ways.getLast().ask().apply(asked);
        assertEquals(
                List.of(
                        "Be brief.",
                        "my card is lost 0",
                        "x0",
                        "what is the rate 1",
                        "x1",
                        "hello",
                        "hi",
                        "what is the rate"),
                contents(conversation));
        assertEquals(List.of(PAY), conversation.tools());
        assertEquals(asked.input(), ways.getFirst().ask().apply(asked));
    }

    /** A prompt stays short enough for a model to read. */
    @Test
    void aLongQuestionLeavesRoomForFewerExamples() {
        List<Task> train = IntStream.range(0, 5)
                .mapToObj(i -> labelled("long" + i, "ä".repeat(450) + i, "x0"))
                .toList();
        NearestExamples nearest = new NearestExamples(train);
        assertEquals(4, nearest.of(labelled("short", "ä", "x0")).size());
        assertEquals(2, nearest.of(labelled("longer", "ä".repeat(1000), "x0")).size());
        assertEquals(List.of(), nearest.of(labelled("longest", "ä".repeat(2000), "x0")));
    }
}
