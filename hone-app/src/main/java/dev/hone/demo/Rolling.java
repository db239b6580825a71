package dev.hone.demo;

import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.record.Task;
import dev.hone.store.Rollouts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Users go on until the rollout that was begun last is over, and what the gateway decides is told. */
final class Rolling {
    private static final Set<String> OVER = Set.of("promoted", "rolled-back", "stopped");
    private static final Set<String> UNTOLD = Set.of("begin", "hold");
    private static final double MOST_SECONDS = 15 * 60;
    private static final long BETWEEN_NANOS = 500_000_000L;

    private final Scene scene;
    private final Rollouts rollouts;
    private final String what;
    private final UUID id;
    private final List<UUID> told = new ArrayList<>();

    /** @param what is rolled out, in words */
    Rolling(Scene scene, String what) {
        this.scene = scene;
        this.rollouts = new Rollouts(scene.database());
        this.what = what;
        this.id = rollouts.list(scene.useCase(), 1).getFirst().id();
    }

    /** @param next what the users ask */
    Story.Rolled toItsEnd(Supplier<Task> next, BooleanSupplier stop) throws IOException {
        Timeline timeline = scene.timeline();
        double from = timeline.now();
        AtomicLong looked = new AtomicLong();
        boolean[] over = new boolean[1];
        scene.users()
                .until(
                        () -> {
                            long now = System.nanoTime();
                            long before = looked.get();
                            if (now - before > BETWEEN_NANOS && looked.compareAndSet(before, now)) {
                                synchronized (told) {
                                    tell();
                                    over[0] = OVER.contains(
                                            rollouts.find(id).orElseThrow().phase());
                                }
                            }
                            return over[0] || stop.getAsBoolean() || timeline.now() - from > MOST_SECONDS;
                        },
                        next);
        Scene.requireGoing(stop);
        tell();
        StoredRollout rollout = rollouts.find(id).orElseThrow();
        double to = timeline.now();
        return new Story.Rolled(
                rollout.reference(),
                rollout.phase(),
                timeline.share("", from, to, call -> call.variant().equals("candidate"))
                        .calls(),
                to - from,
                rollouts.decisions(id).stream()
                        .map(decision -> decision.action() + ": " + decision.reason())
                        .toList());
    }

    private void tell() {
        for (RolloutDecision decision : rollouts.decisions(id)) {
            if (!told.contains(decision.id())) {
                told.add(decision.id());
                if (!UNTOLD.contains(decision.action())) {
                    scene.say(decision.action(), "%s: %s".formatted(what, decision.reason()));
                }
            }
        }
    }
}
