package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CapturedCall.End;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.Role;
import dev.hone.store.People;
import dev.hone.store.Projects;
import dev.hone.web.access.Passwords;
import dev.hone.web.site.SiteTraces.Draft;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What overview and use cases say of calls and feedback. */
@Timeout(60)
final class FiguresTest {
    private final SiteFixture site = SiteFixture.open();
    private final SiteTraces traces = new SiteTraces(site.database);

    @Test
    void theOverviewCountsCallsErrorsSpendAndTime() {
        new Projects(site.database).add("ledger");
        new People(site.database)
                .add("accountant", Passwords.hash(SiteFixture.PASSWORD), "ledger", Role.VIEWER, "test");
        for (int i = 1; i <= 4; i++) {
            Draft draft = new Draft();
            draft.project = "ledger";
            draft.route = "counted";
            draft.millis = 100 * i;
            draft.cost = "0.5";
            draft.end = i == 4 ? End.BROKEN : End.ANSWERED;
            traces.add(draft);
        }
        Draft shadow = new Draft();
        shadow.project = "ledger";
        shadow.route = "counted";
        shadow.shadowOf = Ids.next();
        Draft old = Draft.at(Instant.now().minus(Duration.ofDays(9)));
        old.project = "ledger";
        old.route = "counted";
        old.currency = "EUR";
        traces.add(shadow, old);
        Browser browser = site.as("accountant");
        String week = browser.get("/p/ledger?window=7d").html();
        assertTrue(week.contains("Copies for shadows cost 0.0021 USD beside."), week);
        assertFalse(week.contains("cost is not known"), week);
        assertTrue(week.contains("<dt>Calls</dt><dd>4</dd>"), week);
        assertTrue(week.contains("<dt>Errors</dt><dd>1 <small>25.0 %</small></dd>"), week);
        assertTrue(week.contains(">2.00 USD</dd>"), week);
        // Of 200 ms and 400 ms: the geometric middles of their buckets.
        assertTrue(week.contains("<dt>Median time</dt><dd>206 ms</dd>"), week);
        assertTrue(week.contains("<dt>95th percentile</dt><dd>412 ms</dd>"), week);
        String month = browser.get("/p/ledger?window=30d").html();
        assertTrue(month.contains("<dt>Calls</dt><dd>5</dd>"));
        assertTrue(month.contains(">0.0021 EUR + 2.00 USD</dd>"), "currencies are not summed: " + month);
        String useCases = browser.get("/p/ledger/use-cases").html();
        assertTrue(
                useCases.contains("Spend in EUR of 30 days") && useCases.contains("Spend in USD of 30 days"), useCases);
        assertTrue(useCases.contains("<td class=\"money\">0.0021 EUR + 2.00 USD</td>"), useCases);
        Draft free = new Draft();
        free.project = "ledger";
        free.route = "counted";
        free.cost = null;
        traces.add(free);
        assertTrue(browser.get("/p/ledger?window=7d").html().contains("Spend is without 1 call of"));
        assertTrue(browser.get("/p/ledger/use-cases").html().contains("Spend is without 1 call of"));
    }

    /** What is good is what the use case declares to be. */
    @Test
    void goodFollowsWhatIsDeclared() {
        for (int i = 0; i < 4; i++) {
            Draft draft = new Draft();
            draft.route = "judged";
            traces.add(draft);
            traces.judge(draft, Feedback.Kind.BOOLEAN, "escalated", i == 0 ? 1 : 0);
        }
        Draft draft = new Draft();
        draft.route = "judged";
        traces.add(draft);
        traces.judge(draft, Feedback.Kind.BOOLEAN, "unknown", 1);
        traces.judge(draft, Feedback.Kind.FLOAT, "stars", 1);
        String html = site.as("viewer").get("/p/shop/use-cases").html();
        String row = html.substring(html.indexOf("use-case=judged"));
        assertTrue(row.substring(0, row.indexOf("</tr>")).contains("<td>6</td><td>75.0 %</td>"), row);
    }
}
