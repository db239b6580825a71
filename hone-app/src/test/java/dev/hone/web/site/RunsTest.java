package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.file.Durable;
import dev.hone.record.Project;
import dev.hone.record.Role;
import dev.hone.record.RunLog;
import dev.hone.store.AuditLog;
import dev.hone.store.People;
import dev.hone.store.RunList;
import dev.hone.store.Runs;
import dev.hone.web.access.Passwords;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Use cases, evaluations and runs. */
@Timeout(60)
final class RunsTest {
    private static final SiteFixture SITE = SiteFixture.open();

    @BeforeAll
    static void people() {
        String hash = Passwords.hash(SiteFixture.PASSWORD);
        new People(SITE.database).add("trainer", hash, Project.DEFAULT, Role.EXPERT, "test");
        new People(SITE.database).add("onlooker", hash, Project.DEFAULT, Role.VIEWER, "test");
    }

    private static Path folder(String name) throws Exception {
        return Files.createDirectories(SiteFixture.RUNS.resolve(name));
    }

    @Test
    void anEvaluationShowsWhoWonAndByHowMuch() {
        SiteRuns runs = new SiteRuns(SITE.database, SITE.shop);
        UUID id = runs.evaluation("judged-job", SiteRuns.resource("report.json"));
        Browser viewer = SITE.as("viewer");
        Browser.Page page = viewer.get("/p/shop/evals/" + id);
        assertEquals(200, page.status());
        assertTrue(page.html().contains("Quality against cost"), page.html());
        assertTrue(page.html().contains("p: exact McNemar test"));
        assertTrue(viewer.get("/p/shop/evals").html().contains("/p/shop/evals/" + id));
        assertEquals(404, SITE.as("stranger").get("/p/bank/evals/" + id).status());
        assertFalse(SITE.as("stranger").get("/p/bank/evals").html().contains(id.toString()));
    }

    @Test
    void aReportThatNobodyReadsIsSaidToBe() {
        SiteRuns runs = new SiteRuns(SITE.database, SITE.shop);
        for (String report : List.of("{}", "{\"contenders\": []}", "{\"contenders\": 3}")) {
            UUID id = runs.evaluation("unread-job", report);
            Browser.Page page = SITE.as("viewer").get("/p/shop/evals/" + id);
            assertEquals(200, page.status(), report);
            assertTrue(page.html().contains("cannot be shown"), report);
        }
        assertEquals(200, SITE.as("viewer").get("/p/shop/evals").status());
        assertEquals(200, SITE.as("viewer").get("/p/shop/use-cases").status());
    }

    /** Of a report whose other parts nobody reads, too: the list does not look at them. */
    @Test
    void listsOfEvaluationsReadWhatTheyShow() {
        SiteRuns runs = new SiteRuns(SITE.database, SITE.shop);
        new SiteTraces(SITE.database).add(listed());
        String report = SiteRuns.resource("report.json")
                .replaceAll("\"comparisons\"\\s*:", "\"comparisons\":3,\"others\":")
                .replaceAll("\"verdict\"\\s*:\\s*null", "\"verdict\":{\"choice\":\"post-train\"}");
        UUID id = runs.evaluation("listed-job", report);
        Browser viewer = SITE.as("viewer");
        assertTrue(viewer.get("/p/shop/evals/" + id).html().contains("cannot be shown"));
        String list = viewer.get("/p/shop/evals").html();
        String row = list.substring(list.indexOf("/p/shop/evals/" + id));
        row = row.substring(0, row.indexOf("</tr>"));
        assertTrue(row.contains("<td class=\"text\">post-train</td>"), row);
        assertTrue(row.contains("<bdi>reinforced, constrained: 54.7 (45.7 to 63.4) %</bdi>"), row);
        String useCases = viewer.get("/p/shop/use-cases").html();
        useCases = useCases.substring(useCases.indexOf("/p/shop/evals/" + id));
        assertTrue(useCases.substring(0, useCases.indexOf("</tr>")).contains("54.7 %"), useCases);
    }

    private static SiteTraces.Draft listed() {
        SiteTraces.Draft draft = new SiteTraces.Draft();
        draft.route = "listed-job";
        return draft;
    }

