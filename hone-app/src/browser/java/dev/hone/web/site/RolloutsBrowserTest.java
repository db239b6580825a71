package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.hone.promote.AnsweringGateway;
import dev.hone.promote.Measure;
import dev.hone.promote.RolloutControl;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.CapturedCall.End;
import dev.hone.record.ModelVersion;
import dev.hone.record.RolloutDecision;
import dev.hone.record.StoredRollout;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Rollouts;
import dev.hone.store.VersionRows;
import dev.hone.web.site.SiteTraces.Draft;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An operator looks at versions on their way to users, and takes one back, with Chromium: {@code mvn -Pbrowser}. */
final class RolloutsBrowserTest {
    private static final SiteFixture SITE = SiteFixture.open();
    private static final Rollouts ROLLOUTS = new Rollouts(SITE.database);
    private static final Duration BETWEEN = Duration.ofSeconds(90);
    private static final int LONGEST = 30;

    private static final List<String> GOOD = List.of("order-lines", "address-lines");
    private static final String BAD = "reply-drafts";

    private static volatile Instant now = Instant.now();
    private static Chromium chromium;
    private static RolloutControl control;

    /** Three quarters of an hour: two canaries at their second step, and one that went back by what its calls showed. */
    @BeforeAll
    static void start() {
        SiteVersions versions = new SiteVersions(SITE.database, SITE.shop);
        VersionRows rows = new VersionRows(SITE.database);
        for (String useCase : GOOD) {
            versions.story(
                    useCase,
                    "[%s/2] less [%s/1]: +3.1 points (+0.4 to +5.9) on 117 tasks; it may be worse by 2.0 points"
                            .formatted(useCase, useCase));
            begin(rows.passed(useCase, "shop"));
        }
        ModelVersion live = rows.passed(BAD, "shop");
        new Aliases(SITE.database).set(VersionReference.of(live.reference()), Rollouts.LIVE, "test");
        begin(rows.passed(BAD, "shop"));
        control = AnsweringGateway.control(
                SiteFixture.HOME,
                SITE.database,
                () -> now,
                "shop",
                AnsweringGateway.promotion(List.of(Measure.ANSWERED, Measure.IN_TIME), 0.02, 0.1, 0.5),
                GOOD.getFirst(),
                GOOD.getLast(),
                BAD);
        now = Instant.now().plusSeconds(5);
        for (int i = 0; i < 4; i++) {
            turn(Duration.ofSeconds(2));
        }
        for (int i = 0; i < LONGEST; i++) {
            List<Draft> drafts = new ArrayList<>();
            for (String useCase : GOOD) {
                int share = control.share(useCase) < 0.5 ? 3 : 6;
                calls(drafts, useCase + "/3", share, i % 8 == 7 ? share - 1 : share);
                calls(drafts, useCase + "/2", 12 - share, i % 8 == 3 ? 11 - share : 12 - share);
            }
            if (control.share(BAD) > 0) {
                calls(drafts, BAD + "/2", 3, 1);
                calls(drafts, BAD + "/1", 9, i % 8 == 3 ? 8 : 9);
            }
            new SiteTraces(SITE.database).add(drafts.toArray(Draft[]::new));
            turn(BETWEEN);
        }
        control.start(RolloutControl.TICK);
        chromium = Chromium.start();
    }

    @AfterAll
    static void end() {
        if (chromium != null) {
            chromium.close();
        }
        if (control != null) {
            control.close();
        }
    }

    /** One for each who takes it back. */
    private static String good(ColorScheme scheme) {
        return scheme == ColorScheme.LIGHT ? GOOD.getFirst() : GOOD.getLast();
    }

    private static void begin(ModelVersion version) {
        ROLLOUTS.begin(version.useCaseId(), version.id(), "ada");
    }

    private static void turn(Duration later) {
        now = now.plus(later);
        control.look();
        control.tick();
        control.look();
    }

    /** Calls of a version, of which so many are answered. */
    private static void calls(List<Draft> drafts, String reference, int count, int answered) {
        boolean candidate = !reference.startsWith(BAD) ? reference.endsWith("/3") : reference.endsWith("/2");
        for (int i = 0; i < count; i++) {
            Draft draft = Draft.at(now.plusSeconds(20 + i));
            draft.route = reference.substring(0, reference.indexOf('/'));
            draft.model = "use-case/" + draft.route;
            draft.variant = candidate ? "candidate" : "live";
            draft.millis = 400 + 30 * i;
            draft.status = i < answered ? 200 : 503;
            draft.end = i < answered ? End.ANSWERED : End.REFUSED;
            draft.attempts = List.of(new Attempt(
                    1,
                    draft.variant,
                    reference,
                    reference,
                    draft.status,
                    i < answered ? null : "busy",
                    draft.millis,
                    null));
            drafts.add(draft);
        }
    }

    private static StoredRollout rollout(String useCase) {
        return ROLLOUTS.ofProject(SITE.shop, 100).stream()
                .filter(one -> one.useCase().equals(useCase))
                .findFirst()
                .orElseThrow();
    }

    private static void openByKeyboard(Visit visit, String reference) {
        visit.go("c", "Rollouts");
        visit.page.locator("tr:has-text('" + reference + "') a.open").focus();
        visit.keys("Enter");
        visit.page.waitForSelector("h1:text-is('" + reference + "')");
    }

    private static String badge(Page page) {
        return page.locator(".bar .badge").first().textContent();
    }

    /** What stands in the first row of a table. */
    private static String row(Page page, String table) {
        return page.locator("[aria-label='" + table + "'] tbody tr").first().textContent();
    }

