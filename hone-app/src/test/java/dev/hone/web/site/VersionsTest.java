package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.store.GateVerdicts;
import dev.hone.store.Rollouts;
import dev.hone.store.StoreFixture;
import dev.hone.store.VersionRows;
import dev.hone.web.site.SiteTraces.Draft;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The registry of versions, their cards and lineage. */
@Timeout(60)
final class VersionsTest {
    private static final SiteFixture SITE = SiteFixture.open();
    private static final String HOSTILE = "</text><script>alert(1)</script>";

    private static final SiteVersions VERSIONS = new SiteVersions(SITE.database, SITE.shop);

    @Test
    void theRegistryTellsHowGoodVersionsAreAndWhereTheyAre() {
        ModelVersion two = VERSIONS.story("registered-job", "better " + HOSTILE).getLast();
        Browser viewer = SITE.as("viewer");
        String list = viewer.get("/p/shop/versions/registered-job").html();
        assertTrue(list.contains("registered-job/1") && list.contains("registered-job/2"), list);
        assertTrue(list.contains("54.7 (45.7 to 63.4)"), "the last contender is the last version of the report");
        String first = viewer.get("/p/shop/versions/registered-job/1").html();
        assertTrue(first.contains("4f2a814f2a81") && first.contains("12 rows"), first);
        assertTrue(list.contains("not passed") && list.contains(">passed<") && list.contains(">live<"), list);
        assertTrue(viewer.get("/p/shop/versions").html().contains("/p/shop/versions/registered-job/2"));
        Browser.Page page = viewer.get("/p/shop/versions/registered-job/2");
        assertEquals(200, page.status());
        String html = page.html();
        assertTrue(html.contains("role=\"group\" aria-label=\"Lineage of registered-job/2\""), html);
        assertTrue(html.contains("href=\"/p/shop/versions/registered-job/1\""), "what it began with");
        assertTrue(html.contains("href=\"/p/shop/runs/" + two.runId() + "\""), html);
        assertTrue(html.contains("In figures"), "the graph in words");
        assertTrue(html.contains("better &lt;/text&gt;&lt;script&gt;"), html);
        assertTrue(html.contains("reinforced, constrained") && html.contains("not known: no charter says"), html);
        assertTrue(html.contains("Apache-2.0"), "of the base model that is known");
        assertFalse(html.contains("<script>alert") || html.contains(" style=") || html.contains("onclick"), html);
        Browser.Page card = viewer.get("/p/shop/versions/registered-job/2/card");
        assertEquals("text/plain; charset=utf-8", card.header("content-type"));
        assertTrue(card.html().startsWith("# registered-job/2\n"), card.html());
        assertTrue(card.html().contains("- job: not known"), card.html());
        assertTrue(card.html().contains("\\<script\\>alert\\(1\\)"), card.html());
    }

    /** Of the registry: what stands in the row of a version. */
    private static String row(String list, String reference) {
        int at = list.indexOf(">" + reference + "<");
        return list.substring(at, list.indexOf("</tr>", at));
    }