    @Test
    void aStoredRunShowsItsCurvesAndItsAnswersToWhomItMay() {
        UUID id = new SiteRuns(SITE.database, SITE.shop).run("trained-job", "5");
        Browser.Page page = SITE.as("viewer").get("/p/shop/runs/" + id);
        assertEquals(200, page.status());
        assertTrue(page.html().contains("loss, nats a token, by step"), page.html());
        assertTrue(page.html().contains("592"));
        RunList list = new RunList(SITE.database);
        List<Long> steps = list.curve(id, 50).stream().map(RunLog.Metric::step).toList();
        assertEquals(40, steps.size(), "every third of 120");
        assertEquals(List.of(3L, 6L), steps.subList(0, 2));
        assertEquals(120L, steps.getLast());
        assertEquals(120, list.curve(id, 120).size());
        List<RunLog.Tried> tried = list.tried(id, 3);
        assertEquals(3, tried.size());
        assertEquals(new Runs(SITE.database).log(id).samples().reversed().subList(0, 3), tried, "the last first");
        assertFalse(page.html().contains("What it tried last"));
        assertTrue(SITE.as("expert").get("/p/shop/runs/" + id).html().contains("What it tried last"));
        assertTrue(SITE.as("viewer").get("/p/shop/runs").html().contains(id.toString()));
        assertEquals(404, SITE.as("stranger").get("/p/bank/runs/" + id).status());
    }