    /** Presses a button by the keyboard, and waits for the page that answers. */
    private static void press(Visit visit, String button) {
        visit.page.locator("button:text-is('" + button + "')").focus();
        visit.page.waitForResponse(
                response -> response.request().method().equals("GET") && response.status() == 200,
                () -> visit.keys("Enter"));
        visit.page.waitForLoadState();
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void aCanaryIsWatchedAndTakenBackByAButton(ColorScheme scheme) {
        String useCase = good(scheme);
        assertEquals(0.5, control.share(useCase));
        try (Visit visit = chromium.visit(SITE.url, scheme).signIn("operator")) {
            Page page = visit.page;
            visit.go("c", "Rollouts");
            visit.beAccessible("rollouts");
            visit.shoot("rollouts");
            openByKeyboard(visit, useCase + "/3");
            assertEquals("canary, step 2", badge(page));
            assertTrue(page.locator(".bar").textContent().contains("compared with " + useCase + "/2"));
            Locator plots = page.locator("figure svg[role=img]");
            assertEquals(2, plots.count(), "one for each measure");
            for (String line : List.of("path.s3[stroke=none]", "path.curve")) {
                Locator drawn = plots.first().locator(line);
                assertEquals(2, drawn.count(), "each share by itself");
                String all =
                        drawn.first().getAttribute("d") + " " + drawn.last().getAttribute("d");
                assertTrue(all.split("L").length > 20, "at all times of the canary: " + all);
            }
            assertEquals(1, plots.first().locator("text:text-is('step 2')").count(), "where it moved on");
            Locator known = page.locator("[aria-label='What is known'] tbody tr");
            assertEquals(6, known.count(), "of each measure all steps, and each by itself");
            assertTrue(known.first().textContent().startsWith("answered"));
            List<String> ofEach = known.locator("td:nth-child(2)").allTextContents();
            assertTrue(ofEach.get(0).contains("step 1") && ofEach.get(1).contains("step 2"), ofEach.toString());
            assertEquals("all steps, each apart", ofEach.get(2));
            Locator steps = page.locator("[aria-label='Steps'] tbody tr");
            assertEquals(2, steps.count());
            assertTrue(steps.first().textContent().contains("step 1: 10.0 %"));
            assertTrue(steps.last().textContent().contains("step 2: 50.0 %")
                    && steps.last().textContent().contains("goes on"));
            visit.beAccessible("canary");
            visit.shootWhole("canary");

            press(visit, "Go back");
            assertEquals(0, control.share(useCase), "calls have followed before the page says so");
            assertEquals("rolled-back", badge(page));
            assertEquals(0, page.locator("[aria-label='What to do']").count(), "nothing is left to be decided");
            String decision = row(page, "Decisions");
            assertTrue(
                    decision.contains("back")
                            && decision.contains("operator")
                            && decision.contains("a person decided so"),
                    decision);
            assertTrue(
                    !steps.last().textContent().contains("goes on"),
                    steps.last().textContent());
            assertTrue(plots.first().textContent().contains("back"));
            visit.beAccessible("taken back");
            visit.shootWhole("canary-taken-back");
            visit.go("c", "Rollouts");
            assertEquals(
                    "rolled-back",
                    page.locator("tr:has-text('" + useCase + "/3') .badge.bad").textContent());
        }
        assertEquals("rolled-back", rollout(useCase).phase());
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void whatWentBackByItselfShowsWhy(ColorScheme scheme) {
        try (Visit visit = chromium.visit(SITE.url, scheme).signIn("operator")) {
            Page page = visit.page;
            openByKeyboard(visit, BAD + "/2");
            assertEquals("rolled-back", badge(page));
            assertEquals(0, page.locator("[aria-label='What to do']").count());
            String decision = row(page, "Decisions");
            assertTrue(
                    decision.contains("roll-back")
                            && decision.contains(RolloutDecision.NOBODY)
                            && decision.contains("by answered it is worse: -0."),
                    decision);
            Locator evidence =
                    page.locator("[aria-label='Decisions'] tbody tr").first().locator("details");
            evidence.locator("summary").focus();
            visit.keys("Enter");
            Locator first = evidence.locator("p").first();
            assertTrue(first.isVisible());
            assertTrue(
                    first.textContent()
                            .matches(
                                    "answered: 0\\.3\\d\\d of [\\d,]+ against (0\\.9\\d\\d|1\\.000) of .*difference -.*"),
                    first.textContent());
            visit.beAccessible("rolled back");
            visit.shootWhole("rolled-back");
        }
        assertEquals("rolled-back", rollout(BAD).phase());
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void whereAVersionComesFromIsDrawn(ColorScheme scheme) {
        String useCase = good(scheme);
        try (Visit visit = chromium.visit(SITE.url, scheme).signIn("viewer")) {
            Page page = visit.page;
            visit.go("v", "Versions");
            visit.beAccessible("versions");
            page.locator("tr:has-text('" + useCase + "/2') a.open").first().focus();
            visit.keys("Enter");
            page.waitForSelector("h1:text-is('" + useCase + "/2')");
            String graph = page.locator("svg[role=group]").textContent();
            for (String box : List.of(
                    "began with", useCase + "/1", "run", "version", "evaluation", "gates", "@live", "traffic")) {
                assertTrue(graph.contains(box), box + " is missing of " + graph);
            }
            visit.beAccessible("version");
            visit.shoot("version-live");
            page.locator("svg a:has-text('" + useCase + "/1')").focus();
            visit.keys("Enter");
            page.waitForSelector("h1:text-is('" + useCase + "/1')");
            String before = page.locator("svg[role=group]").textContent();
            for (String box : List.of("traces", "feedback", "dataset", "went on as", "@previous")) {
                assertTrue(before.contains(box), box + " is missing of " + before);
            }
            visit.beAccessible("version before");
            visit.shoot("version-previous");
        }
    }
}
