package dev.hone.serve;

import dev.hone.capture.GatewaySettings;
import dev.hone.capture.JournalDrain;
import dev.hone.capture.Looks;
import dev.hone.capture.UnsettledSpend;
import dev.hone.capture.access.Budgets;
import dev.hone.capture.access.KeyRing;
import dev.hone.capture.access.RateLimits;
import dev.hone.capture.feedback.FeedbackDesk;
import dev.hone.capture.feedback.Judging;
import dev.hone.capture.gateway.Admission;
import dev.hone.capture.gateway.EdgePages;
import dev.hone.capture.gateway.EndUsers;
import dev.hone.capture.gateway.Gateway;
import dev.hone.capture.gateway.GatewayServer;
import dev.hone.capture.gateway.WarmUp;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.charter.Charter;
import dev.hone.loop.DigestReader;
import dev.hone.promote.RolloutControl;
import dev.hone.record.CapturedCall;
import dev.hone.record.Retention;
import dev.hone.run.Artifacts;
import dev.hone.store.ApiKeys;
import dev.hone.store.Calls;
import dev.hone.store.Configurations;
import dev.hone.store.Database;
import dev.hone.store.Feedbacks;
import dev.hone.store.KeySpend;
import dev.hone.store.TraceRetention;
import dev.hone.watch.Eyes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The gateway in the path of a product's calls, with all that it stands on. Ends in the order in which nothing is lost. */
public final class Production implements AutoCloseable {
    private final Consumer<String> trouble;
    private final ServeFiles.Read begun;
    private final EdgePages pages;
    private final String currency;
    private final Path journalFolder;
    private final Journal journal;
    private final Storage storage;
    private final @Nullable KeyRing keys;
    private final Gateway gateway;
    private final FeedbackDesk feedback;
    private final GatewayServer server;
    private final OwnModels own;
    private final OwnVersions versions;
    private final RolloutControl rollouts;
    private final FileWatch watch;
    private final ConfigurationNotes notes;
    private volatile @Nullable JournalDrain drain;
    private volatile @Nullable DailyRetention daily;
    private volatile @Nullable ProductionWatch watching;
    private volatile @Nullable LoopStarter loops;
    private volatile @Nullable DailyDigest digests;
    private final Path home;
    private final Path useCases;
    private final Map<String, String> environment;
    private final Supplier<List<Charter>> charters;
    private volatile Retention retention;
    private volatile Duration drainNotice;
    private volatile Judging judging;
    private volatile boolean warm;
    private volatile boolean ending;
    private final long begunNanos = System.nanoTime();

    /**
     * Takes the port and answers calls.
     *
     * @param home where the journal is, and what is kept beside it
     * @param database opens it; throws while it does not answer
     * @param models finds those of Hone's own
     * @param pages what people see
     * @param trouble hears of what is not well, never of what stands in a call
     * @throws IllegalArgumentException when the files cannot be followed, or the port is taken
     */
    public Production(
            ServeFiles files,
            Path home,
            Supplier<Database> database,
            OwnModels.Opening models,
            EdgePages pages,
            Consumer<String> trouble)
            throws IOException {
        this(
                files,
                home,
                database,
                models,
                VersionServer.starting(
                        new Artifacts(home), folder -> models.open(folder.toString(), database), trouble),
                RolloutControl.TICK,
                pages,
                trouble);
    }

