package dev.hone.web.site;

import dev.hone.capture.gateway.Upstream;
import dev.hone.store.ApiKeys;
import dev.hone.store.AuditLog;
import dev.hone.store.Database;
import dev.hone.store.People;
import dev.hone.store.Sessions;
import dev.hone.store.RecentCalls;
import dev.hone.web.access.SignIn;
import dev.hone.web.access.Visitors;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;

/** All pages, put together. */
public final class Pages {
    private final Visitors visitors;
    private final Assets assets = new Assets();
    private final Views views = new Views(assets);
    private final List<Route> routes;
    private final Consumer<String> trouble;

    /**
     * @param upstreams as they are configured
     * @param trouble hears of faults, never of what somebody asked for
     */
    public Pages(Database database, List<Upstream> upstreams, InstantSource clock, Consumer<String> trouble) {
        this.trouble = trouble;
        AuditLog audit = new AuditLog(database);
        Sessions sessions = new Sessions(database);
        People people = new People(database);
        visitors = new Visitors(sessions, audit, clock);
        SignIn signIn = new SignIn(people, sessions, audit, clock);
        routes = Stream.of(
                        new SignInPages(views, signIn, visitors).routes(),
                        new OverviewPage(views, new RecentCalls(database), clock).routes(),
                        new AccountPage(views, signIn).routes(),
                        new KeysPage(views, new ApiKeys(database), clock).routes(),
                        new UpstreamsPage(views, upstreams).routes(),
                        new PeoplePage(views, people).routes(),
                        new AuditPage(views, audit).routes())
                .flatMap(List::stream)
                .toList();
    }

    /** All that there is. */
    List<Route> routes() {
        return routes;
    }

    /** Answers everything that is asked of the pages. */
    public Handler handler() {
        return new Site(new Routes(routes), visitors, assets, views, trouble);
    }
}
