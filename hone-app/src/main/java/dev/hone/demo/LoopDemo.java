package dev.hone.demo;

import dev.hone.charter.Charter;
import dev.hone.charter.LoopRules;
import dev.hone.fetch.Hashes;
import dev.hone.improve.Queue;
import dev.hone.loop.Ended;
import dev.hone.loop.LoopWiring;
import dev.hone.loop.Results;
import dev.hone.loop.RoundFolder;
import dev.hone.loop.RoundListener;
import dev.hone.loop.RoundStep;
import dev.hone.loop.Rounds;
import dev.hone.loop.StoredLoops;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Ids;
import dev.hone.record.LabelledTrace;
import dev.hone.record.ModelVersion;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.record.Task;
import dev.hone.record.Trace;
import dev.hone.record.VersionReference;
import dev.hone.run.LoopTraining;
import dev.hone.run.Manifest;
import dev.hone.run.ModelRegistration;
import dev.hone.run.UseCase;
import dev.hone.run.Versions;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.GateVerdicts;
import dev.hone.store.Loops;
import dev.hone.store.Rollouts;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import dev.hone.task.ChatJson;
import dev.hone.train.Precision;
import dev.hone.watch.Eyes;
import dev.hone.watch.Subject;
import dev.hone.watch.Waiting;
import dev.hone.watch.Watch;
import dev.hone.watch.WatchState;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The wheel turned once before somebody's eyes. Users, the general model and the expert are simulated; the gateway, what watches it, the loop, the gates and the rollouts are
 * what a product would run.
 */
public final class LoopDemo {
    /** Names of spans. */
    private static final String BEFORE_OLD = "old tools, before new ones join";

    private static final String BEFORE_NEW = "new tools, before the new version";
    private static final String AFTER_NEW = "new tools, by the new version";
    private static final String AFTER_OLD = "old tools, by the new version";

    private static final String COMPARED = "quality: {not-worse-than: 0.05}, ";
    private static final Set<String> OVER = Set.of("promoted", "rolled-back", "stopped");
    private static final Duration STORED = Duration.ofSeconds(60);
    private static final double MOST_SECONDS = 15 * 60;
    private static final String WHO = "hone demo --loop";

    private final Plan plan;
    private final World world;
    private final Charter charter;
    private final Charter first;
    private final Database database;
    private final Path home;
    private final URI gateway;
    private final RoundListener listener;
    private final Timeline timeline = new Timeline();
    private final Users users;
    private final SplittableRandom random;
    private final UseCase useCase;
    private @Nullable RoundFolder last;

