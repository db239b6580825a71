package dev.hone.run;

import dev.hone.grade.GraderDefinition;
import dev.hone.grade.StringCheckGrader.Operation;
import dev.hone.grade.ToolCallGrader;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.task.AssistantActions;
import dev.hone.task.TaskFile;
import dev.hone.train.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A few tasks of every kind of use case, as products have them: with instructions of their own, tools in both manners, and earlier turns. */
public final class SmallJobs {
    /** Names with what JSON escapes, and what it does not. */
    public static final Map<String, List<String>> LABELS =
            Map.of("pay", List.of("money"), "say \"hi\"", List.of(), "über uns", List.of("about us"));

    /** A JSON Schema that leaves open whether there may be more. */
    private static final String PAY =
            "{\"type\":\"function\",\"function\":{\"name\":\"pay\",\"description\":\"d\",\"parameters\":{\"type\":\"object\",\"properties\":{\"sum\":{\"type\":\"number\",\"enum\":[5,7.5]}},\"required\":[\"sum\"]}}}";

    /** In the leaderboard's manner. */
    private static final String BOOK =
            "{\"type\":\"function\",\"function\":{\"name\":\"book\",\"parameters\":{\"type\":\"dict\",\"properties\":{\"at\":{\"type\":\"string\",\"description\":\"when\",\"default\":\"noon\",\"enum\":[\"noon\",\"night\"]}},\"required\":[\"at\"]}}}";

    private SmallJobs() {}

    public static CallUseCase calls() {
        return new CallUseCase(data(
                "calls",
                call("Pay 5 to Ann", "pay", "{\"sum\":5}", "{\"pay\":{\"sum\":[5]}}"),
                call("Pay 7.5 to Ann", "pay", "{\"sum\":7.5}", "{\"pay\":{\"sum\":[7.5]}}"),
                call("A table at noon", "book", "{\"at\":\"noon\"}", "{\"book\":{\"at\":[\"noon\"]}}"),
                call("A room for the night", "book", "{\"at\":\"night\"}", "{\"book\":{\"at\":[\"night\"]}}")));
    }

    /** Others of the same job, of which a model may be shown some. */
    public static List<Task> demonstratedCalls() {
        return List.of(
                call("Pay 5 to Ben", "pay", "{\"sum\":5}", "{\"pay\":{\"sum\":[5]}}"),
                call("A table at night", "book", "{\"at\":\"night\"}", "{\"book\":{\"at\":[\"night\"]}}"),
                call("A room at noon", "book", "{\"at\":\"noon\"}", "{\"book\":{\"at\":[\"noon\"]}}"));
    }

    private static Task call(String sentence, String function, String arguments, String accepted) {
        return new Task(
                sentence,
                new Conversation(
                        List.of(ChatMessage.of("system", "You are a hotel."), ChatMessage.of("user", sentence)),
                        List.of(PAY, BOOK)),
                "{\"name\":\"%s\",\"arguments\":%s}".formatted(function, arguments),
                Map.of(AssistantActions.FUNCTION, function, ToolCallGrader.ACCEPTED, accepted));
    }

    public static LabelUseCase labels() {
        return new LabelUseCase(
                data(
                        "labels",
                        labelled("Where is my money?", "pay"),
                        labelled("Good morning", "say \"hi\""),
                        labelled("Who are you?", "über uns"),
                        labelled("What does it cost?", "pay")),
                TaskFile.PART,
                LABELS);
    }

    private static Task labelled(String question, String label) {
        return new Task(question, inTheMiddle(question), label, Map.of(TaskFile.PART, label));
    }

    public static TextUseCase texts() {
        return new TextUseCase(
                data("texts", text("Who are you?", "A hotel"), text("Where?", "In Ulm")),
                new GraderDefinition.StringCheck(Operation.EQ));
    }

    public static TextUseCase numbers() {
        return new TextUseCase(
                data("numbers", text("1 + 1?", "2"), text("2 + 2?", "#### 4")), new GraderDefinition.Numeric(1e-6));
    }

    private static Task text(String question, String answer) {
        return new Task(question, inTheMiddle(question), answer, Map.of(TaskFile.PART, "all"));
    }

    private static Conversation inTheMiddle(String question) {
        return Conversation.of(
                ChatMessage.of("system", "You are a hotel."),
                ChatMessage.of("user", "Hello?"),
                ChatMessage.of("assistant", "How may I help?"),
                ChatMessage.of("user", question));
    }

    private static UseCase.Data data(String name, Task... tasks) {
        return new UseCase.Data(name, List.of(tasks), Map.of(), Map.of());
    }

    /** SHA-256 of what is kept of a run's folder when it is registered. */
    public static String kept(Path home, Path run) throws IOException {
        return new ModelArchive(new Artifacts(home)).keep(run);
    }

    /** The folder of a finished run of a use case's demonstrations. */
    public static Path learned(UseCase useCase, Path model, Path folder) throws IOException {
        List<Task> tasks = IntStream.range(0, 3)
                .boxed()
                .flatMap(i -> useCase.data().tasks().stream())
                .toList();
        new LoopTraining(useCase, LetterUseCase.SILENT, "data", 1, Precision.FP32)
                .fromDemonstrations(model.toString(), tasks, 1, LoopTraining.RATE, folder, () -> false)
                .orElseThrow();
        return folder;
    }
}
