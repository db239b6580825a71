package dev.hone.demo;

import dev.hone.run.Versions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes the story of what the timeline has. */
final class Telling {
    private static final int CALLS_PER_POINT = 30;

    private static final String BEFORE_OLD = "old tools, before new ones join";
    private static final String BEFORE_NEW = "new tools, before the new version";
    private static final String AFTER_NEW = "new tools, by the new version";
    private static final String AFTER_OLD = "old tools, by the new version";
    private static final String AFTER_ALL = "all tools, by the new version";
    private static final String AGAIN_ALL = "all tools, after the bad version went";
    private static final String AGAIN_BAD = "answered by the bad version, after it went";

    private final Scene scene;

    Telling(Scene scene) {
        this.scene = scene;
    }

    /**
     * When spans begin and end, in seconds.
     *
     * @param shifted new tools joined
     * @param promoted the new version had all calls, or the round had ended without one
     * @param worse the bad version came
     * @param went it had gone
     */
    record Moments(double shifted, double promoted, double worse, double went) {}

    Story story(Moments moments, Learning.Learned learned, Story.Rolled good, Story.Rolled bad) {
        Plan plan = scene.plan();
        World world = scene.world();
        Timeline timeline = scene.timeline();
        double live = timeline.events().stream()
                .filter(event -> event.kind().equals("live"))
                .mapToDouble(Story.Event::seconds)
                .findFirst()
                .orElse(0);
        Predicate<Timeline.Call> fresh = Timeline.Call::fresh;
        Story.Share oldBefore = share(BEFORE_OLD, live, moments.shifted(), fresh.negate());
        Story.Share newBefore = share(BEFORE_NEW, moments.shifted(), moments.promoted(), fresh);
        Story.Share newAfter = share(AFTER_NEW, moments.promoted(), moments.worse(), fresh);
        Story.Share oldAfter = share(AFTER_OLD, moments.promoted(), moments.worse(), fresh.negate());
        Story.Share allAfter = share(AFTER_ALL, moments.promoted(), moments.worse(), call -> true);
        Story.Share allAgain = timeline.share(AGAIN_ALL, moments.went(), Double.MAX_VALUE, call -> true);
        Story.Share badAgain = timeline.share(
                AGAIN_BAD,
                moments.went(),
                Double.MAX_VALUE,
                call -> call.variant().equals("candidate"));
        List<Story.Difference> differences = new ArrayList<>();
        add(differences, Story.Difference.of(newAfter, newBefore));
        add(differences, Story.Difference.of(oldAfter, oldBefore));
        add(differences, Story.Difference.of(allAgain, allAfter));
        Map<String, Double> rates = new TreeMap<>();
        rates.put("general model", plan.generalErrors());
        rates.put("expert", plan.expertErrors());
        rates.put("users, of whether a call helped", plan.userErrors());
        return new Story(
                Story.SCHEMA,
                scene.name(),
                String.valueOf(Path.of(world.model()).getFileName()),
                plan.quick(),
                plan.seed(),
                List.of(
                        "Users are simulated: they send sentences of public data, some at once, and say of four fifths of their calls whether these helped",
                        "The general model is simulated: it answers as the data says is right, and with another task's answer of the same tool as often as is stated",
                        "The expert is simulated: it says what the data says is right, and another task's answer of the same tool as often as is stated",
                        "The gateway, what watches it, what begins the round, the loop, its gates and the rollouts are what hone serve and hone loop run"),
                rates,
                world.known().stream().sorted().toList(),
                world.coming().stream().sorted().toList(),
                timeline.events(),
                timeline.lines(CALLS_PER_POINT),
                List.of(oldBefore, newBefore, newAfter, oldAfter, allAfter, allAgain, badAgain),
                differences,
                learned.began(),
                learned.evaluated(),
                learned.kinds(),
                good,
                bad,
                timeline.count(),
                timeline.now(),
                Versions.current());
    }

    /** Of calls that the live version answered. */
    private Story.Share share(String name, double from, double to, Predicate<Timeline.Call> which) {
        return scene.timeline()
                .share(name, from, to, which.and(call -> call.variant().equals("live")));
    }

    private static void add(List<Story.Difference> differences, Story.@Nullable Difference one) {
        if (one != null) {
            differences.add(one);
        }
    }
}
