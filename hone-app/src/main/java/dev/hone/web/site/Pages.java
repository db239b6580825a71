package dev.hone.web.site;

import dev.hone.capture.TrustedProxies;
import dev.hone.capture.feedback.FeedbackRules;
import dev.hone.capture.gateway.EdgePages;
import dev.hone.capture.upstream.Upstream;
import dev.hone.store.ApiKeys;
import dev.hone.store.AuditLog;
import dev.hone.store.Database;
import dev.hone.store.Episodes;
import dev.hone.store.EvaluationList;
import dev.hone.store.People;
import dev.hone.store.RunList;
import dev.hone.store.Sessions;
import dev.hone.store.TraceDetails;
import dev.hone.store.TraceSearch;
import dev.hone.store.Usage;
import dev.hone.store.UseCases;
import dev.hone.web.access.SignIn;
import dev.hone.web.access.Visitors;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** All pages, put together. */
public final class Pages {
    private final Path runs;
    private final Supplier<Declared> declared;
    private final InstantSource clock;
    private final Consumer<String> trouble;
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
        this.runs = runs;
        this.declared = declared;
        this.clock = clock;
        this.trouble = trouble;
    }

    /** Answers everything that is asked of the pages, as soon as it has a database. */
    public EdgePages handler() {
        return new Site(this::open, assets, views, trouble);
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
                        new EvaluationsPage(views, evaluations).routes(),
                        new RunsPage(views, new RunList(database), new RunFolders(runs), audit).routes(),
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

    /** None where files cannot be read. */
    private TrustedProxies proxies() {
        try {
            return declared.get().proxies();
        } catch (IllegalArgumentException e) {
            return TrustedProxies.NONE;
        }
    }
}
