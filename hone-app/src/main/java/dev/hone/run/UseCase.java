package dev.hone.run;

import dev.hone.evaluate.Answers;
import dev.hone.grade.GraderDefinition;
import dev.hone.record.ChatMessage;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.Grader;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A job that a product does with a model: its tasks, and everything that depends on what their answers are. Made from public data
 * or a file; carried through training and judging by {@link Loop} and {@link Study}.
 */
public sealed interface UseCase permits CallUseCase, LabelUseCase, TextUseCase {
    Data data();

    /** The same job with other rows. */
    UseCase with(Data other);

    /**
     * What it is about, whatever its answers are.
     *
     * @param name of the use case
     * @param tasks to learn from and to judge by
     * @param recorded what production answered, by the task's id; tasks without are missing
     * @param excluded how many rows were left out, by the reason
     */
    record Data(String name, List<Task> tasks, Map<String, String> recorded, Map<String, Integer> excluded) {
        public Data {
            tasks = List.copyOf(tasks);
            recorded = Map.copyOf(recorded);
            excluded = Map.copyOf(excluded);
        }
    }

    /** What was made of its rows, in a sentence. */
    String describe();

    /** The metadatum whose values are spread evenly over folds, and by which quality is told apart. */
    String part();

    /** Whether the values of {@link #part} are classes that answers name. */
    boolean hasClasses();

    /** The class that an answer names; null where it names none. */
    @Nullable
    String classOf(Task task, String output);

    /** A request to a server of the trained model, as a JSON object in OpenAI's form, without the model's name. */
    ObjectNode request(Task task);

    /** How a model is taught to be asked. */
    Taught taught();

    /** The same for a model that learns from these tasks, and may be shown some of them where it is asked. */
    default UseCase beside(List<Task> train) {
        return this;
    }

    /** The question for a model that has learned the job. */
    Conversation ask(Task task);

    /** {@link #ask} with the right answer. */
    Conversation demonstrate(Task task);

    /** The question as the product asks a general model. */
    Conversation product(Task task);

    /** The right answer, as the product would get it. */
    default ChatMessage right(Task task) {
        return ChatMessage.of("assistant", task.reference());
    }

    /** Whether {@link #constrain} forbids anything. */
    boolean isConstrained();

    /** What an answer may be. */
    Constraint constrain(Task task);

    /** What a good answer is. */
    GraderDefinition good();

    /** Judges answers by {@link #good}. */
    default Grader grader() {
        return good().grader();
    }

    /** What a grade is worth while a model learns from rewards; null where it learns from demonstrations alone. */
    @Nullable
    ToDoubleFunction<Grade> reward();

    /** Most tokens of an answer. */
    int maxTokens();

    /** Of the longest prompt and its answer, about: the prompts of {@link #prompted} are the longest. */
    int positions();

    /** What needs no language model: it learns from some tasks, and answers others. */
    List<Answers> floors(List<Task> train, List<Task> test);

    /** The ways to ask a model that has not learned the job, the one that tells it most last. */
    List<Prompted> prompted(List<Task> train);

    /** The one of these that a {@link Study} asks, whose cells go on with whom they began. */
    Prompted studied(List<Task> train);

    /**
     * A way to ask a model that has not learned the job.
     *
     * @param name of the contender
     * @param answerTokens mean tokens of an answer, about
     * @param ask the conversation that a task becomes
     * @param constrain what its answer may be
     */
    record Prompted(
            String name, double answerTokens, Function<Task, Conversation> ask, Function<Task, Constraint> constrain) {
        /** The same under a constraint. */
        Prompted obeying(Function<Task, Constraint> other) {
            return new Prompted(name + ", constrained", answerTokens, ask, other);
        }
    }
}
