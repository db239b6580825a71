package dev.hone.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.load.KilledLoop.At;
import dev.hone.load.KilledLoop.Kill;
import dev.hone.load.KilledLoop.Moment;
import dev.hone.loop.RoundStep;
import dev.hone.record.Task;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.Rollouts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of {@code hone loop} while it works, and of {@code hone serve} beside it, which answers users all the time by versions that are live. Rounds come to the
 * same end as the same rounds undisturbed; and nobody is ever answered by a version that its gates had not let pass, or that no rollout had brought to users. One job's
 * next version passes, and is rolled out; the other's has learned what is wrong, and would be known by what it says.
 */
@Tag("slow")
@Timeout(3600)
final class LoopProcessKillTest {
    private static final int KILLS = 20;
    private static final int LEAST_STEPS = 5;
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final String ONLY = "variants:\n  only: {upstream: mock, model: mock-1}\n";

    /** The job whose next version passes, undisturbed and killed; and the one whose next version does not. */
    private static final String FORWARD = "forward";

    private static final String FORWARD_KILLED = "forward-killed";
    private static final String ASTRAY = "astray";
    private static final String ASTRAY_KILLED = "astray-killed";
    private static final String PROMOTED = "promoted 0";
    private static final List<String> ALL = List.of(FORWARD, FORWARD_KILLED, ASTRAY, ASTRAY_KILLED);

    @TempDir
    private Path folder;

    private final List<Kill> kills = new ArrayList<>();
    private Stage stage;
    private Database database;
    private VersionTraffic traffic;
    private LoopWorld world;
    private KilledLoop loop;
    private Random random;
    private final KilledLoop.Beside beside = new KilledLoop.Beside() {
        @Override
        public boolean made(String useCase, RoundStep step) {
            return traffic.made(useCase, step);
        }

        @Override
        public void killGateway() throws InterruptedException {
            stage.served().kill();
        }
    };
    private int lost;
    private int gateways;

    @Test
    void killedAtTwentyMomentsItEndsInTheSameStateAndNobodySeesWhatDidNotPass() throws Exception {
        random = DrawnMoments.random();
        long start = System.nanoTime();
        world = new LoopWorld(folder);
        for (String useCase : ALL) {
            world.declare(useCase, isForward(useCase));
        }
        try (Stage opened = new Stage(folder)) {
            stage = opened;
            stage.upstream("mock", asked -> Answer.whole(200, "application/json", Answer.chat()));
            stage.start("none", "", ONLY);
            loop = new KilledLoop(stage.home(), folder.resolve("logs"));
            try (Database used = Database.open(Map.of(), stage.home(), text -> {})) {
                database = used;
                traffic = new VersionTraffic(used);
                for (String useCase : ALL) {
                    makeFirst(useCase);
                }
                undisturbed();
                for (String useCase : List.of(FORWARD_KILLED, ASTRAY_KILLED)) {
                    world.serve(useCase);
                    String served = "[%s] is served by [%s/1]".formatted(useCase, useCase);
                    await(served, () -> stage.served().said().contains(served));
                }
                try (WordCallers forward = callers(FORWARD_KILLED, world.allWords());
                        WordCallers astray = callers(ASTRAY_KILLED, world.oldWords())) {
                    List<WordCallers> both = List.of(forward.begin(1), astray.begin(1));
                    await(
                            "both live versions answer",
                            () -> both.stream()
                                    .allMatch(callers -> callers.byVariant().containsKey("live")));
                    kill(ASTRAY_KILLED, momentsAstray());
                    requireSame(ASTRAY, ASTRAY_KILLED);
                    kill(FORWARD_KILLED, momentsForward());
                    killRollout(forward);
                    forward.close();
                    astray.close();
                    tell(both, (System.nanoTime() - start) / 1_000_000_000);
                    judge(both);
                }
            }
        }
    }

    private static boolean isForward(String useCase) {
        return useCase.startsWith(FORWARD);
    }

    /** What {@code hone loop} ends with: 1 where the version did not pass. */
    private static int exit(String useCase) {
        return isForward(useCase) ? 0 : 1;
    }

    /** The first version, which is made live by hand; and what the second one is to learn from. */
    private void makeFirst(String useCase) throws Exception {
        world.teach(database, useCase);
        int exit = loop.run(useCase, world.first(), "--from", "base", "--epochs", "4", "--no-rollout");
        assertEquals(0, exit, () -> useCase + ": " + said());
        new Aliases(database).set(new VersionReference.Numbered(useCase, 1), Rollouts.LIVE, "test");
        world.teachMore(database, useCase, isForward(useCase));
    }

