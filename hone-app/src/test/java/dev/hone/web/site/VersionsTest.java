package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.ModelVersion;
import java.util.List;
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