    @Test
    void whatWasForcedOrTakenBackIsNoPlainPassAndWhatWasAnsweredIsCounted() {
        VERSIONS.story("forced-job", "better");
        ModelVersion three = new VersionRows(SITE.database).passed("forced-job", "shop");
        Browser viewer = SITE.as("viewer");
        String before = row(viewer.get("/p/shop/versions/forced-job").html(), "forced-job/3");
        assertTrue(before.contains("badge good\">passed<") && !before.contains("/rollouts/"), before);
        Rollouts rollouts = new Rollouts(SITE.database);
        StoredRollout rollout = rollouts.begin(three.useCaseId(), three.id(), "ann");
        rollouts.record(
                new RolloutDecision(
                        Ids.next(), rollout.id(), Instant.now(), "rolled-back", 0, "roll-back", "h", "worse", "{}"),
                new Rollouts.Place("rolled-back", 0, false, Instant.now(), "[]"));
        new GateVerdicts(SITE.database)
                .add(three, null, true, "{\"forced\": \"to be caught %s\", \"lines\": []}".formatted(HOSTILE), "demo");
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Draft draft = new Draft();
            draft.route = "forced-job";
            draft.variant = "candidate";
            draft.attempts = List.of(new Attempt(1, "candidate", "forced-job/3", "forced-job/3", 200, null, 5, null));
            draft.shadowOf = i == 0 ? Ids.next() : null;
            drafts.add(draft);
        }
        new SiteTraces(SITE.database).add(drafts.toArray(Draft[]::new));
        String list = viewer.get("/p/shop/versions/forced-job").html();
        String row = row(list, "forced-job/3");
        assertTrue(row.contains("badge bad\">forced<") && !row.contains(">passed<"), row);
        assertTrue(row.contains("badge bad\">rolled-back<") && row.contains("/p/shop/rollouts/" + rollout.id()), row);
        assertTrue(!row(list, "forced-job/2").contains("rolled-back"), list);
        String page = viewer.get("/p/shop/versions/forced-job/3").html();
        assertTrue(page.contains("badge bad\">forced<") && page.contains("No gate let it pass."), page);
        assertTrue(page.contains("to be caught &lt;/text&gt;&lt;script&gt;") && !page.contains("<script>alert"), page);
        assertTrue(page.contains("badge bad\">rolled-back<"), page);
        assertTrue(page.contains("It answered 2 calls of users (0 as live, 2 as candidate) and 1 copies"), page);
        int drawn = page.indexOf("aria-label=\"Lineage of forced-job/3\"");
        String graph = page.substring(drawn, page.indexOf("</svg>", drawn));
        assertTrue(graph.contains(">2 calls<") && graph.contains("gates forced"), graph);
        assertTrue(graph.contains("rollout rolled-back") && graph.contains("/p/shop/rollouts/" + rollout.id()), graph);
        String first = viewer.get("/p/shop/versions/forced-job/1").html();
        assertTrue(first.contains("feedback 12, on 12 traces"), first);
        assertTrue(first.contains("It answered no call."), first);
        String card = viewer.get("/p/shop/versions/forced-job/3/card").html();
        assertTrue(card.contains("- **forced**: ") && card.contains("let past by demo"), card);
    }

    /** Nobody waits long for what cannot be counted, and all else is there. */
    @Test
    void aPageIsThereWhoseCallsCannotBeCounted() throws Exception {
        VERSIONS.story("uncounted-job", "better");
        Draft draft = new Draft();
        draft.route = "uncounted-job";
        draft.variant = "live";
        new SiteTraces(SITE.database).add(draft);
        Browser viewer = SITE.as("viewer");
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> holder = threads.submit(() -> StoreFixture.whileLocked(SITE.database, "attempt", held, done));
            held.await();
            Browser.Page page = viewer.get("/p/shop/versions/uncounted-job/2");
            done.countDown();
            holder.get();
            assertEquals(200, page.status(), page.html());
            assertTrue(page.html().contains("It answered no call of the days that were counted."), page.html());
            assertTrue(page.html().contains("no time was left for their calls (at most 1, of"), page.html());
            assertTrue(page.html().contains("traffic not counted"), page.html());
        } finally {
            done.countDown();
        }
    }

    @Test
    void whatThereIsNotIsNotFound() {
        VERSIONS.version(VERSIONS.useCase("hidden-job"), "b1", HOSTILE, null, null);
        Browser viewer = SITE.as("viewer");
        Browser stranger = SITE.as("stranger");
        assertEquals(404, stranger.get("/p/bank/versions/hidden-job").status());
        assertEquals(404, stranger.get("/p/bank/versions/hidden-job/1").status());
        assertEquals(404, stranger.get("/p/bank/versions/hidden-job/1/card").status());
        assertFalse(stranger.get("/p/bank/versions").html().contains("hidden-job"));
        String html = viewer.get("/p/shop/versions/hidden-job/1").html();
        assertTrue(html.contains("&lt;script&gt;") && !html.contains("<script>alert"), html);
        for (String path : List.of(
                "hidden-job/2",
                "hidden-job/0",
                "hidden-job/-1",
                "hidden-job/99999999999999999999",
                "hidden-job/1%20",
                "hidden-job/%00",
                "Hidden-Job/1",
                "%2e%2e/1",
                "nothing",
                "no%20name",
                "' OR 1=1".replace(" ", "%20").replace("'", "%27"))) {
            int status = viewer.get("/p/shop/versions/" + path).status();
            assertTrue(status == 404 || status == 400, path + " " + status);
        }
        assertTrue(viewer.get("/p/shop/versions/hidden-job").html().contains("not asked"));
    }
}
