package dev.hone.promote;

import dev.hone.capture.Serving;
import dev.hone.capture.upstream.Price;
import dev.hone.capture.upstream.Upstream;
import dev.hone.store.Database;
import java.io.IOException;
import java.math.BigDecimal;
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
 * times a second; another asks the database what came of calls, every few seconds.
 */
public final class RolloutControl implements AutoCloseable {
    /** Between two times that the database is asked. */
    public static final Duration TICK = Duration.ofSeconds(3);

    private static final Duration LOOK = Duration.ofMillis(250);

    /** What asking the database may take of the time. */
    private static final int REST = 9;

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(120);
    private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(5);
    private static final int PATIENCE = 10;

    /** Nobody is paid for what Hone's own models answer. */
    private static final Price OWN = new Price(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    private final TrafficFile file;
    private final AskedFiles asked;
    private final Supplier<Optional<Database>> database;
    private final VersionServers servers;
    private final Following following;
    private final InstantSource clock;
    private final Consumer<String> notices;
    private final Map<String, UseCaseRollout> rollouts = new ConcurrentHashMap<>();
    private final Map<String, Ticking> tickings = new ConcurrentHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private volatile @Nullable Followed followed;

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
        this.database = database;
        this.servers = servers;
        this.following = following;
        this.clock = clock;
        this.notices = notices;
    }

    /**
     * Begins to look by itself.
     *
     * @param tick between two times that the database is asked; longer where it answers slowly
     */
    public synchronized void start(Duration tick) {
        threads.add(Thread.ofPlatform().name("hone-rollout-look").daemon().start(() -> run(this::lookAndRest)));
        threads.add(Thread.ofPlatform().name("hone-rollout-tick").daemon().start(() -> run(() -> tickAndRest(tick))));
    }

    /** @return how long to rest */
    private interface Turn {
        Duration take();
    }

    private void run(Turn turn) {
        try {
            while (!closing.await(turn.take().toMillis(), TimeUnit.MILLISECONDS)) {
                continue;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration lookAndRest() {
        try {
            look();
        } catch (RuntimeException e) {
            notices.accept("Versions cannot be looked after: " + e);
        }
        return LOOK;
    }

    private Duration tickAndRest(Duration tick) {
        long from = System.nanoTime();
        try {
            tick();
        } catch (RuntimeException e) {
            notices.accept("Versions cannot be judged: " + e);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - from).multipliedBy(REST);
        return took.compareTo(tick) > 0 ? took : tick;
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
            } else {
                known.plan(plan);
            }
        }
        for (String name : List.copyOf(rollouts.keySet())) {
            if (plans.stream().noneMatch(plan -> plan.name().equals(name))) {
                UseCaseRollout gone = rollouts.remove(name);
                tickings.remove(name);
                if (gone != null) {
                    servers.want(name, gone.plan().promotion().computed(), List.of());
                }
            }
        }
        followed = null;
        follow();
    }

    /** Looks at the servers and at what people ask for. */
    public synchronized void look() {
        carryOut();
        rollouts.values().forEach(UseCaseRollout::look);
        follow();
    }

    private void carryOut() {
        try {
            for (AskedFiles.Asked one : asked.open()) {
                UseCaseRollout rollout = rollouts.get(one.useCase());
                if (rollout == null) {
                    asked.done(
                            one,
                            new AskedFiles.Answer(
                                    false,
                                    "[%s] has no [promote] in its charter here, so that nothing of it is rolled out"
                                            .formatted(one.useCase())));
                } else if (one.command() != Command.PROMOTE) {
                    AskedFiles.Answer answer = rollout.ask(one);
                    // Who asked is told when calls follow.
                    follow();
                    asked.done(one, answer);
                }
            }
            asked.tidy(clock.instant());
        } catch (IOException e) {
            notices.accept("What was asked of versions cannot be carried out: " + e.getMessage());
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
                    .flatMap(version -> upstream(version, plan.promotion()).stream())
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

    private Optional<Upstream> upstream(Served version, Promotion promotion) {
        return servers.state(version) instanceof VersionServers.State.Answers answers
                ? Optional.of(new Upstream(
                        version.reference(),
                        answers.base(),
                        answers.key() == null ? null : answers.key().text(),
                        CONNECT,
                        silence(promotion.within()),
                        true,
                        true,
                        Map.of(version.reference(), OWN)))
                : Optional.empty();
    }

    /** How long a version may say nothing before somebody else is asked: no user waits for one that hangs as for a server far away. */
    private static Duration silence(@Nullable Duration within) {
        if (within == null) {
            return LONGEST_SILENCE;
        }
        Duration patient = within.multipliedBy(PATIENCE);
        Duration least = patient.compareTo(SHORTEST_SILENCE) < 0 ? SHORTEST_SILENCE : patient;
        return least.compareTo(LONGEST_SILENCE) > 0 ? LONGEST_SILENCE : least;
    }

    /** Asks the database what there is to be rolled out, and what came of calls. */
    public void tick() {
        Optional<Database> open = database.get();
        if (open.isEmpty()) {
            return;
        }
        for (Ticking ticking : tickings.values()) {
            List<AskedFiles.Asked> promotions = promotions(ticking.useCase());
            List<AskedFiles.Answer> answers = tick(ticking, open.get(), promotions);
            follow();
            for (int i = 0; i < answers.size(); i++) {
                done(promotions.get(i), answers.get(i));
            }
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
            return asked.open().stream()
                    .filter(one ->
                            one.command() == Command.PROMOTE && one.useCase().equals(useCase))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private void done(AskedFiles.Asked one, AskedFiles.Answer answer) {
        try {
            asked.done(one, answer);
        } catch (IOException e) {
            notices.accept("What became of [%s] cannot be said: %s".formatted(one.command(), e.getMessage()));
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
    }
}
