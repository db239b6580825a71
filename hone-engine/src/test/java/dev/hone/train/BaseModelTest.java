package dev.hone.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.AdamParams;
import dev.hone.record.Datum;
import dev.hone.record.Loss;
import dev.hone.sample.ConstraintMasks;
import dev.hone.tensor.HostArrays;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Hone computes on a real model, for {@code goldens/smollm2/compare.py} to compare with transformers and PEFT: {@code
 * goldens/smollm2/check.sh} runs both.
 */
@Tag("slow")
@EnabledIfSystemProperty(named = "hone.goldens.smollm2", matches = ".+")
class BaseModelTest {
    private final Path folder = Path.of(System.getProperty("hone.goldens.smollm2", ""));
    private final Path model = Path.of(System.getProperty("hone.goldens.smollm2.model", ""));

    private JsonNode input() throws IOException {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve("input.json")));
    }

    private static int[] ids(JsonNode row) {
        return row.valueStream().mapToInt(JsonNode::intValue).toArray();
    }

    private Trainer trainer(Adaptation adaptation) {
        TrainerSpec spec = new TrainerSpec(model, adaptation, 1, 1024, false, Precision.FP32);
        return new Trainer(StoredModel.load(model), spec, ids -> "");
    }

    @Test
    void writesTheLogitsOfEveryPosition() throws IOException {
        try (Trainer trainer = trainer(new Adaptation.Lora(1, 1, 0));
                NoGradGuard guard = new NoGradGuard()) {
            Network network = trainer.tuning().network();
            ConstraintMasks masks = new ConstraintMasks(Arrays::toString, 0);
            int row = 0;
            for (JsonNode tokens : input().get("logits")) {
                int[] ids = ids(tokens);
                try (PointerScope scope = new PointerScope()) {
                    float[] weights = new float[ids.length];
                    Arrays.fill(weights, 1);
                    PackedBatch batch =
                            PackedBatch.of(List.of(new Datum(ids, ids, weights)), network.rotations(), masks);
                    float[] logits = HostArrays.toFloats(
                            network.head().logits(network.hidden(batch)).reshape(-1));
                    ByteBuffer bytes = ByteBuffer.allocate(4 * logits.length).order(ByteOrder.LITTLE_ENDIAN);
                    bytes.asFloatBuffer().put(logits);
                    Files.write(folder.resolve("logits-" + row++ + ".f32"), bytes.array());
                }
            }
            assertTrue(row > 0, "no rows");
        }
    }

    @Test
    void writesTheLossesOfATraining() throws IOException {
        JsonNode input = input();
        List<Double> losses = new ArrayList<>();
        try (Trainer trainer = trainer(new Adaptation.Lora(16, 32, 0))) {
            trainer.export(folder.resolve("adapter"));
            for (JsonNode step : input.get("steps")) {
                List<int[]> rows = step.valueStream().map(BaseModelTest::ids).toList();
                int trained = rows.stream().mapToInt(row -> row.length - 1).sum();
                List<Datum> data = rows.stream()
                        .map(row -> {
                            float[] weights = new float[row.length - 1];
                            Arrays.fill(weights, 1f / trained);
                            return new Datum(
                                    Arrays.copyOf(row, row.length - 1),
                                    Arrays.copyOfRange(row, 1, row.length),
                                    weights);
                        })
                        .toList();
                losses.add(
                        trainer.forwardBackward(data, new Loss.CrossEntropy()).loss());
                trainer.optimStep(AdamParams.of(input.get("learningRate").doubleValue()));
            }
        }
        assertEquals(50, losses.size());
        Files.writeString(folder.resolve("losses.json"), JsonMapper.shared().writeValueAsString(losses));
    }
}
