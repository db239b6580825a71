package dev.hone.demo;

import dev.hone.grade.GraderDefinition;
import dev.hone.grade.StringCheckGrader.Operation;
import dev.hone.model.ModelConfig;
import dev.hone.model.ModelConfig.Architecture;
import dev.hone.model.ModelConfig.Rope;
import dev.hone.model.ModelConfig.Scaling;
import dev.hone.model.ModelFolder;
import dev.hone.model.Weights;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import dev.hone.run.TextUseCase;
import dev.hone.run.UseCase;
import dev.hone.task.LabelledTasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** A job that a model of some thousand weights learns in seconds, and that model: for a demo of the loop that fetches nothing. */
public final class LetterJob {
    /** Words that begin with one of these want their last letter. */
    static final Set<String> COMING = Set.of("e", "f", "g", "h");

    private static final int BYTES = 256;
    private static final List<String> SPECIAL = List.of("<|user|>", "<|assistant|>", "<|end|>");
    private static final String TEMPLATE =
            "{% for m in messages %}{{ '<|' + m.role + '|>' + m.content + '<|end|>' }}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";
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
                        Map.of(LabelledTasks.PART, first)));
            }
        }
        return new TextUseCase(
                new UseCase.Data("letters", tasks, Map.of(), Map.of()), new GraderDefinition.StringCheck(Operation.EQ));
    }

    /** Writes a random model that reads and writes bytes; runs libtorch on the calling thread. */
    public static Path model(Path folder) throws IOException {
        ModelConfig config = new ModelConfig(
                Architecture.LLAMA,
                BYTES + SPECIAL.size(),
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
        try (Weights weights = Weights.random(config, 11)) {
            ModelFolder.write(folder, weights, List.of());
        }
        Files.writeString(folder.resolve("tokenizer.json"), JsonMapper.shared().writeValueAsString(tokenizer()));
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                JsonMapper.shared().writeValueAsString(Map.of("chat_template", TEMPLATE, "eos_token", "<|end|>")));
        return folder;
    }

    private static Map<String, Object> tokenizer() {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        int unprintable = BYTES;
        for (int b = 0; b < BYTES; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae;
            vocabulary.put(Character.toString(printable ? b : unprintable++), b);
        }
        List<Map<String, Object>> added = new ArrayList<>();
        for (String special : SPECIAL) {
            added.add(Map.of(
                    "id",
                    BYTES + added.size(),
                    "content",
                    special,
                    "special",
                    true,
                    "single_word",
                    false,
                    "lstrip",
                    false,
                    "rstrip",
                    false,
                    "normalized",
                    false));
        }
        Map<String, Object> byteLevel =
                Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", true, "use_regex", false);
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("version", "1.0");
        root.put("added_tokens", added);
        root.put("pre_tokenizer", byteLevel);
        root.put("decoder", byteLevel);
        root.put("model", Map.of("type", "BPE", "vocab", vocabulary, "merges", List.of()));
        return root;
    }
}
