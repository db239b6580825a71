package dev.hone.demo;

import dev.hone.charter.Charter;
import dev.hone.loop.Results;
import dev.hone.loop.RoundListener;
import dev.hone.record.Task;
import dev.hone.store.Database;
import dev.hone.store.Loops;
import dev.hone.store.Traces;
import dev.hone.watch.Eyes;
import dev.hone.watch.Waiting;
import dev.hone.watch.Watch;
import dev.hone.watch.WatchState;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The wheel turned once before somebody's eyes. Users, the general model and the expert are simulated; the gateway, what watches it, the loop, the gates and the rollouts are
 * what a product would run.
 */
public final class LoopDemo {
    private static final Duration STORED = Duration.ofSeconds(60);

    private final Scene scene;
    private final Plan plan;
    private final World world;
    private final Database database;
    private final Timeline timeline;
    private final Users users;
    private final Questions questions;

    /**
     * @param charter of the world's use case
     * @param first the same for its first version, which has nothing of one's own to be compared with
     * @param home of the gateway
     * @param gateway address under which OpenAI's paths are
     */
    public LoopDemo(
            Plan plan,
            World world,
            Charter charter,
            Charter first,
            Database database,
            Path home,
            URI gateway,
            RoundListener listener) {
        this.plan = plan;
        this.world = world;
        this.database = database;
        this.timeline = new Timeline();
        this.users = new Users(
                gateway, world, timeline, plan.atOnce(), plan.pause(), 0.8, plan.userErrors(), plan.seed() + 1);
        SplittableRandom random = new SplittableRandom(plan.seed());
        this.questions = new Questions(world, random);
        this.scene = new Scene(plan, world, charter, first, database, home, listener, timeline, users, random);
    }

    /**
     * Tells it.
     *
     * @param stop whether somebody wants it to end
     */
    public Story run(BooleanSupplier stop) throws IOException, InterruptedException {
        opening(stop);
        double shifted = timeline.now();
        scene.say(
                "shift",
                "tools that were never seen before join: %d of them"
                        .formatted(world.coming().size()));
        String why = shift(stop);
        label(stop);
        Scene.await("a trigger starts the loop", () -> state().decision().start());
        scene.say("loop", "a trigger starts the loop: " + why);
        Learning.Learned learned = new Learning(scene).round(why, stop);
        double promoted = timeline.now();
        Results.Evaluated evaluated = null;
        Story.Rolled good = new Story.Rolled("", "", 0, 0, List.of());
        if (learned.ended().outcome() == Loops.Outcome.ROLLOUT) {
            evaluated = learned.evaluated();
            good = new Rolling(scene, "the new version").toItsEnd(questions.after(), stop);
            promoted = timeline.now();
        }
        users.send(plan.afterwards(), questions.after());
        double worse = timeline.now();
        new BadVersion(scene).begin(stop);
        Story.Rolled bad = new Rolling(scene, "the bad version").toItsEnd(questions.after(), stop);
        scene.say("end", "the story ends: users see what they saw before the bad version");
        return new Telling(scene).story(new Telling.Moments(shifted, promoted, worse), evaluated, good, bad);
    }

    /** The general model answers; then a first version of one's own, which knows the tools that there are. */
    private void opening(BooleanSupplier stop) throws IOException, InterruptedException {
        scene.say(
                "begin",
                "users ask for %d tools; a general model, simulated, answers, and is wrong in %.0f %% of its answers"
                        .formatted(world.known().size(), 100 * plan.generalErrors()));
        users.send(plan.opening(), questions.before());
        new Learning(scene).first(stop);
        Scene.await("the first version answers", () -> {
            users.send(4, questions.before());
            return timeline.variants().contains("live");
        });
        users.send(plan.before(), questions.before());
    }

    /** Users ask for new tools, too, until whoever watches production says that it is not what it was. @return why a loop should begin */
    private String shift(BooleanSupplier stop) throws IOException, InterruptedException {
        // A reference is taken when its calls are older than the window.
        Thread.sleep(Duration.ofMinutes(1));
        Watch watch = new Watch(
                database,
                plan.quick() ? Eyes.ofWords() : Eyes.ofMeaning(scene.listener()::stage),
                Duration.ZERO,
                () -> false);
        awaitStored();
        watch.carryOut(scene.subject(), Instant.now());
        Supplier<Task> mixed = questions.shifted();
        for (int sent = 0; sent < plan.patience(); sent += plan.look()) {
            Scene.requireGoing(stop);
            users.send(plan.look(), mixed);
            awaitStored();
            Watch.Round round = watch.carryOut(scene.subject(), Instant.now());
            if (round.look() != null && round.look().drifted()) {
                String changes = String.join("; ", round.look().changes());
                scene.say("drift", "noticed after %d calls of the new mix: %s".formatted(sent + plan.look(), changes));
                // What is labelled should show what is asked now.
                while (timeline.share("", 0, Double.MAX_VALUE, Timeline.Call::fresh)
                                .calls()
                        < Math.min(world.newBefore().size(), plan.labels() / 2)) {
                    users.send(plan.look(), mixed);
                }
                awaitStored();
                watch.carryOut(scene.subject(), Instant.now());
                return "production has drifted: " + changes;
            }
        }
        throw new IllegalStateException(
                "Nobody noticed within [%d] calls that users ask for something else".formatted(plan.patience()));
    }

    private void label(BooleanSupplier stop) throws IOException, InterruptedException {
        int labelled = new Expert(scene).label(stop);
        UUID id = scene.useCase();
        int before = world.taught().size();
        Scene.await(
                "the labels are stored", () -> new Traces(database).labelled(id).size() >= before + labelled);
        WatchState state = state();
        if (!state.decision().start()) {
            scene.listener().stage("Triggers wait: " + state.decision().against());
        }
    }

    private WatchState state() {
        return WatchState.of(database, scene.subject(), new Waiting(database), Instant.now());
    }

    /** Until the database has all that was sent. */
    private void awaitStored() throws IOException, InterruptedException {
        UUID id = scene.useCase();
        int sent = timeline.count() + world.taught().size();
        long end = System.nanoTime() + STORED.toNanos();
        while (new Traces(database).count(id) < sent && System.nanoTime() < end) {
            Thread.sleep(200);
        }
        // Feedback comes by the same way, after its calls.
        Thread.sleep(1_000);
    }
}
