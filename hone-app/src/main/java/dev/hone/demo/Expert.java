package dev.hone.demo;

import dev.hone.fetch.Hashes;
import dev.hone.improve.Queue;
import dev.hone.record.Task;
import dev.hone.store.Labels;
import dev.hone.watch.Waiting;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/** A simulated expert: says what is right of the calls that are asked first, as the labelling page does, and errs as often as is stated. */
final class Expert {
    private static final String NAME = "expert";
    private static final int AT_A_TIME = 60;

    private final Scene scene;
    private final Mistakes mistakes;
    private int labelled;
    private int wrong;

    Expert(Scene scene) {
        this.scene = scene;
        this.mistakes = new Mistakes(scene.world().useCase());
    }

    /** Labels the first of what waits. @return how many calls */
    int label(BooleanSupplier stop) throws IOException, InterruptedException {
        List<Queue.Item> items = new Waiting(scene.database()).of(scene.subject(), NAME, 2 * AT_A_TIME, Instant.now());
        int before = labelled;
        for (Queue.Item item : items) {
            Task task = scene.users().asked().get(item.trace());
            if (task == null || labelled - before >= AT_A_TIME) {
                continue;
            }
            Scene.requireGoing(stop);
            label(item, task);
        }
        return labelled - before;
    }

    private void label(Queue.Item item, Task task) throws IOException, InterruptedException {
        Task said = task;
        if (scene.random().nextDouble() < scene.plan().expertErrors()) {
            said = mistakes.insteadOf(task, scene.random());
            wrong++;
        }
        JsonNode answer = GeneralModel.message(scene.world().useCase(), said);
        scene.users().label(item.trace(), NAME, answer);
        new Labels(scene.database())
                .add(
                        scene.subject().useCase(),
                        Labels.of(
                                item.trace(),
                                NAME,
                                Labels.Kind.DEMONSTRATION,
                                Hashes.sha256(answer.toString()),
                                null,
                                Map.of(),
                                Instant.now()));
        labelled++;
    }

    /** Whether a round should begin by what was labelled: what more there is to do waits for a while. */
    boolean isEnough() {
        return labelled >= scene.plan().labels();
    }

    /** Tells what was labelled. */
    void tell() {
        scene.say(
                "labels",
                "the expert, simulated, labelled the first %d calls of the queue, %d of them with another task's answer"
                        .formatted(labelled, wrong));
    }
}