    /** Second rounds that nobody disturbs, and the rollout of the version that passed. */
    private void undisturbed() throws Exception {
        world.serve(FORWARD);
        assertEquals(exit(ASTRAY), loop.run(ASTRAY, world.charters()), this::said);
        requireWhole(ASTRAY, "NOT_PASSED", 5);
        assertEquals(exit(FORWARD), loop.run(FORWARD, world.charters()), this::said);
        requireWhole(FORWARD, "ROLLOUT", 6);
        try (WordCallers callers = callers(FORWARD, world.allWords()).begin(4)) {
            await(PROMOTED, () -> place(FORWARD).equals(PROMOTED));
            assertTrue(
                    callers.byVariant().keySet().containsAll(Set.of("live", "candidate")),
                    () -> callers.byVariant().toString());
        }
        world.withdraw(FORWARD);
    }

    private WordCallers callers(String useCase, List<Task> words) {
        return new WordCallers(stage.served().address(), useCase, words, PAUSE);
    }

    /** More than are asked for: where one comes too late in the last step, there is no round left for those after it. */
    private List<Moment> momentsAstray() {
        List<Moment> seen = new ArrayList<>(DrawnMoments.seen(
                At.MADE, RoundStep.DATASET, RoundStep.REGISTRATION, RoundStep.EVALUATION, RoundStep.GATES));
        seen.addAll(DrawnMoments.seen(At.WRITTEN, RoundStep.REGISTRATION));
        return DrawnMoments.of(random, EnumSet.complementOf(EnumSet.of(RoundStep.ROLLOUT)), 8, 2, seen);
    }

    private List<Moment> momentsForward() {
        List<Moment> seen = new ArrayList<>(DrawnMoments.seen(At.MADE, RoundStep.GATES, RoundStep.ROLLOUT));
        seen.addAll(DrawnMoments.seen(At.WRITTEN, RoundStep.DATASET, RoundStep.TRAINING, RoundStep.EVALUATION));
        return DrawnMoments.of(random, EnumSet.allOf(RoundStep.class), 7, 2, seen);
    }

    /** Kills a round at each moment, then lets it come to its end. */
    private void kill(String useCase, List<Moment> moments) throws Exception {
        Map<RoundStep, Double> seconds = loop.seconds(isForward(useCase) ? FORWARD : ASTRAY);
        boolean over = false;
        for (Moment moment : moments) {
            if (over) {
                lost++;
                continue;
            }
            if (moment.at() != At.DRAWN && loop.isDone(useCase, moment.step())) {
                continue;
            }
            KilledLoop.Ended ended = loop.killedAt(moment, useCase, world.charters(), seconds, beside);
            if (ended.kill().isPresent()) {
                kills.add(ended.kill().get());
                System.out.println(kills.size() + ": " + kills.getLast());
            } else {
                lost++;
                over = loop.round(useCase).ended().isPresent();
                assertTrue(over, () -> "%s ended with %d: %s".formatted(useCase, ended.exit(), said()));
            }
            if (!stage.served().isAlive()) {
                gateways++;
                stage.served().start();
            }
            if (moment.equals(moments.getFirst())) {
                world.teachLate(database, useCase);
            }
            assertEquals(List.of(), traffic.offeredBeforeItPassed());
            assertEquals(List.of(), traffic.askedBeforeItMight());
        }
        if (!over) {
            assertEquals(exit(useCase), loop.run(useCase, world.charters()), () -> useCase + ": " + said());
        }
    }

    /** The gateway, while the new version answers copies, and in each step in which it has a share of the users. */
    private void killRollout(WordCallers callers) throws Exception {
        callers.begin(4);
        for (String place : List.of("shadow 0", "canary 0", "canary 1")) {
            await(place, () -> List.of(place, PROMOTED).contains(place(FORWARD_KILLED)));
            int until = callers.count() + random.nextInt(20);
            await("calls in " + place, () -> callers.count() >= until);
            System.out.println("the gateway: " + place(FORWARD_KILLED));
            stage.served().kill();
            stage.served().start();
            gateways++;
        }
        await(PROMOTED, () -> place(FORWARD_KILLED).equals(PROMOTED));
        int before = callers.count();
        await("calls after the promotion", () -> callers.count() > before + 50);
    }

    /** Where the version is that passed; it is not taken back. */
    private String place(String useCase) {
        String place = traffic.place(useCase);
        assertTrue(!place.startsWith("rolled-back") && !place.startsWith("stopped"), place);
        return place;
    }

