package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.advise.Advice;
import dev.hone.advise.AdviceReport;
import dev.hone.advise.Input;
import dev.hone.advise.LiveModel;
import dev.hone.advise.PriceReader;
import dev.hone.advise.UseCaseAdvice;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.Feedback;
import dev.hone.record.ModelVersion;
import dev.hone.record.Role;
import dev.hone.record.VersionReference;
import dev.hone.run.Advising;
import dev.hone.store.AdviceList;
import dev.hone.store.Aliases;
import dev.hone.store.AuditLog;
import dev.hone.store.People;
import dev.hone.store.Projects;
import dev.hone.store.Rollouts;
import dev.hone.store.VersionRows;
import dev.hone.web.access.Passwords;
import dev.hone.web.site.SiteTraces.Draft;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        Matcher found = Pattern.compile("it (?:pays for itself after )?<strong>([^<]+)</strong>")
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
        for (String empty : List.of("never to never", "What matters most", ">pays after<")) {
            assertFalse(one.contains(empty), empty);
        }
        String many = owner.get("/p/advised/advise/replies?calls=900000").html();
        assertNotEquals("never", months(many));
        assertTrue(many.contains("What matters most") && many.contains(">pays after<"), many);
        assertTrue(one.contains("not known") && one.contains("1 calls were judged, 20 are needed"), one);
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

    /** A use case whose live version answers two of three calls: its calls are none of the general model's, and the page says that it has one. */
    @Test
    void aModelOfItsOwnIsTold() throws Exception {
        String project = "advised-own";
        Browser owner = owner(project);
        ModelVersion version = new VersionRows(site.database).passed("replies", project);
        new Aliases(site.database)
                .set(new VersionReference.Numbered(project, "replies", version.number()), Rollouts.LIVE, "test");
        Instant from = Instant.now().plusMillis(20);
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            boolean own = i % 3 != 0;
            Draft draft = Draft.at(from.plusMillis(i));
            draft.project = project;
            draft.route = "replies";
            draft.cost = own ? "0" : "0.0021";
            draft.request =
                    "{\"messages\":[{\"role\":\"system\",\"content\":\"Write a friendly reply to the customer of our shop in two sentences.\"},{\"role\":\"user\",\"content\":\"Message %d\"}]}"
                            .formatted(i);
            // Every other of its answers comes from a server of [models], which is called like its model and costs
            // nothing.
            String server = i % 3 == 1 ? version.reference() : "replies-model";
            draft.attempts =
                    own ? List.of(new Attempt(1, "own", server, server, 200, null, 40, BigDecimal.ZERO)) : List.of();
            drafts.add(draft);
        }
        traces.add(drafts.toArray(Draft[]::new));
        for (int i = 0; i < 90; i++) {
            traces.judge(drafts.get(i), Feedback.Kind.BOOLEAN, "rating", i % 3 == 0 ? 0 : 1);
        }
        UseCaseAdvice advice = advise(project).report().useCases().getFirst();
        assertEquals(Advice.Choice.OWN, advice.advice().choice(), advice.toString());
        assertEquals(60, advice.measures().own());
        assertEquals(
                List.of(30L, 0L),
                List.of(advice.measures().judged(), advice.measures().good()));
        assertEquals(0, new BigDecimal("0.0021").compareTo(advice.scenario().get(Input.PRICE)));
        LiveModel live = Objects.requireNonNull(advice.live());
        assertEquals(List.of("replies/1", 90L, 30L), List.of(live.version(), live.calls(), live.answered()));
        String list = owner.get("/p/advised-own/advise").html();
        assertTrue(
                list.contains("its own model") && list.contains("It has a model of its own, replies/1, live since"),
                list);
        String one = owner.get("/p/advised-own/advise/replies").html();
        assertTrue(
                one.contains("it answered 30 of 90 calls that were looked at since then")
                        && one.contains("60 by models of its own"),
                one);
        String few = owner.get("/p/advised-own/advise/replies?calls=1").html();
        String many = owner.get("/p/advised-own/advise/replies?calls=900000").html();
        assertTrue(few.contains("With these figures, a month with it <strong>costs "), few);
        assertTrue(many.contains("With these figures, a month with it <strong>saves "), many);
        assertTrue(many.contains("name=\"calls\" value=\"900000\""), many);
        for (String html : List.of(one, few, many)) {
            assertTrue(html.contains("what was paid once is paid") && html.contains("paid already"), html);
            assertTrue(html.contains("What both ways cost together from now on"), html);
            assertFalse(html.contains("pays for itself") || html.contains("an engineer</th>"), html);
            assertFalse(html.contains("pays after") || html.contains("Months until it pays"), html);
        }
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
