package dev.hone.demo;

import dev.hone.charter.Charter;
import dev.hone.loop.RoundListener;
import dev.hone.record.Task;
import dev.hone.store.Database;
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
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The wheel turned once before somebody's eyes. Users, the general model and the expert are simulated; the gateway, what watches it and begins a round of the loop, the gates
 * and the rollouts are what a product would run. But for a first version, the demo asks questions, plays the expert, and looks on.
 */
public final class LoopDemo {
    /** In which what was sent is stored and watched, and what is said of it counts. */
    private static final Duration SETTLED = Duration.ofSeconds(10);

    /** Without news. */
    private static final Duration UNNOTICED = Duration.ofMinutes(3);

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
        Supplier<Task> mixed = questions.shifted();
        shift(mixed, stop);
        Learning.Learned learned = new Learning(scene).unattended(mixed, stop);
        double promoted = timeline.now();
        Story.Rolled good = new Story.Rolled("", "", 0, 0, List.of());
        if (learned.rollout()) {
            good = new Rolling(scene, "the new version").toItsEnd(questions.after(), stop);
            promoted = timeline.now();
        }
        users.send(plan.afterwards(), questions.after());
        double worse = timeline.now();
        new BadVersion(scene).begin(stop);
        Story.Rolled bad = new Rolling(scene, "the bad version").toItsEnd(questions.after(), stop);
        double went = timeline.now();
        users.send(plan.ending(), questions.after());
        Story.Share last = timeline.share("", went, Double.MAX_VALUE, call -> true);
        scene.say(
                "end",
                "the story ends: of the last %d calls of users %d were answered rightly"
                        .formatted(last.calls(), last.right()));
        return new Telling(scene).story(new Telling.Moments(shifted, promoted, worse, went), learned, good, bad);
    }

    /** The general model answers; then a first version of one's own, which knows the tools that there are. */
    private void opening(BooleanSupplier stop) throws IOException, InterruptedException {
        scene.say(
                "begin",
                "users ask for %d tools; a general model, simulated, answers, and is wrong in %.0f %% of its answers"
                        .formatted(world.known().size(), 100 * plan.generalErrors()));
        users.send(plan.opening(), questions.before());
        new Learning(scene).first(stop);
        Scene.await(
                "the first version answers",
                () -> {
                    users.send(4, questions.before());
                    return timeline.variants().contains("live");
                },
                stop);
        users.send(plan.before(), questions.before());
        usual(stop);
    }

    /** An operator takes what the first version answers as usual, as {@code hone watch --adopt} does: before it, everything was otherwise. */
    private void usual(BooleanSupplier stop) throws IOException, InterruptedException {
        Watch watch = new Watch(database, Eyes.ofWords(), Duration.ZERO, () -> false);
        Scene.await(
                "calls enough are watched to be taken as usual",
                () -> {
                    Thread.sleep(SETTLED);
                    try {
                        watch.adopt(scene.subject(), Instant.now(), Scene.WHO, "a first version of one's own is live");
                        return true;
                    } catch (IllegalArgumentException tooFew) {
                        users.send(plan.look(), questions.before());
                        return false;
                    }
                },
                stop);
        scene.say("usual", "an operator, simulated, takes these calls as usual: what comes is held against them");
    }

    /** Users ask for new tools, too, until the gateway says that production is not what it was; then on, so that what waits for the expert shows what is asked now. */
    private void shift(Supplier<Task> mixed, BooleanSupplier stop) throws IOException, InterruptedException {
        int before = timeline.count();
        long heard = System.nanoTime();
        while (changes().isEmpty()) {
            Scene.requireGoing(stop);
            if (timeline.count() - before < plan.patience()) {
                users.send(plan.look(), mixed);
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > UNNOTICED.toNanos()) {
                throw new IllegalStateException("Nobody noticed within [%d] calls that users ask for something else"
                        .formatted(plan.patience()));
            }
            Thread.sleep(SETTLED);
        }
        scene.say(
                "drift",
                "noticed after %d calls of the new mix: %s"
                        .formatted(timeline.count() - before, String.join("; ", changes())));
        while (timeline.share("", 0, Double.MAX_VALUE, Timeline.Call::fresh).calls()
                < Math.min(world.newBefore().size(), plan.labels() * 2 / 3)) {
            Scene.requireGoing(stop);
            users.send(plan.look(), mixed);
        }
        Thread.sleep(SETTLED);
    }

    private List<String> changes() {
        return WatchState.of(database, scene.subject(), new Waiting(database), Instant.now())
                .changes();
    }
}