    /**
     * @param starting of versions that come to the calls of their use cases by themselves
     * @param tick between two times that the database is asked what their calls showed
     */
    Production(
            ServeFiles files,
            Path home,
            Supplier<Database> database,
            OwnModels.Opening models,
            OwnVersions.Starting starting,
            Duration tick,
            EdgePages pages,
            Consumer<String> trouble)
            throws IOException {
        ServeFiles.Read read = files.read();
        this.begun = read;
        GatewaySettings settings = read.settings();
        this.trouble = trouble;
        this.judging = read.judging();
        this.pages = pages;
        this.currency = settings.currency();
        this.retention = settings.retention();
        this.drainNotice = settings.drainNotice();
        this.journalFolder = home.resolve("journal");
        this.journal = Journal.open(journalFolder, Journal.Options.STANDARD);
        this.notes = new ConfigurationNotes(journal::append, System::nanoTime, trouble);
        notes.add(read.text());
        this.storage = new Storage(database, this::opened, trouble);
        this.keys = settings.keys()
                ? new KeyRing(
                        () -> new ApiKeys(storage.require()).all(),
                        home.resolve("known-keys.json"),
                        InstantSource.system(),
                        trouble)
                : null;
        Budgets budgets = new Budgets(month -> spent(month, currency), this::drained, InstantSource.system(), trouble);
        if (settings.keys()) {
            UnsettledSpend.recall(journal, budgets, trouble);
        }
        this.gateway = new Gateway(
                read.configuration(),
                journal,
                new Admission(keys, budgets, new RateLimits(System::nanoTime)),
                new EndUsers(EndUserSecret.obtain(home)));
        this.feedback = new FeedbackDesk(
                journal,
                this::drained,
                () -> storage.find().map(Feedbacks::new),
                () -> judging,
                () -> gateway.configuration().options().strict(),
                InstantSource.system());
        pages.take(feedback);
        this.charters = files::declared;
        this.home = home;
        this.useCases = files.useCases();
        this.environment = files.environment();
        try {
            this.server = GatewayServer.open(
                    settings.host(),
                    settings.port(),
                    gateway,
                    feedback,
                    () -> storage.find().map(Database::forReaders),
                    pages,
                    this::unready,
                    trouble);
        } catch (RuntimeException | IOException e) {
            feedback.close();
            gateway.close();
            storage.close();
            journal.close();
            throw e;
        }
        this.versions = new OwnVersions(starting, trouble);
        VersionTraffic traffic = new VersionTraffic(gateway, read.configuration());
        this.rollouts = new RolloutControl(home, storage::find, versions, traffic, InstantSource.system(), trouble);
        follow(read, traffic);
        rollouts.start(tick);
        storage.start();
        this.own = new OwnModels(settings.models(), files.places(), models, storage::require, trouble);
        settings.models()
                .forEach(model -> gateway.metrics().modelAnswers(model.name(), () -> own.answers(model.name())));
        gateway.metrics()
                .gauge(
                        "hone.database.open",
                        "Whether the database has answered since the start",
                        () -> storage.find().isPresent() ? 1 : 0);
        gateway.metrics()
                .gauge("hone.journal.room", "Whether the journal takes calls", () -> journal.hasRoom() ? 1 : 0);
        gateway.metrics()
                .gauge("hone.feedback.aside", "Feedback that was put aside since the start", this::feedbackAside);
        gateway.metrics().gauge("hone.records.aside", "Calls that were put aside since the start", this::recordsAside);
        gateway.metrics()
                .gauge(
                        "hone.aside.removed",
                        "Records that were put aside, and were removed since the start",
                        this::removedAside);
        gateway.metrics()
                .gauge(
                        "hone.journal.undrained.bytes",
                        "What the journal has and the database not yet",
                        this::undrained);
        gateway.metrics()
                .gauge(
                        "hone.journal.behind.seconds",
                        "Since the database had all that the journal had",
                        () -> behind().toNanos() / 1e9);
        this.watch =
                new FileWatch(files, read.configuration().hash(), next -> follow(next, traffic), notes::again, trouble);
        Thread.ofPlatform().name("hone-warm-up").daemon().start(this::warmUp);
    }

    private void follow(ServeFiles.Read next, VersionTraffic traffic) {
        if (!next.settings().currency().equals(currency)) {
            throw new IllegalArgumentException("[currency] is [%s] now, and counts at the start alone: it was [%s]"
                    .formatted(next.settings().currency(), currency));
        }
        if (next != begun) {
            notes.add(next.text());
        }
        rollouts.plans(next.plans(), () -> traffic.base(next.configuration()));
        traffic.measure(next.plans(), rollouts);
        judging = next.judging();
        retention = next.settings().retention();
        drainNotice = next.settings().drainNotice();
    }

