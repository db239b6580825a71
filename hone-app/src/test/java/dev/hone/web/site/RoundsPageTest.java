package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.loop.NotBegun;
import dev.hone.record.ModelVersion;
import dev.hone.store.Evaluations;
import dev.hone.store.Loops;
import dev.hone.store.VersionRows;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What rounds of the loop did, for whoever may see figures. */
@Timeout(60)
final class RoundsPageTest {
    private static final SiteFixture SITE = SiteFixture.open();
    private static final SiteVersions VERSIONS = new SiteVersions(SITE.database, SITE.shop);
    private static final SiteRounds ROUNDS = new SiteRounds(SITE.database);
    private static final String HOSTILE = "production has drifted: [<script>alert(1)</script>] has 40 %";

    @Test
    void aRoundTellsWhyItBeganWhatItDidAndWhatCameOfIt() {
        ModelVersion version = new VersionRows(SITE.database).passed("round-done", "shop");
        new Evaluations(SITE.database)
                .add(
                        version.useCaseId(),
                        SiteRuns.resource("report.json"),
                        "0".repeat(64),
                        1,
                        null,
                        List.of(version.id()));
        UUID evaluation =
                new Evaluations(SITE.database).of(version.id()).getFirst().id();
        UUID id = ROUNDS.done(version, HOSTILE, true);
        Browser viewer = SITE.as("viewer");
        String list = viewer.get("/p/shop/rounds").html();
        assertTrue(list.contains("/p/shop/rounds/" + id) && list.contains("passed, rollout asked for"), list);
        assertTrue(list.contains("href=\"/p/shop/rounds\"") && list.contains("data-key=\"n\""), "in the navigation");
        assertTrue(list.contains("&lt;script&gt;") && !list.contains("<script>alert"), list);
        Browser.Page page = viewer.get("/p/shop/rounds/" + id);
        assertEquals(200, page.status());
        String html = page.html();
        assertTrue(html.contains("&lt;script&gt;") && !html.contains("<script>alert"), html);
        for (String said : List.of(
                "hone serve",
                "1,412 tasks to learn from, of which 301 are new; 96 to choose by; 171 to judge by, of which 107",
                "from live: 602 tasks, 87.5 % right",
                "what was trained from live goes on",
                "round-done/1: 85.4 % right (79.3 to 89.9) of 171",
                "quality met: +15.2 points",
                "19.4 min",
                "href=\"/p/shop/versions/round-done/1\"",
                "href=\"/p/shop/runs/" + version.runId() + "\"",
                "href=\"/p/shop/evals/" + evaluation + "\"",
                "href=\"/p/shop/rollouts/")) {
            assertTrue(html.contains(said), said + " is missing of " + html);
        }
        for (String link : html.split("href=\"")) {
            String path = link.substring(0, link.indexOf('"') < 0 ? 0 : link.indexOf('"'));
            if (path.matches("/p/shop/(versions|runs|evals|rollouts|rounds)/.+")) {
                assertEquals(200, viewer.get(path).status(), path);
            }
        }
    }

    @Test
    void whatEndedBadlyOrGoesOnSaysSo() {
        UUID useCase = VERSIONS.useCase("round-bad");
        UUID gone = ROUNDS.abandoned(useCase, "Rows of the dataset [77] were forgotten meanwhile");
        UUID going = ROUNDS.going(useCase);
        Browser viewer = SITE.as("viewer");
        String list = viewer.get("/p/shop/rounds/of/round-bad").html();
        assertTrue(list.indexOf(going.toString()) < list.indexOf(gone.toString()), "the newest first");
        assertTrue(list.contains("goes on") && list.contains("given up"), list);
        assertFalse(list.contains("round-done"), "of one use case alone");
        String html = viewer.get("/p/shop/rounds/" + gone).html();
        assertTrue(html.contains("Rows of the dataset [77] were forgotten meanwhile"), html);
        assertTrue(html.contains("44 tasks to learn from") && html.contains("not done"), html);
        assertFalse(html.contains("What came of it"), html);
        String on = viewer.get("/p/shop/rounds/" + going).html();
        assertTrue(on.contains("it goes on") && on.contains("200 new labels"), on);
        new Loops(SITE.database).end(going, Loops.Outcome.ABANDONED, "enough", null);
    }

    /** Why a gateway begins none is seen where rounds are, as long as the charter lets it begin some. */
    @Test
    void whyNoneBeginsIsSaid() throws IOException {
        String head =
                "name: %s\nowner: Ada\njob: Answers.\ngood: {kind: string_check, operation: eq}\nviewers: [everyone]\nproject: shop\nvariants: {incumbent: {upstream: general, model: general}}\n";
        Charter waiting =
                CharterReader.read("round-waits.yaml", head.formatted("round-waits") + "loop: {unattended: true}\n");
        Charter byHand = CharterReader.read("round-by-hand.yaml", head.formatted("round-by-hand"));
        VERSIONS.useCase("round-waits");
        VERSIONS.useCase("round-by-hand");
        SITE.charters.addAll(List.of(waiting, byHand));
        try {
            for (Charter charter : List.of(waiting, byHand)) {
                new NotBegun(Instant.parse("2026-11-27T09:00:00Z"), "<b>too few</b> labels of " + charter.name())
                        .write(SiteFixture.HOME, "shop", charter.name());
            }
            Browser viewer = SITE.as("viewer");
            for (String path : List.of("/p/shop/rounds", "/p/shop/rounds/of/round-waits")) {
                String html = viewer.get(path).html();
                assertTrue(html.contains("&lt;b&gt;too few&lt;/b&gt; labels of round-waits"), html);
                assertTrue(html.contains("2026-11-27 09:00"), html);
                assertFalse(html.contains("labels of round-by-hand"), "nobody but a person begins these");
            }
            assertFalse(viewer.get("/p/shop/rounds/of/round-by-hand").html().contains("too few"));
            assertFalse(SITE.as("stranger").get("/p/bank/rounds").html().contains("too few"));
            NotBegun.clear(SiteFixture.HOME, "shop", "round-waits");
            assertFalse(viewer.get("/p/shop/rounds").html().contains("too few"));
        } finally {
            SITE.charters.removeAll(List.of(waiting, byHand));
        }
    }

    @Test
    void whoeverIsNotOfTheProjectSeesNothing() {
        UUID id = ROUNDS.abandoned(VERSIONS.useCase("round-hidden"), "hidden reason");
        Browser stranger = SITE.as("stranger");
        assertEquals(404, stranger.get("/p/shop/rounds/" + id).status());
        assertEquals(404, stranger.get("/p/bank/rounds/" + id).status());
        assertEquals(404, stranger.get("/p/bank/rounds/of/round-hidden").status());
        assertFalse(stranger.get("/p/bank/rounds").html().contains("round-hidden"));
        Browser viewer = SITE.as("viewer");
        for (String path : List.of("nothing", UUID.randomUUID().toString(), "of/nothing", "of/no%20name")) {
            assertEquals(404, viewer.get("/p/shop/rounds/" + path).status(), path);
        }
    }
}
