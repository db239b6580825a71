package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.JournalDrain;
import dev.hone.capture.TrustedProxies;
import dev.hone.capture.feedback.FeedbackDesk;
import dev.hone.capture.feedback.FeedbackRules;
import dev.hone.capture.feedback.FeedbackRules.Direction;
import dev.hone.capture.feedback.FeedbackRules.Metric;
import dev.hone.capture.feedback.Judging;
import dev.hone.capture.gateway.EdgePages;
import dev.hone.capture.gateway.EdgeServer;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.upstream.Upstream;
import dev.hone.charter.Charter;
import dev.hone.file.Durable;
import dev.hone.record.Feedback;
import dev.hone.record.Role;
import dev.hone.store.Calls;
import dev.hone.store.Configurations;
import dev.hone.store.Database;
import dev.hone.store.Feedbacks;
import dev.hone.store.People;
import dev.hone.store.Projects;
import dev.hone.web.access.Passwords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The pages of a database that all tests of this package share, at a port. The project {@code shop} has a person of each role, named by it;
 * {@code bank} has {@code stranger}, its owner.
 */
final class SiteFixture {
    static final String PASSWORD = "correct horse battery";
    static final Path HOME = Path.of("target", "test-site-home").toAbsolutePath();
    static final Path RUNS = HOME.resolve("runs");
    private static final List<Upstream> UPSTREAMS = List.of(new Upstream(
            "openai",
            URI.create("https://api.openai.com/v1"),
            "sk-secret-of-upstream",
            Duration.ofSeconds(5),
            Duration.ofSeconds(120),
            false,
            true,
            Map.of()));
    private static final Map<String, FeedbackRules> RULES = Map.of(
            "judged",
            new FeedbackRules(Map.of(
                    "solved",
                    new Metric(Feedback.Kind.BOOLEAN, Direction.HIGHER, null, null),
                    "escalated",
                    new Metric(Feedback.Kind.BOOLEAN, Direction.LOWER, null, null),
                    "stars",
                    new Metric(Feedback.Kind.FLOAT, Direction.HIGHER, 1.0, 5.0))));
    private static final TrustedProxies PROXIES = TrustedProxies.of(List.of("127.0.0.1"));
    private static final SiteFixture ONE = new SiteFixture();

    final Database database;
    final UUID shop;
    final UUID bank;
    final String url;
    final List<Route> routes;
    /** Of use cases that can be labelled. */
    final List<Charter> charters = new CopyOnWriteArrayList<>();

    final List<String> troubles = Collections.synchronizedList(new ArrayList<>());

    private SiteFixture() {
        try {
            Durable.delete(HOME.resolve("db"));
            Durable.delete(HOME.resolve("rollouts"));
            Durable.delete(RUNS);
            database = Database.open(Map.of(), HOME, text -> {});
            shop = new Projects(database).add("shop").id();
            bank = new Projects(database).add("bank").id();
            People people = new People(database);
            String hash = Passwords.hash(PASSWORD);
            for (Role role : Role.values()) {
                people.add(role.text(), hash, "shop", role, "test");
            }
            people.add("stranger", hash, "bank", Role.OWNER, "test");
            Pages pages = new Pages(
                    RUNS,
                    HOME,
                    () -> new Pages.Declared(UPSTREAMS, RULES, PROXIES),
                    () -> List.copyOf(charters),
                    InstantSource.system(),
                    troubles::add);
            routes = pages.open(database).routes().all();
            EdgePages handler = pages.handler();
            EdgeServer server = EdgeServer.bind("127.0.0.1", 0, Duration.ZERO);
            server.start(handler);
            url = server.url();
            Browser.Page early = new Browser(url).get("/");
            assertTrue(early.status() == 503 && early.html().contains("try again soon"), early.html());
            handler.open(database);
            handler.take(desk());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What people say goes by a journal into the database, as it does in production. */
    private FeedbackDesk desk() throws IOException {
        Durable.delete(HOME.resolve("journal"));
        Journal journal = Journal.open(HOME.resolve("journal"), Journal.Options.STANDARD);
        JournalDrain drain = new JournalDrain(
                journal,
                HOME.resolve("journal"),
                new Calls(database),
                new Configurations(database),
                () -> Judging.NOTHING,
                troubles::add);
        return new FeedbackDesk(
                journal,
                drain::position,
                () -> Optional.of(new Feedbacks(database)),
                () -> Judging.NOTHING,
                () -> false,
                InstantSource.system());
    }

    static SiteFixture open() {
        return ONE;
    }

    Browser browser() {
        return new Browser(url);
    }

    /** Somebody who is signed in. */
    Browser as(String name) {
        Browser browser = browser();
        browser.signIn(name, PASSWORD);
        return browser;
    }
}
