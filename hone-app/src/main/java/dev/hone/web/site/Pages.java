package dev.hone.web.site;

import dev.hone.capture.gateway.EdgePages;
import dev.hone.capture.upstream.Upstream;
import dev.hone.store.ApiKeys;
import dev.hone.store.AuditLog;
import dev.hone.store.Database;
import dev.hone.store.EvaluationList;
import dev.hone.store.People;
import dev.hone.store.RecentCalls;
import dev.hone.store.RunList;
import dev.hone.store.Runs;
import dev.hone.store.Sessions;
import dev.hone.store.TraceList;
import dev.hone.web.access.SignIn;
import dev.hone.web.access.Visitors;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** All pages, put together. */
public final class Pages {
    private final Path runs;
    private final Supplier<List<Upstream>> upstreams;
    private final InstantSource clock;
    private final Consumer<String> trouble;
    private final Assets assets = new Assets();
    private final Views views = new Views(assets);

    /**
     * @param runs folder in which folders of runs lie, which need not exist
     * @param upstreams as they are configured; throws {@link IllegalArgumentException} where they cannot be read
     * @param trouble hears of faults, never of what somebody asked for
     */
    public Pages(Path runs, Supplier<List<Upstream>> upstreams, InstantSource clock, Consumer<String> trouble) {
        this.runs = runs;
        this.upstreams = upstreams;
        this.clock = clock;
        this.trouble = trouble;
    }

    /** Answers everything that is asked of the pages, as soon as it has a database. */
    public EdgePages handler() {
        return new Site(this::open, assets, views, trouble);
    }

    /** All that there is. */
    Site.Open open(Database database) {
        AuditLog audit = new AuditLog(database);
        Sessions sessions = new Sessions(database);
        People people = new People(database);
        Visitors visitors = new Visitors(sessions, audit, clock);
        SignIn signIn = new SignIn(people, sessions, audit, clock);
        TraceList traces = new TraceList(database);
        RecentCalls usage = new RecentCalls(database);
        EvaluationList evaluations = new EvaluationList(database);
        List<Route> routes = Stream.of(
                        new SignInPages(views, signIn, visitors).routes(),
                        new OverviewPage(views, usage, clock).routes(),
                        new TracesPage(views, traces, audit, clock).routes(),
                        new TracePage(views, traces, audit).routes(),
                        new UseCasesPage(views, usage, evaluations, clock).routes(),
                        new EvaluationsPage(views, evaluations).routes(),
                        new RunsPage(views, new RunList(database), new Runs(database), new RunFolders(runs), audit)
                                .routes(),
                        new AccountPage(views, signIn).routes(),
                        new KeysPage(views, new ApiKeys(database), clock).routes(),
                        new UpstreamsPage(views, upstreams).routes(),
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
}