    @Test
    void aRunThatGoesOnIsFollowedToItsEnd() throws Exception {
        Path run = folder("followed");
        Path metrics = run.resolve("metrics.jsonl");
        Files.writeString(metrics, "{\"step\":1,\"loss\":2.5,\"secret\":\"text\"}\n{\"step\":2,\"lo");
        Browser trainer = SITE.as("trainer");
        assertTrue(trainer.get("/p/default/runs").html().contains("/p/default/runs/live/followed"));
        Browser.Page page = trainer.get("/p/default/runs/live/followed");
        assertEquals(200, page.status());
        String figures = page.html().substring(page.html().indexOf("id=\"curves\""));
        assertTrue(
                figures.contains("<details class=\"values\" id=\"figures\" hidden>"), "charts have figures below them");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(SITE.url + "/p/default/runs/live/followed/events"))
                    .header("Cookie", "hone_session=" + trainer.cookies.get("hone_session"))
                    .build();
            HttpResponse<java.io.InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            assertEquals(
                    "text/event-stream",
                    response.headers().firstValue("content-type").orElseThrow());
            BufferedReader events = new BufferedReader(new java.io.InputStreamReader(response.body()));
            assertEquals("1 step {\"step\":1,\"loss\":2.5}", next(events));
            Files.writeString(metrics, "ss\":2.0}\n", StandardOpenOption.APPEND);
            assertEquals("2 step {\"step\":2,\"loss\":2.0}", next(events), "whole lines alone");
            Files.writeString(metrics, "{\"step\":1,\"loss\":2.5}\n");
            assertEquals("0 again {}", next(events), "resumed from an earlier step");
            assertEquals("1 step {\"step\":1,\"loss\":2.5}", next(events));
            Files.writeString(metrics, "not json\n{\"step\":2,\"loss\":1.5}\n", StandardOpenOption.APPEND);
            assertEquals("2 step {\"step\":2,\"loss\":1.5}", next(events));
            Files.writeString(run.resolve("hone-run.json"), "{}");
            assertEquals("2 end {}", next(events));
            assertEquals(null, events.readLine());
        }
    }

    /** Whoever signs out hears nothing any more, and is told. */
    @Test
    void eventsEndWithTheSession() throws Exception {
        Path run = folder("left");
        Files.writeString(run.resolve("metrics.jsonl"), "{\"step\":1,\"loss\":2.5}\n");
        new People(SITE.database)
                .add("listener", Passwords.hash(SiteFixture.PASSWORD), Project.DEFAULT, Role.VIEWER, "test");
        Browser listener = SITE.as("listener");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(SITE.url + "/p/default/runs/live/left/events"))
                    .header("Cookie", "hone_session=" + listener.cookies.get("hone_session"))
                    .build();
            HttpResponse<java.io.InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            BufferedReader events = new BufferedReader(new java.io.InputStreamReader(response.body()));
            assertEquals("1 step {\"step\":1,\"loss\":2.5}", next(events));
            listener.post("/sign-out");
            assertEquals("0 out {}", next(events));
            assertEquals(null, events.readLine());
        }
    }

    /** A page that renews itself is one reading. */
    @Test
    void theAuditLogIsNotFilledByPagesThatRenewThemselves() throws Exception {
        Path run = folder("renewed");
        Files.writeString(run.resolve("metrics.jsonl"), "{\"step\":1}\n");
        Files.writeString(run.resolve("samples.jsonl"), "{\"step\":1,\"task\":\"t\",\"output\":\"o\",\"reward\":1}\n");
        Browser trainer = SITE.as("trainer");
        for (int i = 0; i < 3; i++) {
            assertTrue(trainer.get("/p/default/runs/live/renewed").html().contains("What it tried last"));
        }
        UUID project = UUID.fromString("00000000-0000-7000-8000-000000000000");
        assertEquals(
                1,
                new AuditLog(SITE.database)
                        .page(project, null, 1000).stream()
                                .filter(entry -> entry.subject().equals("renewed"))
                                .count());
    }

    /** Of more folders than are shown, those that changed last are. */
    @Test
    void theLastOfManyFoldersAreShown() throws Exception {
        Path many = Files.createTempDirectory("runs");
        for (int i = 0; i < 230; i++) {
            Path metrics = Files.createDirectory(many.resolve("run-" + i)).resolve("metrics.jsonl");
            Files.writeString(metrics, "{}\n");
            Files.setLastModifiedTime(metrics, FileTime.fromMillis(1_000_000L * (i * 7 % 230)));
        }
        List<RunFolders.Folder> shown = new RunFolders(many).all();
        assertEquals(200, shown.size());
        assertEquals(229_000_000L, shown.getFirst().changed().toEpochMilli());
        assertEquals(30_000_000L, shown.getLast().changed().toEpochMilli());
        Durable.delete(many);
    }

    /** Identifier, name and data of the next event. */
    private static String next(BufferedReader events) throws Exception {
        StringBuilder event = new StringBuilder();
        for (String line = events.readLine(); line != null; line = events.readLine()) {
            if (line.isEmpty() && !event.isEmpty()) {
                return event.toString().strip();
            }
            if (!line.startsWith(":") && !line.isEmpty()) {
                event.append(line.substring(line.indexOf(' ') + 1)).append(' ');
            }
        }
        return event.toString();
    }

    @Test
    void samplesAreTextAndForExperts() throws Exception {
        Path run = folder("sampled");
        Files.writeString(run.resolve("metrics.jsonl"), "{\"step\":1,\"reward\":0.5}\n");
        Files.writeString(
                run.resolve("samples.jsonl"),
                "{\"step\":1,\"task\":\"t\",\"output\":\"<script>alert(1)</script>\",\"reward\":0.25,\"reason\":\"<b>\",\"tokens\":3}\n{\"torn");
        String html = SITE.as("trainer").get("/p/default/runs/live/sampled").html();
        assertTrue(html.contains("&lt;script&gt;alert(1)") && html.contains("0.25"), html);
        assertFalse(html.contains("<script>alert"));
        assertFalse(
                SITE.as("onlooker").get("/p/default/runs/live/sampled").html().contains("alert(1)"));
    }

    @Test
    void foldersBelongToTheFirstProjectAndPathsAreNoNames() throws Exception {
        folder("mine");
        Files.writeString(SiteFixture.RUNS.resolve("mine/metrics.jsonl"), "{\"step\":1}\n");
        Files.writeString(SiteFixture.RUNS.resolve("../metrics.jsonl"), "{\"step\":1}\n");
        Browser owner = SITE.as("owner");
        assertFalse(owner.get("/p/shop/runs").html().contains("mine"));
        assertEquals(404, owner.get("/p/shop/runs/live/mine").status());
        assertEquals(404, owner.get("/p/shop/runs/live/mine/events").status());
        Browser trainer = SITE.as("trainer");
        assertEquals(200, trainer.get("/p/default/runs/live/mine").status());
        for (String name : List.of("..", "%2e%2e", "%2e%2e%2f", "mine%2f..%2fmine", "none", "%00", "")) {
            int status = trainer.get("/p/default/runs/live/" + name).status();
            assertTrue(status == 404 || status == 400, name + " " + status);
        }
    }
}
