package dev.hone.run;

import dev.hone.evaluate.Answers;
import dev.hone.evaluate.NearestSentence;
import dev.hone.fetch.FetchListener;
import dev.hone.fetch.FileCache;
import dev.hone.grade.CallReward;
import dev.hone.grade.GraderDefinition;
import dev.hone.record.ChatMessage;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import dev.hone.record.ToolCall;
import dev.hone.task.AssistantActions;
import dev.hone.task.CallPrompts;
import dev.hone.task.ChatJson;
import dev.hone.task.OfferedCalls;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A sentence becomes a call of one of the offered tools.
 *
 * @param data with the called function and the accepted arguments as metadata ({@link AssistantActions})
 * @param shown how many of the demonstrations that a model learns from it sees before each question
 * @param examples these; null where none are shown, or it is not known yet what is learned from
 * @param toolsAsWritten whether a model that learns is asked by the tools as the tasks have them, and not as the product sends them
 */
public record CallUseCase(Data data, int shown, @Nullable CallExamples examples, boolean toolsAsWritten)
        implements UseCase {
    public static final String ASSISTANT_ACTIONS = "assistant-actions";

    private static final int EXAMPLES = 5;

    /** Mean tokens of an answer of the base model: after schemas, and after examples. */
    private static final int SCHEMAS_TOKENS = 111;

    private static final int EXAMPLES_TOKENS = 53;

    public CallUseCase {
        if (shown < 0) {
            throw new IllegalArgumentException("[%d] examples cannot be shown".formatted(shown));
        }
    }

    /** Without examples. */
    public CallUseCase(Data data) {
        this(data, 0, null, false);
    }

    /** The same with so many examples before each question; 0 for none. */
    public CallUseCase showing(int count) {
        return new CallUseCase(data, count, null, toolsAsWritten);
    }

    /** The same for models that are judged and never served. */
    CallUseCase askedByToolsAsWritten() {
        return new CallUseCase(data, shown, examples, true);
    }

    /** The same for a model that has examples of its own. */
    CallUseCase beside(CallExamples own) {
        return new CallUseCase(data, own.shown(), own, toolsAsWritten);
    }

    @Override
    public UseCase with(Data other) {
        return new CallUseCase(other, shown, examples, toolsAsWritten);
    }

    @Override
    public UseCase beside(List<Task> train) {
        return shown == 0
                ? this
                : beside(CallExamples.of(train.stream().map(this::asked).toList(), shown));
    }

    /** With the tools by which a model that learns is asked: a served one sees those that the product sends. */
    private Task asked(Task task) {
        return toolsAsWritten ? task : new Task(task.id(), product(task), task.reference(), task.metadata());
    }

    /** The public data of the demo. */
    public static CallUseCase assistantActions(FetchListener listener) throws IOException {
        AssistantActions.Selected selected = AssistantActions.load(FileCache.standard(), listener);
        return new CallUseCase(new Data(ASSISTANT_ACTIONS, selected.tasks(), Map.of(), selected.excluded()));
    }

    @Override
    public String part() {
        return AssistantActions.FUNCTION;
    }

    @Override
    public String describe() {
        return "%d rows of which each becomes a call of a tool"
                .formatted(data.tasks().size());
    }

    @Override
    public boolean hasClasses() {
        return true;
    }

    @Override
    public @Nullable String classOf(Task task, String output) {
        try {
            String name = JsonMapper.shared().readTree(output).path("name").asString("");
            return name.isEmpty() ? null : name;
        } catch (JacksonException e) {
            return null;
        }
    }

    /** As the product asks a general model: the server makes of the tools what the model was taught. */
    @Override
    public ObjectNode request(Task task) {
        return ChatJson.of(product(task));
    }

    @Override
    public Taught taught() {
        return examples == null ? Taught.in(PromptForm.BRIEF_TOOLS) : Taught.beside(examples);
    }

    @Override
    public Conversation ask(Task task) {
        Task asked = asked(task);
        return examples == null ? CallPrompts.brief(asked) : examples.ask(asked);
    }

    @Override
    public Conversation demonstrate(Task task) {
        Task asked = asked(task);
        return examples == null ? CallPrompts.demonstration(asked) : examples.demonstrate(asked);
    }

    @Override
    public Conversation product(Task task) {
        return new Conversation(
                task.input().messages(), OfferedCalls.sent(task.input().tools()));
    }

    @Override
    public ChatMessage right(Task task) {
        JsonNode call = JsonMapper.shared().readTree(task.reference());
        ToolCall made = new ToolCall(
                "", call.path("name").asString(), call.path("arguments").toString());
        return new ChatMessage("assistant", "", List.of(made), "", "");
    }

    @Override
    public boolean isConstrained() {
        return true;
    }

    @Override
    public Constraint constrain(Task task) {
        return OfferedCalls.of(task.input().tools());
    }

    @Override
    public GraderDefinition good() {
        return new GraderDefinition.ToolCall();
    }

    @Override
    public ToDoubleFunction<Grade> reward() {
        return CallReward::of;
    }

    @Override
    public int maxTokens() {
        return 160;
    }

    @Override
    public int positions() {
        return 4096;
    }

    @Override
    public List<Answers> floors(List<Task> train, List<Task> test) {
        return Copies.answer(train, test, CallPrompts::offers, CallPrompts::uses);
    }

    @Override
    public List<Prompted> prompted(List<Task> train) {
        Prompted examples = studied(train);
        return List.of(
                new Prompted(
                        "base, schemas in the prompt",
                        SCHEMAS_TOKENS,
                        CallPrompts::schemas,
                        task -> new Constraint.None()),
                examples,
                examples.obeying(this::constrain));
    }

    /** Examples without a constraint. */
    @Override
    public Prompted studied(List<Task> train) {
        NearestSentence nearest = CallExamples.nearest(train);
        return new Prompted(
                "base, %d examples".formatted(EXAMPLES),
                EXAMPLES_TOKENS,
                task -> CallPrompts.fewShot(
                        task, nearest.nearest(task, EXAMPLES).reversed()),
                task -> new Constraint.None());
    }
}
