package dev.hone.run;

import dev.hone.demo.SmallModel;
import dev.hone.model.ModelConfig;
import dev.hone.model.ModelConfig.Architecture;
import dev.hone.model.ModelConfig.Rope;
import dev.hone.model.ModelConfig.Scaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A random model that reads and writes the letters a to h, as a Hugging Face folder; and a job for it. */
public final class TinyChatModel {
    private static final String LETTERS = "abcdefgh";
    private static final SmallModel SMALL = new SmallModel(
            List.of(LETTERS.split("")),
            List.of("<|user|>", "<|assistant|>", "<|end|>"),
            "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('knows no system') }}{% endif %}{{ '<|' + m.role + '|>' + m.content + '<|end|>' }}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}");

    private TinyChatModel() {}

    /** Writes the model; runs libtorch on the calling thread. */
    public static Path write(Path folder) throws IOException {
        return write(folder, 64);
    }

    /** @param positions that it reads at most */
    public static Path write(Path folder, int positions) throws IOException {
        ModelConfig config = new ModelConfig(
                Architecture.LLAMA,
                SMALL.vocabulary(),
                64,
                2,
                4,
                4,
                16,
                128,
                positions,
                1e-5,
                new Rope(10_000, new Scaling.None()),
                true,
                false,
                false);
        return SMALL.write(folder, config, 11);
    }

    /** Rows that ask for a text of four letters backwards. */
    static Path reverseText(Path file, int rows, long seed) throws IOException {
        Random random = new Random(seed);
        List<String> lines = IntStream.range(0, rows)
                .mapToObj(row -> {
                    String text = IntStream.range(0, 4)
                            .mapToObj(i -> LETTERS.substring(random.nextInt(8)).substring(0, 1))
                            .collect(Collectors.joining());
                    return "{\"input\": \"%s\", \"output\": \"%s\"}".formatted(text, new StringBuilder(text).reverse());
                })
                .toList();
        return Files.write(file, lines);
    }
}
