package dev.hone.web.site;

import dev.hone.capture.TrustedProxies;
import dev.hone.capture.gateway.EdgePages;
import dev.hone.capture.gateway.EdgeServer;
import dev.hone.record.Project;
import dev.hone.record.Role;
import dev.hone.store.Database;
import dev.hone.store.People;
import dev.hone.store.TraceQuery;
import dev.hone.store.TraceSearch;
import dev.hone.web.access.Passwords;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Measures each page over the loopback, as somebody who is signed in gets it, of a database that the benchmark of searches has filled:
 * {@code PagesBenchmark HOME}.
 */
public final class PagesBenchmark {
    private static final int WARM = 3;
    private static final int ROUNDS = 11;
    private static final String WHO = "benchmark";

    private PagesBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        try (Database database = Database.open(Map.of(), home, System.err::println)) {
            Pages pages = new Pages(
                    home.resolve("runs"),
                    () -> new Pages.Declared(List.of(), Map.of(), TrustedProxies.NONE),
                    InstantSource.system(),
                    System.err::println);
            EdgePages handler = pages.handler();
            try (EdgeServer server = EdgeServer.bind("127.0.0.1", 0, Duration.ZERO)) {
                server.start(handler);
                handler.open(database);
                Browser browser = new Browser(server.url());
                browser.signIn(WHO, password(database));
                measure(browser, pages(database));
            }
        }
    }

    private static String password(Database database) {
        People people = new People(database);
        String password = Passwords.random();
        if (people.credentials(WHO).isEmpty()) {
            people.add(WHO, Passwords.hash(password), Project.DEFAULT, Role.OWNER, WHO);
        } else {
            people.password(WHO, Passwords.hash(password), WHO);
        }
        return password;
    }

    private static Map<String, String> pages(Database database) {
        TraceSearch.Found newest = new TraceSearch(database)
                .find(TraceQuery.of(Project.DEFAULT), null, 1)
                .traces()
                .getFirst();
        String release = "release%3D" + newest.tags().get("release");
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("overview, 7 days", "");
        pages.put("overview, today", "?window=1d");
        pages.put("overview, 30 days", "?window=30d");
        pages.put("use cases", "/use-cases");
        pages.put("traces of a day", "/traces");
        pages.put("traces of all time", "/traces?window=all");
        pages.put("traces of a large use case", "/traces?window=30d&use-case=use-0");
        pages.put("traces of a small use case", "/traces?window=30d&use-case=use-19");
        pages.put("traces, refused", "/traces?window=30d&ended=refused");
        pages.put("traces, refused, of a small use case", "/traces?window=30d&ended=refused&use-case=use-19");
        pages.put("traces of a rare variant", "/traces?window=30d&variant=next");
        pages.put("traces of no variant that there is", "/traces?window=all&variant=none");
        pages.put("traces, tag of one", "/traces?window=all&tag=order%3D4711");
        pages.put("traces, tag of 20,000", "/traces?window=all&tag=" + release);
        pages.put("traces, tag of 20,000, all old", "/traces?window=all&tag=release%3D1");
        pages.put("traces, tag of a quarter", "/traces?window=all&tag=team%3D1");
        pages.put("traces, text of most", "/traces?window=30d&text=who+brings+it");
        pages.put("traces, text of none", "/traces?window=30d&text=nobody+says+this");
        pages.put("traces, feedback of 1", "/traces?window=30d&feedback=stars%3C%3D1");
        pages.put("traces, feedback that none has", "/traces?window=all&feedback=stars%3E%3D9");
        pages.put("a trace", "/traces/" + newest.id());
        pages.put("an episode", "/episode?id=" + Objects.requireNonNull(newest.episode()));
        pages.put("runs", "/runs");
        pages.put("evaluations", "/evals");
        pages.put("keys", "/settings/keys");
        pages.put("audit log", "/settings/audit");
        return pages;
    }

    private static void measure(Browser browser, Map<String, String> pages) {
        System.out.println("| page | median ms | worst ms | kB |");
        System.out.println("| --- | ---: | ---: | ---: |");
        pages.forEach((name, path) -> {
            double[] millis = new double[ROUNDS];
            int size = 0;
            for (int i = -WARM; i < ROUNDS; i++) {
                long from = System.nanoTime();
                Browser.Page page = browser.get("/p/" + Project.DEFAULT + path);
                if (page.status() != 200) {
                    throw new IllegalStateException("[%s] is answered by [%d]".formatted(path, page.status()));
                }
                size = page.html().length();
                if (i >= 0) {
                    millis[i] = (System.nanoTime() - from) / 1e6;
                }
            }
            Arrays.sort(millis);
            System.out.printf(
                    "| %s | %.0f | %.0f | %.0f |%n", name, millis[ROUNDS / 2], millis[ROUNDS - 1], size / 1000.0);
        });
    }
}