    private long feedbackAside() {
        JournalDrain running = drain;
        return running == null ? 0 : running.feedbackAside();
    }

    private long recordsAside() {
        JournalDrain running = drain;
        return running == null ? 0 : running.recordsAside();
    }

    private long removedAside() {
        JournalDrain running = drain;
        return running == null ? 0 : running.removedAside();
    }

    private double undrained() {
        try {
            return journal.bytesFrom(drained());
        } catch (IOException e) {
            return Double.NaN; // a segment that is just being released
        }
    }

    private Duration behind() {
        JournalDrain running = drain;
        return running == null ? Duration.ofNanos(System.nanoTime() - begunNanos) : running.behind();
    }

    private void warmUp() {
        try {
            WarmUp.run();
        } catch (IOException | RuntimeException e) {
            trouble.accept("The gateway could not try itself out: " + e.getMessage());
        }
        warm = true;
    }

    private void opened(Database database) {
        try {
            drain = new JournalDrain(
                    journal,
                    journalFolder,
                    new Calls(database),
                    new Configurations(database),
                    () -> judging,
                    () -> retention,
                    trouble);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pages.open(database);
        Looks looks = begun.settings().looks();
        watching = new ProductionWatch(
                database, charters, Eyes.ofMeaning(trouble), looks, InstantSource.system(), trouble);
        loops = LoopStarter.of(
                database, home, charters, new LoopProcess(home, useCases, environment), looks.loop(), trouble);
        digests = new DailyDigest(
                home, () -> new DigestReader(database, home, InstantSource.system()), Duration.ofMinutes(10), trouble);
        daily = new DailyRetention(new TraceRetention(database), () -> retention, InstantSource.system(), trouble);
        if (keys != null && keys.isEmpty()) {
            trouble.accept("There are no keys yet, so nobody can call: make one by hone keys add NAME");
        }
    }

    private Position drained() {
        JournalDrain running = drain;
        return running == null ? Position.START : running.position();
    }

    private Map<UUID, BigDecimal> spent(YearMonth month, String currency) {
        Map<UUID, BigDecimal> spent = new HashMap<>();
        new KeySpend(storage.require()).of(month).forEach((of, amount) -> {
            if (of.currency().equals(currency)) {
                spent.put(of.key(), amount);
            }
        });
        return spent;
    }

    private @Nullable String unready() {
        if (ending) {
            return "it is ending";
        }
        if (!warm) {
            return "it is warming up";
        }
        String loading = own.loading();
        if (loading != null) {
            return "the model [%s] is being loaded".formatted(loading);
        }
        return keys != null && keys.isEmpty() ? "there is no key that counts" : null;
    }

    /** What the files said at the start. */
    public ServeFiles.Read begun() {
        return begun;
    }

    public GatewayServer server() {
        return server;
    }

    /** @param calls hears of each call when it has been written down */
    public void observe(Consumer<CapturedCall.Facts> calls) {
        gateway.observe(calls);
    }

    /** Whether calls may be sent here. */
    public boolean isReady() {
        return unready() == null;
    }

    /** How long it is said that calls should not be sent here any more before none are taken. */
    public Duration drainNotice() {
        return drainNotice;
    }

    @Override
    public void close() throws IOException {
        ending = true;
        try {
            Thread.sleep(drainNotice);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch.close();
        server.close();
        feedback.close();
        rollouts.close();
        gateway.close();
        own.close();
        versions.close();
        JournalDrain running = drain;
        if (running != null) {
            running.close();
        }
        LoopStarter starting = loops;
        if (starting != null) {
            starting.close();
        }
        DailyDigest telling = digests;
        if (telling != null) {
            telling.close();
        }
        ProductionWatch looking = watching;
        if (looking != null) {
            looking.close();
        }
        DailyRetention dropping = daily;
        if (dropping != null) {
            dropping.close();
        }
        storage.close();
        journal.close();
    }
}
