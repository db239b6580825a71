package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.CapturedCall.End;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.store.AuditLog;
import dev.hone.web.site.SiteTraces.Draft;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TracesTest {
    private static final String HOSTILE =
            "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>"
                    + "[link](javascript:alert(4)) \u202Ereversed \u05E9\u05DC\u05D5\u05DD &amp; \\u0000";

    /** The same where the journal keeps no escape. */
    private static final String PLAIN = HOSTILE.replace("\\u0000", "").strip();

    private final SiteFixture site = SiteFixture.open();
    private final SiteTraces traces = new SiteTraces(site.database);

    private static List<String> ids(String html) {
        List<String> ids = new ArrayList<>();
        Matcher row = Pattern.compile("class=\"open\" href=\"/p/\\w+/traces/([0-9a-f-]{36})\"")
                .matcher(html);
        while (row.find()) {
            ids.add(row.group(1));
        }
        return ids;
    }

    private List<String> found(String query) {
        return ids(site.as("expert").get("/p/shop/traces" + query).html());
    }

    @Test
    void everyFilterFindsItsOwn() {
        Draft plain = new Draft();
        plain.route = "filters";
        Draft other = new Draft();
        other.route = "filters";
        other.variant = "tuned";
        other.end = End.REFUSED;
        other.status = 502;
        other.tags = Map.of("country", "de & at");
        other.episode = "e/1?x=<2>";
        other.request = "{\"messages\":[{\"role\":\"user\",\"content\":\"100%_sure needle\"}]}";
        Draft old = Draft.at(Instant.now().minus(Duration.ofDays(3)));
        old.route = "filters";
        Draft shadow = new Draft();
        shadow.route = "filters";
        shadow.shadowOf = plain.id;
        traces.add(plain, other, old, shadow);
        String all = "?use-case=filters&window=7d";
        String is = other.id.toString();
        assertEquals(List.of(is, plain.id.toString(), old.id.toString()), found(all));
        assertEquals(List.of(is, plain.id.toString()), found("?use-case=filters&window=24h"));
        assertEquals(List.of(is, plain.id.toString(), old.id.toString()), found("?use-case=filters&window=all"));
        assertEquals(List.of(is), found(all + "&variant=tuned"));
        assertEquals(List.of(is), found(all + "&ended=refused"));
        assertEquals(List.of(is), found(all + "&tag=country%3Dde+%26+at"));
        assertEquals(List.of(), found(all + "&tag=country%3Dfr"));
        assertEquals(List.of(is), found(all + "&episode=e%2F1%3Fx%3D%3C2%3E"));
        assertEquals(List.of(is), found(all + "&text=100%25_SURE"));
        assertEquals(List.of(), found(all + "&text=100%25Xsure"), "no wildcards");
        assertEquals(List.of(), found("?use-case=nothing"));
        assertEquals(
                200,
                site.as("expert")
                        .get("/p/shop/traces?before=nonsense&window='&variant='")
                        .status());
        for (String unreadable : List.of("window=%00", "ended='", "tag=x", "feedback=stars%3C%3Cb", "text=a%00b")) {
            assertEquals(
                    400, site.as("expert").get("/p/shop/traces?" + unreadable).status(), unreadable);
        }
    }

    @Test
    void feedbackFindsItsTraces() {
        List<Draft> drafts = new ArrayList<>();
        for (int stars = 1; stars <= 5; stars++) {
            Draft draft = new Draft();
            draft.route = "starred";
            traces.add(draft);
            traces.judge(draft, Feedback.Kind.FLOAT, "stars", stars);
            drafts.add(draft);
        }
        Draft silent = new Draft();
        silent.route = "starred";
        traces.add(silent);
        List<String> all =
                drafts.reversed().stream().map(draft -> draft.id.toString()).toList();
        String starred = "?use-case=starred&window=1h&feedback=";
        assertEquals(all, found(starred + "*"));
        assertEquals(all, found(starred + "stars"));
        assertEquals(all.subList(3, 5), found(starred + "stars%3C%3D2"));
        assertEquals(all.subList(0, 1), found(starred + "stars+%3E%3D+4.5"));
        assertEquals(all.subList(2, 3), found(starred + "*%3D3"));
        assertEquals(List.of(), found(starred + "other"));
    }

    /** A search that finds little says how far it got, and goes on from there. */
    @Test
    void aSearchThatIsOutOfTimeGoesOnWhereItWas() {
        Draft oldest = new Draft();
        oldest.route = "needled";
        oldest.request = "{\"messages\":[{\"role\":\"user\",\"content\":\"the needle\"}]}";
        traces.add(oldest);
        String hay = "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted("hay ".repeat(25_000));
        Browser expert = site.as("expert");
        String next = "/p/shop/traces?use-case=needled&window=1h&text=the+needle";
        // However fast the machine is, there is more than it looks through in a page's time.
        for (int i = 0; i < 20 && !expert.get(next).html().contains("Looked through back to"); i++) {
            List<Draft> many = new ArrayList<>();
            for (int j = 0; j < 200; j++) {
                Draft draft = new Draft();
                draft.route = "needled";
                draft.request = hay;
                many.add(draft);
            }
            traces.add(many.toArray(Draft[]::new));
        }
        int pages = 0;
        List<String> seen = new ArrayList<>();
        while (next != null && pages < 100) {
            String html = expert.get(next).html();
            seen.addAll(ids(html));
            pages++;
            Matcher on =
                    Pattern.compile("hx-get=\"([^\"]+)\" hx-select=\"#rows").matcher(html);
            next = on.find() ? on.group(1).replace("&amp;", "&") : null;
            assertEquals(next != null, html.contains("Looked through back to"), html);
        }
        assertTrue(pages > 1, "it takes more than a page's time");
        assertEquals(List.of(oldest.id.toString()), seen);
    }

    @Test
    void anEpisodeIsShownAPageAtATimeWithoutWhatIsLong() {
        List<Draft> calls = new ArrayList<>();
        for (int i = 0; i < 45; i++) {
            Draft draft = new Draft();
            draft.episode = "long-episode";
            draft.request =
                    "{\"messages\":[{\"role\":\"user\",\"content\":\"question of all\"},{\"role\":\"user\",\"content\":\"question %d%s\"}]}"
                            .formatted(i, i == 3 ? " " + "x".repeat(300_000) : "");
            calls.add(draft);
        }
        traces.add(calls.toArray(Draft[]::new));
        traces.judge(calls.getFirst(), Feedback.Kind.BOOLEAN, "whole", 1, "long-episode");
        Browser expert = site.as("expert");
        String next = "/p/shop/episode?id=long-episode";
        List<String> seen = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        while (next != null && sizes.size() < 9) {
            String html = expert.get(next).html();
            assertTrue(html.length() < 100_000, "bounded");
            assertEquals(next.contains("after") ? 0 : 2, html.split("question of all", -1).length - 1, next);
            assertTrue(html.contains("<dt><bdi>whole</bdi></dt><dd><bdi>true</bdi>"), html);
            List<String> ids = Pattern.compile("<h2><a href=\"/p/shop/traces/([0-9a-f-]{36})\"")
                    .matcher(html)
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            seen.addAll(ids);
            sizes.add(ids.size());
            Matcher later = Pattern.compile("href=\"([^\"]+)\">Later calls").matcher(html);
            next = later.find() ? later.group(1).replace("&amp;", "&") : null;
        }
        assertEquals(List.of(20, 20, 5), sizes);
        assertEquals(calls.stream().map(draft -> draft.id.toString()).toList(), seen);
        assertTrue(expert.get("/p/shop/episode?id=long-episode").html().contains("It says too much to be shown"));
        assertFalse(
                site.as("viewer").get("/p/shop/episode?id=long-episode").html().contains("whole</bdi>"));
    }

    @Test
    void pagesShowEachTraceOnce() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            Draft draft = new Draft();
            draft.route = "paged";
            traces.add(draft);
            made.addFirst(draft.id.toString());
        }
        List<String> seen = new ArrayList<>();
        String next = "/p/shop/traces?use-case=paged&window=24h";
        Browser viewer = site.as("viewer");
        for (int page = 0; next != null && page < 5; page++) {
            String html = viewer.get(next).html();
            seen.addAll(ids(html));
            Matcher older =
                    Pattern.compile("hx-get=\"([^\"]+)\" hx-select=\"#rows").matcher(html);
            next = older.find() ? older.group(1).replace("&amp;", "&") : null;
        }
        assertEquals(made, seen);
    }

    @Test
    void whatOthersWroteIsText() {
        Draft draft = new Draft();
        String line = "0123456789".repeat(10_000);
        draft.route = "hostile";
        draft.model = PLAIN;
        draft.variant = PLAIN;
        draft.episode = PLAIN;
        draft.tags = Map.of(PLAIN, PLAIN);
        String json = HOSTILE.replace("\"", "\\\"");
        draft.request =
                "{\"messages\":[{\"role\":\"%s\",\"content\":\"%s\"},{\"role\":\"user\",\"content\":\"%s\"}],\"tools\":[{\"function\":{\"name\":\"%s\"}}]}"
                        .formatted(json, json, line, json);
        draft.response =
                "{\"choices\":[{\"message\":{\"content\":\"%s\",\"tool_calls\":[{\"function\":{\"name\":\"%s\",\"arguments\":\"%s\"}}]}}]}"
                        .formatted(json, json, json);
        draft.attempts = List.of(new Attempt(1, PLAIN, "up", PLAIN, 500, PLAIN, 10, null));
        traces.add(draft);
        Browser expert = site.as("expert");
        String episode = "/p/shop/episode?id=" + Figures.encoded(PLAIN);
        for (String path : List.of("/p/shop/traces/" + draft.id, "/p/shop/traces?use-case=hostile", episode)) {
            Browser.Page page = expert.get(path);
            assertEquals(200, page.status(), path);
            assertFalse(
                    page.html().contains("<script>alert")
                            || page.html().contains("<img")
                            || page.html().contains("<svg onload"),
                    path);
            assertEquals(List.of(), handlers(page.html()), path);
            assertTrue(page.html().contains("&lt;script&gt;alert(1)"), path);
        }
        String html = expert.get("/p/shop/traces/" + draft.id).html();
        assertTrue(html.contains("The rest of 100,000 characters") && html.contains("All of it, as plain text"), "cut");
        assertTrue(html.length() < 200_000, "bounded");
        Browser.Page raw = expert.get("/p/shop/traces/" + draft.id + "/request");
        assertEquals("text/plain; charset=utf-8", raw.header("content-type"));
        assertEquals("nosniff", raw.header("x-content-type-options"));
        assertTrue(raw.html().contains(line) && raw.html().contains("<script>"), "all of it");
    }

    /** Attributes of tags that would run something. */
    private static List<String> handlers(String html) {
        return Pattern.compile("<[a-zA-Z](?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
                .matcher(html)
                .results()
                .map(tag -> tag.group().replaceAll("\"[^\"]*\"|'[^']*'", ""))
                .filter(tag -> tag.matches("(?is).*\\s(on\\w+|style|srcdoc)=.*"))
                .toList();
    }

    /** A body of many megabytes makes no page. */
    @Test
    void whatIsFarTooLongIsATextAlone() {
        Draft draft = new Draft();
        draft.request = "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted("much ".repeat(1_000_000));
        traces.add(draft);
        Browser expert = site.as("expert");
        String html = expert.get("/p/shop/traces/" + draft.id).html();
        assertTrue(html.contains("It says too much for a page") && html.contains("It arrives tomorrow."), html);
        assertFalse(html.contains("much much"));
        assertEquals(
                draft.request,
                expert.get("/p/shop/traces/" + draft.id + "/request").html());
    }

    @Test
    void whatIsNoMessageIsShownAsItIs() {
        for (String body : List.of(
                "", "{\"choices\":[{\"mess", "[".repeat(50_000), "<html>502</html>", "null", "{\"choices\":{}}")) {
            Draft draft = new Draft();
            draft.request = body;
            draft.response = body;
            traces.add(draft);
            assertEquals(
                    200, site.as("expert").get("/p/shop/traces/" + draft.id).status(), body);
        }
    }

    @Test
    void figuresAreForViewersAndWordsForExperts() {
        Draft draft = new Draft();
        draft.route = "private";
        draft.episode = "private-episode";
        draft.request = "{\"messages\":[{\"role\":\"user\",\"content\":\"a secret question\"}]}";
        traces.add(draft);
        Browser viewer = site.as("viewer");
        for (String path : List.of("/traces/" + draft.id, "/episode?id=private-episode", "/traces?use-case=private")) {
            Browser.Page page = viewer.get("/p/shop" + path);
            assertEquals(200, page.status(), path);
            assertFalse(page.html().contains("secret"), path);
        }
        assertEquals(403, viewer.get("/p/shop/traces/" + draft.id + "/request").status());
        assertEquals(403, viewer.get("/p/shop/traces?text=secret").status());
        assertEquals(0, reads(draft.id).size());
        Browser expert = site.as("expert");
        assertTrue(expert.get("/p/shop/traces/" + draft.id).html().contains("a secret question"));
        assertTrue(expert.get("/p/shop/episode?id=private-episode").html().contains("a secret question"));
        assertEquals(200, expert.get("/p/shop/traces/" + draft.id + "/response").status());
        assertEquals(List.of("expert trace.read", "expert trace.read", "expert trace.read"), reads(draft.id));
        expert.get("/p/shop/traces?text=secret");
        assertEquals(
                "trace.search secret",
                new AuditLog(site.database)
                        .page(site.shop, null, 1).stream()
                                .map(entry -> entry.action() + " " + entry.subject())
                                .findFirst()
                                .orElseThrow());
    }

    private List<String> reads(UUID trace) {
        return new AuditLog(site.database)
                .page(site.shop, null, 1000).stream()
                        .filter(entry -> entry.subject().equals(trace.toString()))
                        .map(entry -> entry.who() + " " + entry.action())
                        .toList();
    }

    @Test
    void tracesOfAnotherProjectAreNotFound() {
        Draft secret = new Draft();
        secret.project = "bank";
        secret.route = "vault";
        secret.episode = "bank-episode";
        traces.add(secret);
        assertEquals(200, site.as("stranger").get("/p/bank/traces/" + secret.id).status());
        Browser owner = site.as("owner");
        for (String path : List.of(
                "/traces/" + secret.id,
                "/traces/" + secret.id + "/request",
                "/traces/" + secret.id + "/response",
                "/episode?id=bank-episode",
                "/traces/" + Ids.next(),
                "/traces/1",
                "/episode",
                "/episode?id=none")) {
            assertEquals(404, owner.get("/p/shop" + path).status(), path);
        }
        assertEquals(0, reads(secret.id).size());
        Draft own = new Draft();
        traces.add(own);
        String list = owner.get("/p/shop/traces?window=all").html();
        assertTrue(list.contains(own.id.toString()), "the newest of all");
        assertFalse(list.contains(secret.id.toString()) || list.contains("vault"));
        assertEquals(List.of(), found("?use-case=vault&window=all"));
        assertFalse(owner.get("/p/shop").html().contains("vault"));
        assertFalse(owner.get("/p/shop/use-cases").html().contains("vault"));
    }
}