    private void judge(List<WordCallers> both) throws Exception {
        stage.stored().awaitDrained(LONGEST);
        requireSame(FORWARD, FORWARD_KILLED);
        requireSame(ASTRAY, ASTRAY_KILLED);
        assertEquals(List.of(), traffic.offeredBeforeItPassed());
        assertEquals(List.of(), traffic.askedBeforeItMight());
        assertEquals(
                List.of("astray-killed/1", "forward-killed/1", "forward-killed/2", "forward/1", "forward/2"),
                traffic.asked());
        Map<String, String> stored = traffic.answered();
        for (WordCallers callers : both) {
            assertTrue(callers.broken() > 0, "the gateway was not killed under load");
            assertEquals(List.of(), callers.refused(), "a gateway that is there answers");
            List<String> otherwise = callers.given().stream()
                    .filter(one -> !stored.getOrDefault(one.trace(), "").startsWith(one.variant() + " "))
                    .map(one -> one + " is stored as " + stored.get(one.trace()))
                    .toList();
            assertEquals(List.of(), otherwise, "who answered is what the store says");
        }
        requireOneVoice(both.getLast());
        await("workers of whom was killed have ended", () -> loop.left().isEmpty());
        Set<String> hit = kills.stream()
                .map(Kill::step)
                .filter(step -> !step.equals(KilledLoop.END))
                .collect(Collectors.toSet());
        long drawn =
                kills.stream().filter(kill -> kill.planned().at() == At.DRAWN).count();
        assertTrue(drawn >= KILLS, () -> "%d kills at drawn moments at work, %d came too late".formatted(drawn, lost));
        assertTrue(hit.size() >= LEAST_STEPS, hit::toString);
    }

    /** Steps that both rounds have done, as their folders and the store have it, and how they ended. */
    private void requireWhole(String useCase, String outcome, int steps) throws IOException {
        List<String> end = end(useCase);
        List<RoundStep> all = List.of(RoundStep.values());
        List<String> beginnings = List.of(
                "folder %s Ended[outcome=PASSED,".formatted(all.subList(0, 5)),
                "folder %s Ended[outcome=%s,".formatted(all.subList(0, steps), outcome));
        for (String beginning : beginnings) {
            assertTrue(
                    end.stream().anyMatch(line -> line.startsWith(beginning)),
                    () -> beginning + " is none of " + String.join("\n", end));
        }
        assertEquals(
                5 + steps, end.stream().filter(line -> line.startsWith("step ")).count(), () -> String.join("\n", end));
    }

    private void requireSame(String undisturbed, String killed) throws IOException {
        assertEquals(String.join("\n", end(undisturbed)), String.join("\n", end(killed)));
    }

    /** What the live version says of each word is all that its users ever got of a version of their own, from before the round to after it. */
    private static void requireOneVoice(WordCallers astray) {
        Map<String, Set<String>> answers = new HashMap<>();
        for (WordCallers.Given one : astray.given()) {
            if (one.variant().equals("live")) {
                answers.computeIfAbsent(one.word().question(), word -> new HashSet<>())
                        .add(one.answer());
            } else {
                assertEquals("incumbent", one.variant(), one::toString);
            }
        }
        assertTrue(answers.size() > 1, answers.toString());
        answers.forEach((word, said) -> {
            assertEquals(1, said.size(), () -> word + ": " + said);
            assertTrue(!said.contains(LoopWorld.WRONG), () -> word + ": " + said);
        });
    }

    private List<String> end(String useCase) throws IOException {
        return LoopEnd.of(database, stage.home(), useCase);
    }

    private String said() {
        try {
            return loop.said();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("%s: that takes too long: %s"
                        .formatted(what, stage.served().said()));
            }
            Thread.sleep(50);
        }
    }

    private void tell(List<WordCallers> both, long seconds) {
        for (String useCase : List.of(ASTRAY_KILLED, FORWARD_KILLED)) {
            System.out.printf(
                    "%s: kills by step %s%n",
                    useCase,
                    kills.stream()
                            .filter(kill -> kill.useCase().equals(useCase))
                            .collect(Collectors.groupingBy(Kill::step, LinkedHashMap::new, Collectors.counting())));
        }
        System.out.printf(
                "%d kills of rounds at work, %d of them at drawn moments, %d with a worker, %d between what was made and its result; %d moments came too late; %d kills of the gateway%n",
                kills.size(),
                kills.stream().filter(kill -> kill.planned().at() == At.DRAWN).count(),
                kills.stream().filter(Kill::worker).count(),
                kills.stream().filter(Kill::made).count(),
                lost,
                gateways);
        for (WordCallers callers : both) {
            System.out.printf(
                    "%d answers %s, %d calls broken, %d refused %s%n",
                    callers.count(),
                    callers.byVariant(),
                    callers.broken(),
                    callers.refused().size(),
                    callers.refused().stream().findFirst().orElse(""));
        }
        System.out.printf("%d s%n", seconds);
    }
}
