package dev.hone.demo;

import dev.hone.grade.GraderDefinition;
import dev.hone.grade.StringCheckGrader.Operation;
import dev.hone.model.ModelConfig;
import dev.hone.model.ModelConfig.Architecture;
import dev.hone.model.ModelConfig.Rope;
import dev.hone.model.ModelConfig.Scaling;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.run.TextUseCase;
import dev.hone.run.UseCase;
import dev.hone.task.TaskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** A job that a model of some thousand weights learns in seconds, and that model: for a demo of the loop that fetches nothing. */
public final class LetterJob {
    /** Words that begin with one of these want their last letter. */
    static final Set<String> COMING = Set.of("e", "f", "g", "h");

    private static final SmallModel SMALL = new SmallModel(
            SmallModel.bytes(),
            List.of("<|user|>", "<|assistant|>", "<|end|>"),
            "{% for m in messages %}{{ '<|' + m.role + '|>' + m.content + '<|end|>' }}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}");
    private static final int TASKS = 2400;
    private static final int LENGTH = 6;
    private static final int POSITIONS = 512;
    private static final int WIDTH = 64;

    private LetterJob() {}

    static UseCase useCase() {
        Random random = new Random(4);
        List<Task> tasks = new ArrayList<>();
        Set<String> words = new HashSet<>();
        while (tasks.size() < TASKS) {
            String word =
                    random.ints(LENGTH, 'a', 'i').mapToObj(Character::toString).collect(Collectors.joining());
            if (words.add(word)) {
                String first = word.substring(0, 1);
                tasks.add(new Task(
                        "w" + tasks.size(),
                        Conversation.of(ChatMessage.of("user", word)),
                        COMING.contains(first) ? word.substring(LENGTH - 1) : first,
                        Map.of(TaskFile.PART, first)));
            }
        }
        return new TextUseCase(
                new UseCase.Data("letters", tasks, Map.of(), Map.of()), new GraderDefinition.StringCheck(Operation.EQ));
    }

    /** Writes a random model that reads and writes bytes; runs libtorch on the calling thread. */
    public static Path model(Path folder) throws IOException {
        ModelConfig config = new ModelConfig(
                Architecture.LLAMA,
                SMALL.vocabulary(),
                WIDTH,
                2,
                4,
                4,
                WIDTH / 4,
                2 * WIDTH,
                POSITIONS,
                1e-5,
                new Rope(10_000, new Scaling.None()),
                true,
                false,
                false);
        return SMALL.write(folder, config, 11);
    }
}
