package dev.hone.web.site;

import dev.hone.capture.TrustedProxies;
import dev.hone.capture.feedback.FeedbackDesk;
import dev.hone.capture.feedback.FeedbackRules;
import dev.hone.capture.gateway.EdgePages;
import dev.hone.capture.upstream.Upstream;
import dev.hone.charter.Charter;
import dev.hone.store.AdviceList;
import dev.hone.store.ApiKeys;
import dev.hone.store.AuditLog;
import dev.hone.store.Database;
import dev.hone.store.Episodes;
import dev.hone.store.EvaluationList;
import dev.hone.store.People;
import dev.hone.store.Rollouts;
import dev.hone.store.RunList;
import dev.hone.store.Sessions;
import dev.hone.store.TraceDetails;
import dev.hone.store.TraceSearch;
import dev.hone.store.Usage;
import dev.hone.store.UseCases;
import dev.hone.watch.Eyes;
import dev.hone.watch.LabelDesk;
import dev.hone.web.access.SignIn;
import dev.hone.web.access.Visitors;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All pages, put together. */
public final class Pages {
    private final Path runs;
    private final @Nullable Path home;
    private final Supplier<Declared> declared;
    private final InstantSource clock;
    private final Consumer<String> trouble;
    private final Supplier<List<Charter>> charters;
    private final Eyes eyes;
    private volatile @Nullable FeedbackDesk desk;
    private final Assets assets = new Assets();
    private final Views views = new Views(assets);

    /**
     * What files declare.
     *
     * @param feedback what each use case takes, by name
     * @param proxies in front of the pages
     */
    public record Declared(List<Upstream> upstreams, Map<String, FeedbackRules> feedback, TrustedProxies proxies) {
        public Declared {
            upstreams = List.copyOf(upstreams);
            feedback = Map.copyOf(feedback);
        }
    }

    /**
     * @param runs folder in which folders of runs lie, which need not exist
     * @param declared what files declare now; throws {@link IllegalArgumentException} where they cannot be read
     * @param trouble hears of faults, never of what somebody asked for
     */
    public Pages(Path runs, Supplier<Declared> declared, InstantSource clock, Consumer<String> trouble) {
        this(runs, null, declared, List::of, clock, trouble);
    }

    /**
     * @param home where a running gateway looks for what is asked of it; null where nothing can be
     * @param charters as the files say now, by which calls are labelled and watched; throws {@link IllegalArgumentException} where they cannot be read
     */
    public Pages(
            Path runs,
            @Nullable Path home,
            Supplier<Declared> declared,
            Supplier<List<Charter>> charters,
            InstantSource clock,
            Consumer<String> trouble) {
        this.charters = charters;
        this.eyes = Eyes.ofMeaning(trouble);
        this.runs = runs;
        this.home = home;
        this.declared = declared;
        this.clock = clock;
        this.trouble = trouble;
    }

    /** Answers everything that is asked of the pages, as soon as it has a database. */
    public EdgePages handler() {
        return new Site(this::open, given -> desk = given, assets, views, trouble);
    }

    /** All that there is. */
    Site.Open open(Database whole) {
        Database database = whole.forReaders();
        AuditLog audit = new AuditLog(database);
        Sessions sessions = new Sessions(database);
        People people = new People(database);
        Visitors visitors = new Visitors(sessions, audit, clock);
        SignIn signIn = new SignIn(people, sessions, audit, clock);
        TraceSearch search = new TraceSearch(database);
        Usage usage = new Usage(database);
        EvaluationList evaluations = new EvaluationList(database);
        List<Route> routes = Stream.of(
                        new SignInPages(views, signIn, visitors, this::proxies).routes(),
                        new OverviewPage(views, usage, clock).routes(),
                        new TracesPage(views, search, new UseCases(database), audit, clock).routes(),
                        new TracePage(views, search, new TraceDetails(database), audit).routes(),
                        new EpisodePage(views, new Episodes(database), audit).routes(),
                        new UseCasesPage(
                                        views,
                                        usage,
                                        evaluations,
                                        () -> declared.get().feedback(),
                                        clock)
                                .routes(),
                        new AdvisePage(views, new AdviceList(database)).routes(),
                        new EvaluationsPage(views, evaluations).routes(),
                        new VersionsPage(views, database, charters).routes(),
                        new RoundsPage(views, database, home, charters).routes(),
                        new RolloutsPage(views, new Rollouts(database), home).routes(),
                        new RunsPage(views, new RunList(database), new RunFolders(runs), audit).routes(),
                        new LabelPage(views, database, new LabelDesk(database, this::give), charters, audit, clock)
                                .routes(),
                        new WatchPage(views, database, charters, eyes, audit, clock).routes(),
                        new AccountPage(views, signIn).routes(),
                        new KeysPage(views, new ApiKeys(database), clock).routes(),
                        new UpstreamsPage(views, () -> declared.get().upstreams()).routes(),
                        new PeoplePage(views, people).routes(),
                        new AuditPage(views, audit).routes())
                .flatMap(List::stream)
                .toList();
        if (people.all().isEmpty()) {
            trouble.accept(
                    "Nobody can sign in to the pages yet: make the first person by hone people add NAME --role owner");
        }
        return new Site.Open(new Routes(routes), visitors);
    }

    private void give(String project, byte[] feedback) throws IOException, InterruptedException {
        FeedbackDesk taking = desk;
        if (taking == null) {
            throw new PageRefusal(503, "Labels are not taken yet: try again soon.");
        }
        taking.take(new FeedbackDesk.Caller(project, null), feedback);
    }

    /** None where files cannot be read. */
    private TrustedProxies proxies() {
        try {
            return declared.get().proxies();
        } catch (IllegalArgumentException e) {
            return TrustedProxies.NONE;
        }
    }
}
