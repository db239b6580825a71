package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.promote.AnsweringGateway;
import dev.hone.promote.RolloutControl;
import dev.hone.record.AuditEntry;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.store.AuditLog;
import dev.hone.store.Rollouts;
import dev.hone.store.VersionRows;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
final class RolloutsPageTest {
    private final SiteFixture site = SiteFixture.open();
    private final Rollouts rollouts = new Rollouts(site.database);

    private RolloutControl control(String useCase) {
        return AnsweringGateway.control(
                SiteFixture.HOME,
                site.database,
                InstantSource.system(),
                "shop",
                AnsweringGateway.promotion(0.1, 0.5),
                useCase);
    }

    private StoredRollout begin(String useCase) {
        ModelVersion version = new VersionRows(site.database).passed(useCase, "shop");
        return rollouts.begin(version.useCaseId(), version.id(), "ann");
    }

    @Test
    void whatIsKnownIsShownAndAPersonDecides() throws Exception {
        StoredRollout begun = begin("rolled");
        String path = "/p/shop/rollouts/" + begun.id();
        try (RolloutControl control = control("rolled")) {
            control.start(Duration.ofMillis(200));
            Browser operator = site.as("operator");
            for (int i = 0; i < 2_400 && rollouts.looks(begun.id()).isEmpty(); i++) {
                Thread.sleep(50);
            }
            String list = operator.get("/p/shop/rollouts").html();
            assertTrue(list.contains("rolled/1") && list.contains("canary, step 1") && list.contains(path), list);
            String page = operator.get(path).html();
            assertTrue(page.contains("answered") && page.contains("<svg") && page.contains("step 1: 10.0 %"), page);
            assertTrue(page.contains(path + "/promote") && page.contains(path + "/stop"), page);
            Browser.Page held = operator.post(path + "/hold");
            assertEquals(303, held.status(), held.html());
            assertTrue(rollouts.find(begun.id()).orElseThrow().held(), "the page that comes next shows it");
            Browser.Page again = operator.post(path + "/hold");
            assertEquals(422, again.status());
            assertTrue(again.html().contains("is held already"), again.html());
            assertTrue(operator.get(path).html().contains(path + "/resume"));
            assertEquals(303, operator.post(path + "/stop").status());
            String over = operator.get(path).html();
            assertTrue(over.contains("stopped") && !over.contains(path + "/stop"), over);
            assertEquals(422, operator.post(path + "/resume").status());
        }
        List<String> audit = new AuditLog(site.database)
                .page(site.shop, null, 50).stream()
                        .filter(entry -> entry.subject().equals("rolled/1"))
                        .map(AuditEntry::action)
                        .toList();
        assertEquals(List.of("rollout.stop", "rollout.hold", "rollout.begin"), audit);
        assertEquals("operator", rollouts.decisions(begun.id()).getLast().who());
    }

    @Test
    void whoMayNotDecideDoesNot() {
        StoredRollout begun = begin("rolled-roles");
        String path = "/p/shop/rollouts/" + begun.id();
        Browser viewer = site.as("viewer");
        String page = viewer.get(path).html();
        assertTrue(page.contains("Nothing is known yet") && !page.contains(path + "/stop"), page);
        assertEquals(403, viewer.post(path + "/stop").status());
        assertEquals(404, site.as("stranger").get(path).status());
        Browser other = site.as("stranger");
        assertEquals(404, other.get("/p/bank/rollouts/" + begun.id()).status());
        assertEquals(404, other.post("/p/bank/rollouts/" + begun.id() + "/stop").status());
        assertFalse(other.get("/p/bank/rollouts").html().contains("rolled-roles"));
        Browser operator = site.as("operator");
        assertEquals(404, operator.post(path + "/stop-all").status());
        assertEquals(404, operator.post(path + "/nonsense").status());
        assertEquals(403, operator.post(path + "/stop", "token", "0".repeat(64)).status(), "a form of another session");
        assertEquals("waiting", rollouts.find(begun.id()).orElseThrow().phase());
        Browser.Page nobody = operator.post(path + "/resume");
        assertEquals(422, nobody.status());
        assertTrue(nobody.html().contains("nothing is asked any more"), nobody.html());
        rollouts.record(
                new RolloutDecision(Ids.next(), begun.id(), Instant.now(), "stopped", 0, "stop", "t", "end", "{}"),
                new Rollouts.Place("stopped", 0, false, Instant.now(), "[]"));
    }
}
