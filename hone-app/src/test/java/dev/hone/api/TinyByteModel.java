package dev.hone.api;

import dev.hone.demo.SmallModel;
import dev.hone.model.ModelConfig;
import dev.hone.model.ModelConfig.Architecture;
import dev.hone.model.ModelConfig.Rope;
import dev.hone.model.ModelConfig.Scaling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A random model that reads and writes any byte, as a Hugging Face folder: whatever it says is noise, at full length. */
public final class TinyByteModel {
    public static final int POSITIONS = 2048;
    private static final SmallModel SMALL = new SmallModel(
            SmallModel.bytes(),
            List.of("<|turn|>", "<|end|>"),
            "{% for m in messages %}{% if m.content == 'never' %}{{ raise_exception('not that') }}{% endif %}"
                    + "{{ '<|turn|>' + m.role + ':' + m.content + '<|end|>' }}{% endfor %}"
                    + "{% if add_generation_prompt %}{{ '<|turn|>assistant:' }}{% endif %}");

    private TinyByteModel() {}

    /** Writes the model; runs libtorch on the calling thread. */
    public static Path write(Path folder) throws IOException {
        ModelConfig config = new ModelConfig(
                Architecture.LLAMA,
                SMALL.vocabulary(),
                32,
                2,
                2,
                1,
                16,
                64,
                POSITIONS,
                1e-5,
                new Rope(10_000, new Scaling.None()),
                true,
                false,
                false);
        return SMALL.write(folder, config, 5);
    }
}
