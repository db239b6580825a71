package dev.hone.demo;

import dev.hone.fetch.Hashes;
import dev.hone.promote.Gates;
import dev.hone.record.ModelVersion;
import dev.hone.record.Task;
import dev.hone.record.VersionReference;
import dev.hone.run.LoopTraining;
import dev.hone.run.Manifest;
import dev.hone.run.ModelRegistration;
import dev.hone.store.GateVerdicts;
import dev.hone.store.ModelVersions;
import dev.hone.store.Rollouts;
import dev.hone.train.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.json.JsonMapper;

/** A version that learned from shuffled answers, and is let past its gates on purpose. */
final class BadVersion {
    private final Scene scene;

    BadVersion(Scene scene) {
        this.scene = scene;
    }

    /** Makes it, and begins its rollout. */
    void begin(BooleanSupplier stop) throws IOException {
        Path out = scene.home().resolve("bad-version");
        Manifest manifest = new LoopTraining(
                        scene.world().useCase(),
                        scene.listener(),
                        Hashes.sha256("shuffled"),
                        scene.plan().seed(),
                        Precision.FP32)
                .fromDemonstrations(
                        scene.world().model(),
                        shuffled(),
                        scene.plan().quick() ? 4 : 1,
                        scene.charter().loop().rate(),
                        out,
                        stop)
                .orElseThrow(() -> new IllegalStateException("The demo was interrupted"));
        ModelVersion version = new ModelRegistration(scene.database(), scene.home())
                .register(new ModelRegistration.Order(scene.name(), null, List.of(out), null, null, null, Scene.WHO))
                .versions()
                .getLast();
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("schemaVersion", 1);
        evidence.put(
                "forced",
                "hone demo --loop lets this version past its gates on purpose: it learned from shuffled answers, and the canary has to catch it");
        evidence.put("lines", List.of());
        Gates gates = scene.charter().gates();
        UUID live = new ModelVersions(scene.database())
                .find(new VersionReference.Aliased(scene.name(), Rollouts.LIVE))
                .map(ModelVersion::id)
                .orElse(null);
        new GateVerdicts(scene.database())
                .add(
                        version,
                        null,
                        true,
                        JsonMapper.shared().writeValueAsString(evidence),
                        gates == null ? null : gates.hash(),
                        live,
                        Scene.WHO);
        scene.say(
                "bad",
                "%s, which learned %d shuffled answers, is let past its gates on purpose, as its verdict says"
                        .formatted(version.reference(), manifest.rows()));
        new Rollouts(scene.database()).begin(version.useCaseId(), version.id(), Scene.WHO);
    }

    private List<Task> shuffled() {
        List<Task> taught = scene.world().taught();
        List<Task> source = taught.subList(0, Math.min(scene.plan().badTasks(), taught.size()));
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < source.size(); i++) {
            tasks.add(source.get(i)
                    .withReference(
                            source.get((i + source.size() / 2) % source.size()).reference()));
        }
        return tasks;
    }
}
