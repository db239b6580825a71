package dev.hone.promote;

import dev.hone.capture.Serving;
import dev.hone.capture.upstream.Upstream;
import dev.hone.record.RolloutDecision;
import dev.hone.store.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings versions of Hone's own to the calls of users, and takes them back. One thread looks at servers and at what people ask for, without the database, several
 * times a second; for each use case another asks the database what came of its calls, every few seconds.
 */
public final class RolloutControl implements AutoCloseable {
    /** Between two times that the database is asked. */
    public static final Duration TICK = Duration.ofSeconds(3);

    private static final Duration LOOK = Duration.ofMillis(250);

    private final TrafficFile file;
    private final AskedFiles asked;
    private final Supplier<Optional<Database>> database;
    private final VersionServers servers;
    private final VersionUpstreams upstreams;
    private final Following following;
    private final InstantSource clock;
    private final Consumer<String> notices;
    private final Map<String, UseCaseRollout> rollouts = new ConcurrentHashMap<>();
    private final Map<String, Ticking> tickings = new ConcurrentHashMap<>();

    /** Of use cases that are not followed any more, with something that the database does not have yet. */
    private final Map<String, Ticking> leaving = new ConcurrentHashMap<>();

    /** The last command that took something of a use case away. */
    private final Map<String, String> taken = new ConcurrentHashMap<>();

    private final Map<String, Map<String, String>> toldAlarms = new ConcurrentHashMap<>();
    private final AlarmFiles alarmFiles;
    private String fault = "";
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private volatile @Nullable Followed followed;
    private volatile @Nullable Turns turns;

    private record Followed(List<Upstream> versions, List<Serving> servings) {}

    /**
     * @param home where Hone keeps things
     * @param database empty as long as it has never answered
     */
    public RolloutControl(
            Path home,
            Supplier<Optional<Database>> database,
            VersionServers servers,
            Following following,
            InstantSource clock,
            Consumer<String> notices) {
        this.file = new TrafficFile(home);
        this.asked = new AskedFiles(home);
        this.alarmFiles = new AlarmFiles(home);
        this.database = database;
        this.servers = servers;
        this.upstreams = new VersionUpstreams(servers);
        this.following = following;
        this.clock = clock;
        this.notices = notices;
        try {
            asked.make();
        } catch (IOException e) {
            notices.accept("Nobody can ask anything of versions until its folder can be made: " + e);
        }
    }

    /**
     * Begins to look by itself.
     *
     * @param tick between two times that the database is asked; longer where it answers slowly
     */
    public synchronized void start(Duration tick) {
        threads.add(Thread.ofPlatform().name("hone-rollout-look").daemon().start(() -> run(this::lookAndRest)));
        Turns made = new Turns(tick, this::turn);
        turns = made;
        threads.add(Thread.ofPlatform().name("hone-rollout-tick").daemon().start(() -> run(() -> begin(made, tick))));
    }