    /**
     * How much of everything there is.
     *
     * @param quick whether it is the toy job
     * @param generalErrors share of the general model's answers that are wrong
     * @param expertErrors share of the expert's that are
     * @param userErrors share of the users' words that are
     * @param opening calls while the general model answers
     * @param before calls of old tools by the first version
     * @param patience calls after the shift in which it should have been noticed
     * @param look calls between two looks at production
     * @param labels that the expert is asked for
     * @param firstEpochs of the first version
     * @param badTasks that the bad version learns from, with answers shuffled among them
     * @param afterwards calls after the promotion, before the bad version comes
     * @param atOnce users at once
     * @param pause of a user between two conversations
     */
    public record Plan(
            boolean quick,
            long seed,
            double generalErrors,
            double expertErrors,
            double userErrors,
            int opening,
            int before,
            int patience,
            int look,
            int labels,
            double firstEpochs,
            int badTasks,
            int afterwards,
            int atOnce,
            Duration pause) {
        /** Of sentences and tools. */
        public static Plan standard(long seed) {
            return new Plan(
                    false, seed, 0.35, 0.05, 0.03, 40, 160, 400, 60, 260, 3, 120, 120, 8, Duration.ofMillis(100));
        }

        /** Of letters and a tiny model. */
        public static Plan quick(long seed) {
            return new Plan(
                    true, seed, 0.35, 0.05, 0.03, 40, 160, 600, 60, 400, 4, 200, 120, 8, Duration.ofMillis(400));
        }
    }

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
        this.useCase = world.useCase();
        this.charter = charter;
        this.first = first;
        this.database = database;
        this.home = home;
        this.gateway = gateway;
        this.listener = listener;
        this.random = new SplittableRandom(plan.seed());
        this.users = new Users(
                gateway, world, timeline, plan.atOnce(), plan.pause(), 0.8, plan.userErrors(), plan.seed() + 1);
    }

    /** That of its first version: it has to be judged on tasks enough, and is compared with nothing. */
    public static String firstCharter(World world, Plan plan) {
        return charter(world, plan).replace(COMPARED, "");
    }

    /** The charter of a world: what it is judged by, watched by, rolled out by. */
    public static String charter(World world, Plan plan) {
        return """
                name: %s
                owner: The demo of the loop
                job: What simulated users ask for.
                good: %s
                viewers: [everyone]
                variants: {incumbent: {upstream: general, model: general}}
                feedback: {%s: {kind: boolean, direction: higher}}
                improve: {sample: 1, calls-a-day: 100000, labels: 40, second-labels: 0, schedule: never, cool-down: 1min, drift: {window: 1min, against: 120min, alpha: 0.01}}
                gates: {%ssample-size: 40}
                promote: {mode: %s, rows: 16, shadow-calls: 40, shares: [0.25, 0.5], calls: 40, alpha: 0.01, loss: 0.1, measures: [answered, feedback], automatic: true, silent-after: 10min}
                loop: {from: [live], model: '%s', epochs: %s, rate: %s, replay: 1, least-tasks: 50}
                """.formatted(
                        world.useCase().data().name(),
                        world.good(),
                        Users.HELPED,
                        COMPARED,
                        plan.quick() ? "exact" : "fast",
                        world.model(),
                        plan.quick() ? 8 : 3,
                        plan.quick() ? "0.005" : "0.001");
    }

    /**
     * Tells it.
     *
     * @param stop whether somebody wants it to end
     */
    public Story run(BooleanSupplier stop) throws IOException, InterruptedException {
        opening(stop);
        double before = timeline.now();
        say(
                "shift",
                "tools that were never seen before join: %d of them"
                        .formatted(world.coming().size()));
        String why = shift(stop);
        double drifted = timeline.now();
        label(stop);
        Results.Evaluated evaluated = null;
        Rolled good = new Rolled("", List.of());
        Ended ended = round(why, stop);
        double promoted = timeline.now();
        if (ended.outcome() == Loops.Outcome.ROLLOUT) {
            evaluated = evaluated();
            good = roll("the new version", stop);
            promoted = timeline.now();
        }
        users.send(plan.afterwards(), after());
        double worse = timeline.now();
        Rolled bad = bad(stop);
        say("end", "the story ends: users see what they saw before the bad version");
        return story(before, drifted, promoted, worse, evaluated, good, bad);
    }

    private void say(String kind, String words) {
        timeline.event(kind, words);
        listener.stage(String.format(Locale.ROOT, "%6.1f s  %s", timeline.now(), words));
    }

    private void requireGoing(BooleanSupplier stop) {
        if (stop.getAsBoolean()) {
            throw new IllegalStateException("The demo was interrupted: its folder can be removed");
        }
    }

    /** The general model answers; then a first version of one's own, which knows the tools that there are. */
    private void opening(BooleanSupplier stop) throws IOException, InterruptedException {
        say(
                "begin",
                "users ask for %d tools; a general model, simulated, answers, and is wrong in %.0f %% of its answers"
                        .formatted(world.known().size(), 100 * plan.generalErrors()));
        users.send(plan.opening(), drawn(world.oldBefore()));
        UUID id = new UseCases(database).obtain(name());
        new Traces(database).add(id, world.taught().stream().map(this::labelled).toList());
        Rounds.Result begun = LoopWiring.rounds(database, home, first, null)
                .run(
                        order(
                                "a first version of one's own, of %d rows that were labelled before"
                                        .formatted(world.taught().size()),
                                true,
                                plan.firstEpochs(),
                                List.of(LoopRules.Start.BASE),
                                false),
                        listener,
                        stop);
        requireGoing(stop);
        int number = version(begun.round());
        new Aliases(database).set(new VersionReference.Numbered(name(), number), "live", WHO);
        say(
                "live",
                "%s/%d, trained on the known tools, is made live by hand: its one gate was that it is judged on tasks enough"
                        .formatted(name(), number));
        await("the first version answers", () -> {
            users.send(4, drawn(world.oldBefore()));
            return timeline.variants().contains("live");
        });
        users.send(plan.before(), drawn(world.oldBefore()));
    }

    private Rounds.Order order(String why, boolean byHand, double epochs, List<LoopRules.Start> from, boolean rollout) {
        LoopRules rules = charter.loop();
        return new Rounds.Order(
                why,
                WHO,
                byHand,
                false,
                plan.seed(),
                LoopWiring.coolDown(charter),
                new LoopRules(
                        rules.unattended(),
                        from,
                        rules.model(),
                        epochs,
                        rules.rate(),
                        rules.replay(),
                        rules.leastTasks(),
                        rules.hours()),
                0.05,
                null,
                rollout);
    }

    /** Users ask for new tools, too, until whoever watches production says that it is not what it was. @return why a loop should begin */
    private String shift(BooleanSupplier stop) throws IOException, InterruptedException {
        // A reference is taken when its calls are older than the window.
        Thread.sleep(Duration.ofMinutes(1));
        Watch watch = watch();
        awaitStored();
        watch.carryOut(subject(), Instant.now());
        Supplier<Task> mixed = mixed(world.oldBefore(), once(world.newBefore()));
        for (int sent = 0; sent < plan.patience(); sent += plan.look()) {
            requireGoing(stop);
            users.send(plan.look(), mixed);
            awaitStored();
            Watch.Round round = watch.carryOut(subject(), Instant.now());
            if (round.look() != null && round.look().drifted()) {
                String changes = String.join("; ", round.look().changes());
                say("drift", "noticed after %d calls of the new mix: %s".formatted(sent + plan.look(), changes));
                // What is labelled should show what is asked now.
                while (timeline.share("", 0, Double.MAX_VALUE, Timeline.Call::fresh)
                                .calls()
                        < Math.min(world.newBefore().size(), plan.labels() / 2)) {
                    users.send(plan.look(), mixed);
                }
                awaitStored();
                watch.carryOut(subject(), Instant.now());
                return "production has drifted: " + changes;
            }
        }
        throw new IllegalStateException(
                "Nobody noticed within [%d] calls that users ask for something else".formatted(plan.patience()));
    }

    private Watch watch() {
        return new Watch(
                database, plan.quick() ? Eyes.ofWords() : Eyes.ofMeaning(listener::stage), Duration.ZERO, () -> false);
    }

    private Subject subject() {
        return Subject.of(database, charter)
                .orElseThrow(() -> new IllegalStateException("The store has nothing of [%s]".formatted(name())));
    }

    /** The expert says what is right of the calls that are most worth it, and errs as often as is stated. */
    private void label(BooleanSupplier stop) throws IOException, InterruptedException {
        List<Queue.Item> items = new Waiting(database).of(subject(), "expert", 2 * plan.labels(), Instant.now());
        Mistakes mistakes = new Mistakes(useCase);
        int labelled = 0;
        int wrong = 0;
        for (Queue.Item item : items) {
            Task task = users.asked().get(item.trace());
            if (task == null || labelled >= plan.labels()) {
                continue;
            }
            requireGoing(stop);
            Task said = task;
            if (random.nextDouble() < plan.expertErrors()) {
                said = mistakes.insteadOf(task, random);
                wrong++;
            }
            users.label(item.trace(), "expert", GeneralModel.message(useCase, said));
            labelled++;
        }
        say(
                "labels",
                "the expert, simulated, labelled the %d calls of the queue that were most worth it, %d of them with another task's answer"
                        .formatted(labelled, wrong));
        awaitLabels(labelled);
        WatchState state = WatchState.of(database, subject(), new Waiting(database), loops(), Instant.now());
        if (!state.decision().start()) {
            listener.stage("Triggers wait: " + state.decision().against());
        }
    }

    private WatchState.Loops loops() {
        return new StoredLoops(database);
    }

    private Ended round(String why, BooleanSupplier stop) throws IOException, InterruptedException {
        await(
                "a trigger starts the loop",
                () -> WatchState.of(database, subject(), new Waiting(database), loops(), Instant.now())
                        .decision()
                        .start());
        say("loop", "a trigger starts the loop: " + why);
        Rounds.Result result = LoopWiring.rounds(database, home, charter, null)
                .run(order(why, false, charter.loop().epochs(), charter.loop().from(), true), listener, stop);
        requireGoing(stop);
        Ended ended = Objects.requireNonNull(result.ended());
        last = result.round();
        Results.Judged judged = result.round()
                .finished(RoundStep.GATES, Results.Judged.class)
                .map(RoundFolder.Finished::result)
                .orElseThrow();
        say(
                "gates",
                "%s/%d %s its gates: %s"
                        .formatted(
                                name(),
                                ended.version(),
                                judged.passed() ? "passed" : "did not pass",
                                String.join("; ", judged.sentences())));
        return ended;
    }

    private Results.@Nullable Evaluated evaluated() throws IOException {
        RoundFolder round = last;
        return round == null
                ? null
                : round.finished(RoundStep.EVALUATION, Results.Evaluated.class)
                        .map(RoundFolder.Finished::result)
                        .orElse(null);
    }

    /** @param decisions in words */
    private record Rolled(String phase, List<String> decisions, String version, int calls, double seconds) {
        Rolled(String phase, List<String> decisions) {
            this(phase, decisions, "", 0, 0);
        }
    }

    /** Users go on until the rollout is over. */
    private Rolled roll(String what, BooleanSupplier stop) throws IOException, InterruptedException {
        Rollouts rollouts = new Rollouts(database);
        UUID id = rollouts.list(new UseCases(database).require(name()), 1)
                .getFirst()
                .id();
        double from = timeline.now();
        List<UUID> told = new ArrayList<>();
        AtomicLong looked = new AtomicLong();
        boolean[] over = new boolean[1];
        users.until(
                () -> {
                    long now = System.nanoTime();
                    long before = looked.get();
                    if (now - before > 500_000_000L && looked.compareAndSet(before, now)) {
                        synchronized (told) {
                            tell(rollouts, id, told, what);
                            over[0] = OVER.contains(
                                    rollouts.find(id).orElseThrow().phase());
                        }
                    }
                    return over[0] || stop.getAsBoolean() || timeline.now() - from > MOST_SECONDS;
                },
                after());
        requireGoing(stop);
        tell(rollouts, id, told, what);
        StoredRollout rollout = rollouts.find(id).orElseThrow();
        double to = timeline.now();
        int calls = timeline.share("", from, to, call -> call.variant().equals("candidate"))
                .calls();
        return new Rolled(
                rollout.phase(),
                rollouts.decisions(id).stream()
                        .map(decision -> decision.action() + ": " + decision.reason())
                        .toList(),
                rollout.reference(),
                calls,
                to - from);
    }

    private void tell(Rollouts rollouts, UUID id, List<UUID> told, String what) {
        for (RolloutDecision decision : rollouts.decisions(id)) {
            if (!told.contains(decision.id())) {
                told.add(decision.id());
                if (!Set.of("begin", "hold").contains(decision.action())) {
                    say(decision.action(), "%s: %s".formatted(what, decision.reason()));
                }
            }
        }
    }

    /** A version that learned from shuffled answers is let past its gates on purpose. */
    private Rolled bad(BooleanSupplier stop) throws IOException, InterruptedException {
        List<Task> tasks = new ArrayList<>();
        List<Task> source = world.taught()
                .subList(0, Math.min(plan.badTasks(), world.taught().size()));
        for (int i = 0; i < source.size(); i++) {
            tasks.add(source.get(i)
                    .withReference(
                            source.get((i + source.size() / 2) % source.size()).reference()));
        }
        Path out = home.resolve("bad-version");
        Manifest manifest = new LoopTraining(useCase, listener, Hashes.sha256("shuffled"), plan.seed(), Precision.FP32)
                .fromDemonstrations(
                        world.model(),
                        tasks,
                        plan.quick() ? 4 : 1,
                        charter.loop().rate(),
                        out,
                        stop)
                .orElseThrow(() -> new IllegalStateException("The demo was interrupted"));
        ModelVersion version = new ModelRegistration(database, home)
                .register(new ModelRegistration.Order(name(), null, List.of(out), null, null, null, WHO))
                .versions()
                .getLast();
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("schemaVersion", 1);
        evidence.put(
                "forced",
                "hone demo --loop lets this version past its gates on purpose: it learned from shuffled answers, and the canary has to catch it");
        evidence.put("lines", List.of());
        new GateVerdicts(database).add(version, null, true, JsonMapper.shared().writeValueAsString(evidence), WHO);
        say(
                "bad",
                "%s, which learned %d shuffled answers, is let past its gates on purpose, as its verdict says"
                        .formatted(version.reference(), manifest.rows()));
        new Rollouts(database).begin(version.useCaseId(), version.id(), WHO);
        return roll("the bad version", stop);
    }

    private Story story(
            double shifted,
            double drifted,
            double promoted,
            double worse,
            Results.@Nullable Evaluated evaluated,
            Rolled good,
            Rolled bad) {
        double live = timeline.events().stream()
                .filter(event -> event.kind().equals("live"))
                .mapToDouble(Story.Event::seconds)
                .findFirst()
                .orElse(0);
        Story.Share oldBefore = timeline.share(
                BEFORE_OLD,
                live,
                shifted,
                call -> !call.fresh() && call.variant().equals("live"));
        Story.Share newBefore = timeline.share(
                BEFORE_NEW,
                shifted,
                promoted,
                call -> call.fresh() && call.variant().equals("live"));
        Story.Share newAfter = timeline.share(
                AFTER_NEW,
                promoted,
                worse,
                call -> call.fresh() && call.variant().equals("live"));
        Story.Share oldAfter = timeline.share(
                AFTER_OLD,
                promoted,
                worse,
                call -> !call.fresh() && call.variant().equals("live"));
        List<Story.Difference> differences = new ArrayList<>();
        Story.Difference fresh = Story.Difference.of(newAfter, newBefore);
        Story.Difference old = Story.Difference.of(oldAfter, oldBefore);
        if (fresh != null) {
            differences.add(fresh);
        }
        if (old != null) {
            differences.add(old);
        }
        Map<String, Double> rates = new TreeMap<>();
        rates.put("general model", plan.generalErrors());
        rates.put("expert", plan.expertErrors());
        rates.put("users, of whether a call helped", plan.userErrors());
        return new Story(
                Story.SCHEMA,
                name(),
                charter.loop().model(),
                plan.quick(),
                plan.seed(),
                List.of(
                        "Users are simulated: they send sentences of public data, some at once, and say of four fifths of their calls whether these helped",
                        "The general model is simulated: it answers as the data says is right, and with another task's answer of the same tool as often as is stated",
                        "The expert is simulated: it says what the data says is right, and another task's answer of the same tool as often as is stated",
                        "The gateway, what watches it, the loop, its gates and the rollouts are what hone serve and hone loop run"),
                rates,
                world.known().stream().sorted().toList(),
                world.coming().stream().sorted().toList(),
                timeline.events(),
                timeline.lines(30),
                List.of(oldBefore, newBefore, newAfter, oldAfter),
                differences,
                evaluated,
                rolled(good),
                rolled(bad),
                timeline.count(),
                timeline.now(),
                Versions.current());
    }

    private static Story.Rolled rolled(Rolled one) {
        return new Story.Rolled(one.version(), one.phase(), one.calls(), one.seconds(), one.decisions());
    }

    private String name() {
        return useCase.data().name();
    }

    private static int version(RoundFolder round) throws IOException {
        return round.finished(RoundStep.REGISTRATION, Results.Registered.class)
                .orElseThrow()
                .result()
                .number();
    }

    /** A row that was labelled before the story begins, as an import would store it. */
    private LabelledTrace labelled(Task task) {
        Conversation asked = useCase.product(task);
        ChatMessage right = useCase.right(task);
        String request = ChatJson.of(asked).toString();
        return new LabelledTrace(
                new Trace(
                        Ids.next(),
                        "",
                        request,
                        "",
                        task.metadata(),
                        null,
                        Hashes.sha256(request + task.reference()),
                        "before.jsonl",
                        1),
                ChatJson.assistant(right).toString());
    }

    /** With repetition. */
    private Supplier<Task> drawn(List<Task> pool) {
        return () -> pool.get(random.nextInt(pool.size()));
    }

    /** Each once, then with repetition. */
    private Supplier<Task> once(List<Task> pool) {
        Iterator<Task> first = pool.iterator();
        return () -> first.hasNext() ? first.next() : pool.get(random.nextInt(pool.size()));
    }

    private Supplier<Task> mixed(List<Task> old, Supplier<Task> fresh) {
        Supplier<Task> olds = once(old);
        return () -> random.nextDouble() < 0.6 ? fresh.get() : olds.get();
    }

    /** What users send after the new version was made: none of it has been sent before. */
    private Supplier<Task> after() {
        return mixed(world.oldAfter(), drawn(world.newAfter()));
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private void await(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("It took more than five minutes until " + what);
            }
            Thread.sleep(500);
        }
    }

    /** Until the database has all that was sent. */
    private void awaitStored() throws IOException, InterruptedException {
        UUID id = new UseCases(database).require(name());
        int sent = timeline.count() + world.taught().size();
        long end = System.nanoTime() + STORED.toNanos();
        while (new Traces(database).count(id) < sent && System.nanoTime() < end) {
            Thread.sleep(200);
        }
        // Feedback comes by the same way, after its calls.
        Thread.sleep(1_000);
    }

    private void awaitLabels(int labelled) throws IOException, InterruptedException {
        UUID id = new UseCases(database).require(name());
        int before = world.taught().size();
        await("the labels are stored", () -> new Traces(database).labelled(id).size() >= before + labelled);
    }
}
