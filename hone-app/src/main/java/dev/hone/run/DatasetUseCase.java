package dev.hone.run;

import dev.hone.grade.GraderDefinition;
import dev.hone.grade.LabelGrader;
import dev.hone.record.DatasetTask;
import dev.hone.record.Grader;
import dev.hone.record.Task;
import dev.hone.task.AssistantActions;
import dev.hone.task.DemonstratedTask;
import dev.hone.task.TaskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A use case of a frozen dataset's tasks: {@code hone loop}. */
public final class DatasetUseCase {
    /** The part of tasks of which none says to which part it belongs. */
    private static final String ALL = "all";

    /** That of tasks that do not say so, beside others that do: labelled calls beside imported rows, mostly. */
    private static final String REST = "of no part";

    private DatasetUseCase() {}

    /**
     * Of tasks with what their charter calls good. Tasks that cannot be judged by it are left out, and counted.
     *
     * @param name of the use case
     * @param recorded what production answered, by the trace that a task was made of
     * @throws IllegalArgumentException when no task is left
     */
    public static UseCase of(
            String name, GraderDefinition good, List<DatasetTask> tasks, Map<String, String> recorded) {
        return ofTasks(name, good, tasks.stream().map(DemonstratedTask::of).toList(), recorded);
    }

    /** The same of tasks that stand in no dataset. */
    static UseCase ofTasks(String name, GraderDefinition good, List<Task> tasks, Map<String, String> recorded) {
        Map<String, Integer> excluded = new TreeMap<>();
        List<Task> kept = new ArrayList<>();
        String rest = tasks.stream().anyMatch(one -> one.metadata().containsKey(TaskFile.PART)) ? REST : ALL;
        for (Task task : tasks) {
            String wrong = switch (good) {
                case GraderDefinition.ToolCall() -> called(task, kept);
                case GraderDefinition.Label(Map<String, List<String>> classes) -> named(task, classes, kept);
                case GraderDefinition other -> judged(task, other.grader(), rest, kept);
            };
            if (wrong != null) {
                excluded.merge(wrong, 1, Integer::sum);
            }
        }
        if (kept.isEmpty()) {
            throw new IllegalArgumentException(
                    "None of [%d] tasks of [%s] can be judged by [%s]: %s; correct [good] in its charter, or the labels"
                            .formatted(tasks.size(), name, good.kind(), excluded));
        }
        UseCase.Data data = new UseCase.Data(name, kept, recorded, excluded);
        return switch (good) {
            case GraderDefinition.ToolCall() -> new CallUseCase(data);
            case GraderDefinition.Label(Map<String, List<String>> classes) ->
                new LabelUseCase(data, TaskFile.PART, classes);
            case GraderDefinition other -> new TextUseCase(data, other);
        };
    }

    /** @return why it is none; null when it was added */
    private static @Nullable String called(Task task, List<Task> kept) {
        String function;
        try {
            JsonNode call = JsonMapper.shared().readTree(task.reference());
            function = call.path("name").asString("");
        } catch (JacksonException e) {
            function = "";
        }
        String name = function;
        if (name.isEmpty()) {
            return "its right answer is not one call";
        }
        boolean offered = task.input().tools().stream()
                .anyMatch(tool -> JsonMapper.shared()
                        .readTree(tool)
                        .path("function")
                        .path("name")
                        .asString("")
                        .equals(name));
        if (!offered) {
            return "its right answer calls a tool that it does not offer";
        }
        kept.add(with(task, task.reference(), Map.of(AssistantActions.FUNCTION, name, TaskFile.PART, name)));
        return null;
    }

    private static @Nullable String named(Task task, Map<String, List<String>> classes, List<Task> kept) {
        String name = new LabelGrader(classes).classOf(task.reference());
        if (name == null) {
            return "its right answer is none of the charter's classes";
        }
        kept.add(with(task, name, Map.of(TaskFile.PART, name)));
        return null;
    }

    /** @param rest its part where it says none */
    private static @Nullable String judged(Task task, Grader grader, String rest, List<Task> kept) {
        try {
            grader.grade(task, task.reference());
        } catch (IllegalArgumentException e) {
            return "the grader cannot judge by its right answer";
        }
        kept.add(with(
                task, task.reference(), Map.of(TaskFile.PART, task.metadata().getOrDefault(TaskFile.PART, rest))));
        return null;
    }

    private static Task with(Task task, String reference, Map<String, String> more) {
        Map<String, String> metadata = new HashMap<>(task.metadata());
        metadata.putAll(more);
        return new Task(task.id(), task.input(), reference, metadata);
    }

    /**
     * The same, asked as a model was taught, and so is served, that may have been taught otherwise: beside its own examples where it has some, with one of
     * its own labels, and where it was taught none, as the product asks.
     */
    public static UseCase asTaught(UseCase useCase, Path model) throws IOException {
        Taught taught = Taught.of(model);
        CallExamples examples = taught.examples();
        return switch (useCase) {
            case CallUseCase calls -> examples == null ? calls : calls.beside(examples);
            case LabelUseCase labels ->
                taught.form() == PromptForm.BRIEF_LABEL
                        ? labels.among(taught.labels())
                        : new TextUseCase(labels.data(), labels.good());
            case TextUseCase texts -> texts;
        };
    }
}
