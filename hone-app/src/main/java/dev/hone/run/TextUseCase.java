package dev.hone.run;

import dev.hone.evaluate.Answers;
import dev.hone.grade.GraderDefinition;
import dev.hone.grade.ToolCallGrader;
import dev.hone.record.ChatMessage;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.Grader;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import dev.hone.task.ChatJson;
import dev.hone.task.TaskFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A conversation is answered by a text, or by a number.
 *
 * @param data whose tasks are asked as they are, as the product goes on asking
 * @param good what a good answer is
 */
public record TextUseCase(Data data, GraderDefinition good) implements UseCase {
    private static final int ANSWER_TOKENS = 100;

    /** Of a token, about. */
    private static final double CHARACTERS = 3;

    @Override
    public UseCase with(Data other) {
        return new TextUseCase(other, good);
    }

    @Override
    public String part() {
        return TaskFile.PART;
    }

    @Override
    public String describe() {
        return "%d rows of which each is answered by a text, judged by %s"
                .formatted(data.tasks().size(), good.kind());
    }

    @Override
    public boolean hasClasses() {
        return false;
    }

    @Override
    public @Nullable String classOf(Task task, String output) {
        return null;
    }

    /** Without chance, as it is judged. */
    @Override
    public ObjectNode request(Task task) {
        return ChatJson.of(product(task)).put("temperature", 0);
    }

    @Override
    public Taught taught() {
        return Taught.in(PromptForm.MESSAGES);
    }

    @Override
    public Conversation ask(Task task) {
        return task.input();
    }

    @Override
    public Conversation demonstrate(Task task) {
        List<ChatMessage> messages = new ArrayList<>(task.input().messages());
        messages.add(ChatMessage.of("assistant", task.reference()));
        return new Conversation(messages, task.input().tools());
    }

    @Override
    public Conversation product(Task task) {
        return task.input();
    }

    @Override
    public boolean isConstrained() {
        return false;
    }

    @Override
    public Constraint constrain(Task task) {
        return new Constraint.None();
    }

    /** With the sub-scores that the report shows: any text is valid, and there is no function but to be right. */
    @Override
    public Grader grader() {
        Grader grader = good.grader();
        return (task, output) -> {
            Grade grade = grader.grade(task, output);
            return new Grade(
                    grade.score(),
                    Map.of(
                            ToolCallGrader.VALID,
                            output.isBlank() ? 0.0 : 1.0,
                            ToolCallGrader.FUNCTION,
                            grade.score() == 1 ? 1.0 : 0.0),
                    grade.reason());
        };
    }

    @Override
    public ToDoubleFunction<Grade> reward() {
        return Grade::score;
    }

    @Override
    public int maxTokens() {
        return 256;
    }

    @Override
    public int positions() {
        return 2048;
    }

    @Override
    public List<Answers> floors(List<Task> train, List<Task> test) {
        return Copies.answer(train, test, task -> Set.of(), task -> Set.of());
    }

    @Override
    public List<Prompted> prompted(List<Task> train) {
        NearestExamples nearest = new NearestExamples(train);
        double characters = train.stream()
                .mapToInt(task -> task.reference().length())
                .average()
                .orElse(0);
        return List.of(
                studied(train),
                new Prompted(
                        NearestExamples.contender(),
                        Math.min(maxTokens(), 1 + characters / CHARACTERS),
                        task -> after(nearest.of(task), task.input()),
                        this::constrain));
    }

    @Override
    public Prompted studied(List<Task> train) {
        return new Prompted("base, as asked", ANSWER_TOKENS, this::ask, this::constrain);
    }

    /** A conversation with the last questions and the answers of others as earlier turns. */
    private static Conversation after(List<Task> examples, Conversation conversation) {
        List<ChatMessage> given = conversation.messages();
        int instructions = (int) given.stream()
                .takeWhile(message -> message.role().equals("system"))
                .count();
        List<ChatMessage> messages = new ArrayList<>(given.subList(0, instructions));
        for (Task example : examples) {
            messages.add(ChatMessage.of("user", example.question()));
            messages.add(ChatMessage.of("assistant", example.reference()));
        }
        messages.addAll(given.subList(instructions, given.size()));
        return new Conversation(messages, conversation.tools());
    }
}
