package dev.hone.run;

import dev.hone.evaluate.Answers;
import dev.hone.evaluate.classic.ClassicContenders;
import dev.hone.fetch.FetchListener;
import dev.hone.fetch.FileCache;
import dev.hone.grade.GraderDefinition;
import dev.hone.grade.LabelGrader;
import dev.hone.grade.ToolCallGrader;
import dev.hone.model.MiniLm;
import dev.hone.record.Constraint;
import dev.hone.record.Conversation;
import dev.hone.record.Grader;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Task;
import dev.hone.task.ChatJson;
import dev.hone.task.LabelPrompts;
import dev.hone.task.VulnerabilityTriage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A text belongs to a class.
 *
 * @param data whose references are labels, each also the metadatum of the part
 * @param part name of that metadatum
 * @param labels every label with its other names
 */
public record LabelUseCase(Data data, String part, Map<String, List<String>> labels) implements UseCase {
    public static final String VULNERABILITY_TRIAGE = "vulnerability-triage";

    private static final int ANSWER_TOKENS = 6;

    public LabelUseCase {
        labels = Map.copyOf(labels);
    }

    /** The public data of the demo. */
    public static LabelUseCase vulnerabilityTriage(FetchListener listener) throws IOException {
        VulnerabilityTriage.Labelled triage = VulnerabilityTriage.load(FileCache.standard(), listener);
        return new LabelUseCase(
                new Data(VULNERABILITY_TRIAGE, triage.tasks(), Map.of(), triage.excluded()),
                VulnerabilityTriage.LABEL,
                triage.labels());
    }

    /** The same for a model that knows these labels. */
    LabelUseCase among(List<String> known) {
        return new LabelUseCase(
                data,
                part,
                known.stream()
                        .collect(
                                Collectors.toMap(Function.identity(), label -> labels.getOrDefault(label, List.of()))));
    }

    @Override
    public UseCase with(Data other) {
        return new LabelUseCase(other, part, labels);
    }

    @Override
    public String describe() {
        return "%d rows of which each gets one of %d labels"
                .formatted(data.tasks().size(), labels.size());
    }

    @Override
    public boolean hasClasses() {
        return true;
    }

    @Override
    public @Nullable String classOf(Task task, String output) {
        return new LabelGrader(labels).classOf(output);
    }

    /** As the product asks a general model: the server makes of it what the model was taught, and knows the labels. */
    @Override
    public ObjectNode request(Task task) {
        return ChatJson.of(product(task));
    }

    @Override
    public Taught taught() {
        return Taught.among(labels.keySet());
    }

    @Override
    public Conversation ask(Task task) {
        return LabelPrompts.brief(task);
    }

    @Override
    public Conversation demonstrate(Task task) {
        return LabelPrompts.demonstration(task);
    }

    @Override
    public Conversation product(Task task) {
        return LabelPrompts.listed(task, labels);
    }

    @Override
    public boolean isConstrained() {
        return true;
    }

    @Override
    public Constraint constrain(Task task) {
        return LabelPrompts.oneOf(labels.keySet());
    }

    @Override
    public GraderDefinition good() {
        return new GraderDefinition.Label(labels);
    }

    /** With the sub-scores that the report shows: an allowed label is valid, and a label is all that there is to get right. */
    @Override
    public Grader grader() {
        LabelGrader grader = new LabelGrader(labels);
        return (task, output) -> {
            Grade grade = grader.grade(task, output);
            double valid = grade.parts().getOrDefault("known", 0.0);
            return new Grade(
                    grade.score(),
                    Map.of(ToolCallGrader.VALID, valid, ToolCallGrader.FUNCTION, grade.score()),
                    grade.reason());
        };
    }

    /** A label is right or wrong, and a demonstration says which: there is nothing to explore. */
    @Override
    public @Nullable ToDoubleFunction<Grade> reward() {
        return null;
    }

    @Override
    public int maxTokens() {
        return 64;
    }

    @Override
    public int positions() {
        return 2048;
    }

    @Override
    public List<Answers> floors(List<Task> train, List<Task> test) {
        return new ClassicContenders(train, new MiniLm()).answer(test);
    }

    @Override
    public List<Prompted> prompted(List<Task> train) {
        NearestExamples nearest = new NearestExamples(train);
        return List.of(
                studied(train),
                new Prompted(
                                NearestExamples.contender(),
                                ANSWER_TOKENS,
                                task -> LabelPrompts.fewShot(task, nearest.of(task)),
                                task -> new Constraint.None())
                        .obeying(this::constrain));
    }

    @Override
    public Prompted studied(List<Task> train) {
        return new Prompted("base, classes in the prompt", ANSWER_TOKENS, this::product, this::constrain);
    }
}
