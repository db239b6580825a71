package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.advise.AdviceReport;
import dev.hone.advise.PriceReader;
import dev.hone.advise.UseCaseAdvice;
import dev.hone.record.Feedback;
import dev.hone.record.Role;
import dev.hone.run.Advising;
import dev.hone.store.AdviceList;
import dev.hone.store.AuditLog;
import dev.hone.store.People;
import dev.hone.store.Projects;
import dev.hone.web.access.Passwords;
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

@Timeout(120)
final class AdvisePageTest {
    private static final String PROJECT = "advised";

    private final SiteFixture site = SiteFixture.open();
    private final SiteTraces traces = new SiteTraces(site.database);

    /** A project of its own, whose owner is signed in. */
    private Browser owner(String project) {
        new Projects(site.database).add(project);
        new People(site.database)
                .add(project + "-owner", Passwords.hash(SiteFixture.PASSWORD), project, Role.OWNER, "test");
        return site.as(project + "-owner");
    }

    private void calls(String project, int count) {
        calls(project, count, 2);
    }

    /** @param jobs one, or two of which the second is twice as frequent */
    private void calls(String project, int count, int jobs) {
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean reply = jobs == 1 || i % 3 == 0;
            Draft draft = new Draft();
            draft.project = project;
            draft.route = reply ? "replies" : "sorting";
            draft.cost = "0.0021";
            draft.request =
                    "{\"messages\":[{\"role\":\"system\",\"content\":\"%s\"},{\"role\":\"user\",\"content\":\"secret-text %d <script>alert(1)</script> of a customer\"}]}"
                            .formatted(
                                    reply
                                            ? "Write a friendly reply to the customer of our shop in two sentences."
                                            : "Which of our four queues does the message of the customer belong to?",
                                    i);
            draft.response = "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"%s\"}}]}"
                    .formatted(reply ? "Dear customer, thank you for number %d.".formatted(i) : "queue-" + i % 4);
            drafts.add(draft);
        }
        traces.add(drafts.toArray(Draft[]::new));
        traces.judge(drafts.getFirst(), Feedback.Kind.BOOLEAN, "rating", 1);
    }

    private Advising.Result advise(String project) throws Exception {
        return new Advising(site.database)
                .run(
                        new Advising.Options(
                                project,
                                30,
                                20,
                                1_000,
                                PriceReader.committed(),
                                null,
                                Advising.Embedding.WORDS,
                                Map.of()),
                        "root (command line)",
                        Instant.now(),
                        new Advising.Listener() {
                            @Override
                            public void read(long done, long total) {}

                            @Override
                            public void embedded(long done, long total) {}
                        });
    }

    private static String months(String html) {
        Matcher found = Pattern.compile("pays for itself after <strong>([^<]+)</strong>")
                .matcher(html);
        assertTrue(found.find(), html);
        return found.group(1);
    }

    @Test
    void whatWasSaidIsSeenAndWorkedOutAnew() throws Exception {
        Browser owner = owner(PROJECT);
        assertTrue(owner.get("/p/advised/advise").html().contains("Nothing said yet"));
        calls(PROJECT, 240);
        Advising.Result result = advise(PROJECT);
        AdviceReport report = result.report();
        assertEquals(2, report.useCases().size());
        assertEquals(
                List.of("sorting", "replies"),
                report.useCases().stream().map(one -> one.name()).toList());
        assertEquals(1, report.useCases().get(1).measures().good());
        assertTrue(
                result.shown().getFirst().examples().getFirst().contains("secret-text"), "the command shows examples");
        String list = owner.get("/p/advised/advise").html();
        assertTrue(list.contains("Spend of a month") && list.contains("sorting") && list.contains("replies"), list);
        assertFalse(list.contains("secret-text"), "the page has no texts of calls");
        String one = owner.get("/p/advised/advise/replies").html();
        assertTrue(one.contains("name=\"calls\"") && one.contains("data-scale=\"log\""), one);
        assertTrue(one.contains("assumed") && one.contains("docs/results/engine.md"), "where figures are from");
        assertTrue(one.contains("/traces/" + report.useCases().get(1).examples().getFirst()), "experts find examples");
        assertEquals("never", months(one));
        String many = owner.get("/p/advised/advise/replies?calls=900000").html();
        assertNotEquals("never", months(many));
        double cheap = Double.parseDouble(months(many));
        double dear = Double.parseDouble(months(owner.get("/p/advised/advise/replies?calls=900000&expert-hour=400")
                .html()));
        assertTrue(dear > cheap, dear + " with dearer labelling, " + cheap);
        double better =
                Double.parseDouble(months(owner.get("/p/advised/advise/replies?calls=900000&gain=5&wrong-answer=0.10")
                        .html()));
        assertTrue(better <= cheap, better + " with better answers, " + cheap);
        assertEquals(
                "never",
                months(owner.get("/p/advised/advise/replies?calls=900000&price=0")
                        .html()));
        assertTrue(new AuditLog(site.database)
                .page(new Projects(site.database).find(PROJECT).orElseThrow(), null, 100).stream()
                        .anyMatch(entry -> entry.action().equals("advice.make")));
    }

    @Test
    void valuesThatAreNoneAreNamed() throws Exception {
        Browser owner = owner("advised-badly");
        calls("advised-badly", 90);
        advise("advised-badly");
        String page = "/p/advised-badly/advise/replies";
        for (String bad : List.of("calls=-3", "calls=many", "price=1e9", "gain=200", "calls=NaN", "expert-hour=%27")) {
            Browser.Page answer = owner.get(page + "?" + bad);
            assertEquals(400, answer.status(), bad);
            assertTrue(answer.html().contains("[" + bad.substring(0, bad.indexOf('=')) + "]"), answer.html());
        }
        assertEquals(200, owner.get(page + "?unknown=1&calls=").status());
        assertEquals(404, owner.get("/p/advised-badly/advise/nothing").status());
    }

    @Test
    void whatAnotherHoneKeptIsSaidToBeSo() {
        Browser owner = owner("advised-before");
        UUID project = new Projects(site.database).find("advised-before").orElseThrow();
        new AdviceList(site.database).add(project, "{\"schemaVersion\": 99, \"useCases\": []}");
        assertTrue(owner.get("/p/advised-before/advise").html().contains("Made by another Hone"));
        assertEquals(404, owner.get("/p/advised-before/advise/replies").status());
    }

    @Test
    void oneUseCaseIsSaidAndHasItsPage() throws Exception {
        Browser owner = owner("advised-one");
        calls("advised-one", 60, 1);
        AdviceReport report = advise("advised-one").report();
        assertEquals(1, report.useCases().size());
        String said = "There is one use case: nothing to compare it with, and no power law";
        assertTrue(report.notes().contains(said), report.notes().toString());
        String list = owner.get("/p/advised-one/advise").html();
        assertTrue(list.contains(said) && list.contains("replies"), list);
        assertEquals("never", months(owner.get("/p/advised-one/advise/replies").html()));
    }

    /** Calls of a clock that is far ahead or behind are none of the month that is looked at, and change no figure of it. */
    @Test
    void callsOfSkewedClocksChangeNoFigure() throws Exception {
        owner("advised-skewed");
        calls("advised-skewed", 60, 1);
        AdviceReport before = advise("advised-skewed").report();
        for (Duration off : List.of(Duration.ofDays(40), Duration.ofDays(-400))) {
            Draft draft = Draft.at(Instant.now().plus(off));
            draft.project = "advised-skewed";
            draft.route = "replies";
            draft.cost = "1000";
            traces.add(draft);
        }
        AdviceReport after = advise("advised-skewed").report();
        assertEquals(
                before.useCases().getFirst().measures(),
                after.useCases().getFirst().measures());
        assertEquals(before.calls(), after.calls());
    }

    /** Of calls whose outcomes never come nobody knows whether they were good, and that is said. */
    @Test
    void outcomesThatNeverComeAreUnknown() throws Exception {
        owner("advised-unjudged");
        calls("advised-unjudged", 60, 1);
        UseCaseAdvice advice = advise("advised-unjudged").report().useCases().getFirst();
        assertEquals(0, advice.measures().outcomes());
        assertTrue(
                advice.advice()
                        .unknown()
                        .toString()
                        .contains("how good answers are now: 1 calls were judged, 20 are needed"),
                advice.advice().toString());
    }

    @Test
    void noTracesAreSaid() throws Exception {
        Browser owner = owner("advised-empty");
        AdviceReport report = advise("advised-empty").report();
        assertTrue(
                report.notes().getFirst().startsWith("There are no traces"),
                report.notes().toString());
        String html = owner.get("/p/advised-empty/advise").html();
        assertTrue(html.contains("There are no traces of the last 30 days") && html.contains("No use cases"), html);
    }
}