    private void run(Supplier<Duration> work) {
        try {
            while (!closing.await(work.get().toMillis(), TimeUnit.MILLISECONDS)) {
                continue;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration lookAndRest() {
        try {
            look();
        } catch (Exception | Error e) {
            // Without this thread nothing is taken back, and nobody is heard.
            notices.accept("Versions cannot be looked after: " + e);
        }
        return LOOK;
    }

    private Duration begin(Turns begun, Duration tick) {
        try {
            database.get().ifPresent(this::leave);
        } catch (Exception | Error e) {
            notices.accept("What was decided of versions that nobody follows any more is not written down yet: " + e);
        }
        begun.begin(List.copyOf(tickings.keySet()));
        return tick.compareTo(LOOK) < 0 ? tick : LOOK;
    }

    /** A fault with one use case must not leave all the others to themselves, nor end its own turns. */
    private void turn(String useCase) {
        Ticking ticking = tickings.get(useCase);
        try {
            Optional<Database> open = database.get();
            if (ticking != null && open.isPresent()) {
                tick(ticking, open.get());
            }
        } catch (Exception | Error e) {
            notices.accept("Versions of [%s] cannot be judged: %s".formatted(useCase, e));
        }
    }

    private void leave(Database open) {
        leaving.values().removeIf(ticking -> ticking.leave(open));
    }

    /**
     * Follows what the files say now. Use cases that they do not name any more are served as they say.
     *
     * @param first what is done before calls follow, and never between
     */
    public synchronized void plans(List<UseCasePlan> plans, Runnable first) {
        first.run();
        for (UseCasePlan plan : plans) {
            UseCaseRollout known = rollouts.get(plan.name());
            if (known == null) {
                UseCaseRollout made = new UseCaseRollout(plan, file, servers, following, clock, notices);
                tickings.put(plan.name(), new Ticking(made));
                rollouts.put(plan.name(), made);
                leaving.remove(plan.name());
            } else {
                known.plan(plan);
            }
        }
        for (String name : List.copyOf(rollouts.keySet())) {
            if (plans.stream().noneMatch(plan -> plan.name().equals(name))) {
                drop(name);
            }
        }
        followed = null;
        follow();
    }

    /** What nobody follows any more gets nothing, and must not be taken for what goes on. */
    private void drop(String name) {
        UseCaseRollout gone = rollouts.remove(name);
        Ticking ticking = tickings.remove(name);
        if (gone == null || ticking == null) {
            return;
        }
        gone.apply(
                new Event.Unfit("its charter has no [promote] any more, so that no gateway follows it"),
                RolloutDecision.NOBODY,
                Evidence.NONE,
                null);
        if (gone.pending().isPresent()) {
            leaving.put(name, ticking);
        }
        servers.want(name, gone.plan().promotion().computed(), List.of());
        tell(name, Map.of());
    }

    /** Looks at the servers and at what people ask for. */
    public synchronized void look() {
        carryOut();
        rollouts.values().forEach(UseCaseRollout::look);
        follow();
        rollouts.forEach((name, rollout) -> tell(name, rollout.alarms().byKind()));
    }

    private void tell(String name, Map<String, String> alarms) {
        if (!alarms.equals(toldAlarms.getOrDefault(name, Map.of()))) {
            try {
                alarmFiles.write(name, alarms);
                toldAlarms.put(name, alarms);
            } catch (IOException e) {
                // It is told on standard error, and written when the disk takes it.
            }
        }
    }

    private void carryOut() {
        List<AskedFiles.Asked> open;
        try {
            open = asked.open(notices);
            asked.tidy(clock.instant());
            fault = "";
        } catch (IOException e) {
            String now = "What was asked of versions cannot be read: " + e;
            if (!now.equals(fault)) {
                notices.accept(now);
                fault = now;
            }
            return;
        }
        for (AskedFiles.Asked one : open) {
            if (one.command() != Command.PROMOTE || !rollouts.containsKey(one.useCase())) {
                AskedFiles.Answer answer = carryOut(one);
                // Who asked is told when calls follow.
                follow();
                asked.done(one, answer, notices);
            }
        }
    }

    /** A fault with one of them must not stand before all the others. */
    private AskedFiles.Answer carryOut(AskedFiles.Asked one) {
        UseCaseRollout rollout = rollouts.get(one.useCase());
        if (rollout == null) {
            return new AskedFiles.Answer(
                    false,
                    "[%s] has no [promote] in its charter here, so that nothing of it is rolled out"
                            .formatted(one.useCase()),
                    false);
        }
        String id = one.id().toString();
        if (one.command() == Command.RESUME
                && taken.getOrDefault(one.useCase(), "").compareTo(id) > 0) {
            return new AskedFiles.Answer(false, "somebody took calls away after this was asked");
        }
        if (one.command().takesAway()) {
            taken.merge(one.useCase(), id, (last, now) -> last.compareTo(now) > 0 ? last : now);
        }
        try {
            return rollout.ask(one);
        } catch (RuntimeException e) {
            notices.accept("[%s] of [%s] failed: %s".formatted(one.command().word(), one.useCase(), e));
            return new AskedFiles.Answer(false, "it failed: " + e);
        }
    }

    /** Calls follow where versions are, and servers that nobody needs any more are closed. */
    private synchronized void follow() {
        Map<String, Upstream> versions = new TreeMap<>();
        List<Serving> servings = new ArrayList<>();
        for (UseCaseRollout rollout : rollouts.values()) {
            UseCasePlan plan = rollout.plan();
            // Servers are asked once, so that no route names one whose address is not known.
            List<Upstream> open = rollout.wanted().stream()
                    .flatMap(version -> upstreams.of(version, plan.promotion()).stream())
                    .toList();
            open.forEach(upstream -> versions.put(upstream.name(), upstream));
            servings.add(rollout.serving(version -> versions.containsKey(version.reference())));
        }
        Followed now = new Followed(List.copyOf(versions.values()), servings);
        if (!now.equals(followed)) {
            following.follow(now.versions(), now.servings());
            followed = now;
        }
        rollouts.values()
                .forEach(rollout -> servers.want(
                        rollout.plan().name(), rollout.plan().promotion().computed(), rollout.wanted()));
    }

    /** Asks the database what there is to be rolled out, and what came of calls, of one use case after the other. */
    public void tick() {
        Optional<Database> open = database.get();
        if (open.isPresent()) {
            leave(open.get());
            tickings.values().forEach(ticking -> tick(ticking, open.get()));
        }
    }

    private void tick(Ticking ticking, Database open) {
        List<AskedFiles.Asked> promotions = promotions(ticking.useCase());
        List<AskedFiles.Answer> answers = tick(ticking, open, promotions);
        follow();
        for (int i = 0; i < answers.size(); i++) {
            asked.done(promotions.get(i), answers.get(i), notices);
        }
    }

    /** A fault with one use case must not leave all the others to themselves. */
    private List<AskedFiles.Answer> tick(Ticking ticking, Database open, List<AskedFiles.Asked> promotions) {
        try {
            return ticking.tick(open, promotions);
        } catch (RuntimeException e) {
            notices.accept("Versions of [%s] cannot be judged, and traffic stays where it is: %s"
                    .formatted(ticking.useCase(), e));
            return List.of();
        }
    }

    private List<AskedFiles.Asked> promotions(String useCase) {
        try {
            return asked.open(notices).stream()
                    .filter(one ->
                            one.command() == Command.PROMOTE && one.useCase().equals(useCase))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Share of the episodes that a candidate has now. */
    public double share(String useCase) {
        UseCaseRollout rollout = rollouts.get(useCase);
        Rollout now = rollout == null ? null : rollout.state().goingOn();
        return now == null ? 0 : now.share();
    }

    /** How far a candidate is: 0 for none, 1 waiting, 2 shadow, 3 canary, 4 ready. */
    public int phase(String useCase) {
        UseCaseRollout rollout = rollouts.get(useCase);
        Rollout now = rollout == null ? null : rollout.state().goingOn();
        return now == null
                ? 0
                : switch (now.phase()) {
                    case Phase.Waiting ignored -> 1;
                    case Phase.Shadow ignored -> 2;
                    case Phase.Canary ignored -> 3;
                    case Phase.Ready ignored -> 4;
                    case Phase.Promoted ignored -> 0;
                    case Phase.RolledBack ignored -> 0;
                    case Phase.Stopped ignored -> 0;
                };
    }

    /** What somebody should look at. */
    public List<String> alarms(String useCase) {
        UseCaseRollout rollout = rollouts.get(useCase);
        return rollout == null ? List.of() : rollout.alarms().all();
    }

    /** Where a use case's versions are; null where it has no plan. */
    @Nullable
    TrafficState state(String useCase) {
        UseCaseRollout rollout = rollouts.get(useCase);
        return rollout == null ? null : rollout.state();
    }

    @Override
    public void close() {
        closing.countDown();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Turns begun = turns;
        if (begun != null) {
            begun.close();
        }
    }
}
