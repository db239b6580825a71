package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.record.Ids;
import dev.hone.store.StoreFixture;
import dev.hone.store.UseCases;
import dev.hone.watch.Eyes;
import dev.hone.watch.Subject;
import dev.hone.watch.Watch;
import dev.hone.web.site.SiteTraces.Draft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** An expert labels twenty calls with Chromium without touching a mouse, and looks at what production has become: {@code mvn -Pbrowser}. */
final class LabelBrowserTest {
    private static final String USE_CASE = "queue-of-mail";
    private static final List<String> CLASSES =
            List.of("refund", "shipping", "account", "invoice", "damage", "praise", "spam", "legal", "press", "other");
    private static final List<String> QUESTIONS = List.of(
            "I want my money back for order %d, it never came",
            "Where is parcel %d? The courier said Tuesday",
            "The password of account %d is not taken any more",
            "Please send the invoice of order %d once more, with our VAT number",
            "The lamp of order %d arrived in pieces");

    private static Chromium chromium;

    @TempDir
    static Path folder;

    private final SiteFixture site = SiteFixture.open();

    @BeforeAll
    static void start() throws IOException {
        chromium = Chromium.start();
        make();
    }

    @AfterAll
    static void end() {
        if (chromium != null) {
            chromium.close();
        }
    }

    /** Four hundred usual calls that were watched, and then some of a kind that there was not. */
    private static void make() throws IOException {
        SiteFixture site = SiteFixture.open();
        SiteTraces traces = new SiteTraces(site.database);
        Path file = Files.writeString(folder.resolve(USE_CASE + CharterReader.END), """
                name: queue-of-mail
                owner: Ada
                job: Says what a message is about.
                good: {kind: label, classes: [refund, shipping, account, invoice, damage, praise, spam, legal, press, other]}
                viewers: [all]
                project: shop
                improve: {sample: 1, calls-a-day: 10000, second-labels: 0}
                loop: {judge: 0}
                """);
        Charter charter = CharterReader.read(file);
        site.charters.add(charter);
        Subject subject = new Subject(new UseCases(site.database).obtain(USE_CASE, "shop"), charter);
        Watch watch = new Watch(site.database, Eyes.ofWords(), Duration.ZERO, () -> false);
        Random random = new Random(1);
        List<Draft> usual = new ArrayList<>();
        for (int i = 0; i < 420; i++) {
            int kind = random.nextInt(QUESTIONS.size());
            usual.add(draft(
                    QUESTIONS.get(kind).formatted(random.nextInt(90)),
                    random.nextInt(12) == 0 ? "maybe" : CLASSES.get(kind)));
        }
        traces.add(usual.toArray(Draft[]::new));
        watch.carryOut(subject, Instant.now());
        StoreFixture.pass(site.database, subject.useCase(), Duration.ofDays(8));
        watch.carryOut(subject, Instant.now());
        List<Draft> moved = new ArrayList<>();
        for (int i = 0; i < 160; i++) {
            moved.add(
                    random.nextInt(3) > 0
                            ? draft(
                                    "Our lawyers ask for all data that you keep of client " + random.nextInt(90),
                                    "legal")
                            : draft(QUESTIONS.get(random.nextInt(5)).formatted(random.nextInt(90)), "refund"));
        }
        Draft rtl = draft(
                "\u05D0\u05D9\u05E4\u05D4 \u05D4\u05D7\u05D1\u05D9\u05DC\u05D4 <b>\u05E9\u05DC\u05D9</b>?", "shipping");
        moved.add(rtl);
        traces.add(moved.toArray(Draft[]::new));
        Draft copy = draft("", "account");
        copy.shadowOf = rtl.id;
        copy.variant = "candidate";
        traces.add(copy);
        watch.carryOut(subject, Instant.now());
    }

    private static Draft draft(String question, String answer) {
        Draft draft = new Draft(Ids.next());
        draft.route = USE_CASE;
        draft.model = "use-case/" + USE_CASE;
        draft.request = JsonMapper.shared()
                .writeValueAsString(Map.of("messages", List.of(Map.of("role", "user", "content", question))));
        draft.response = JsonMapper.shared()
                .writeValueAsString(
                        Map.of("choices", List.of(Map.of("message", Map.of("role", "assistant", "content", answer)))));
        return draft;
    }

    private Visit visit(ColorScheme scheme) {
        return chromium.visit(site.url, scheme).signIn("expert");
    }

    private static String said(Page page) {
        return String.valueOf(page.evaluate("document.getElementById('done').textContent"));
    }

    /** Presses a key, and waits for the call after it. */
    private static void say(Visit visit, String key, String done) {
        Page page = visit.page;
        String before = String.valueOf(page.evaluate("document.querySelector('form.say')?.action"));
        page.keyboard().press(key);
        visit.until("() => document.querySelector('form.say')?.action !== '" + before + "'");
        visit.until("() => document.activeElement.id === 'label-head'");
        visit.until("() => document.getElementById('done').textContent === '" + done + "'");
    }

    private long labels() {
        return Long.parseLong(StoreFixture.texts(
                        site.database,
                        "SELECT count(*) FROM label l JOIN use_case u ON u.id = l.use_case WHERE u.name = '%s' AND l.undone IS NULL AND l.kind <> 'skip' AND l.person = 'expert'"
                                .formatted(USE_CASE))
                .getFirst());
    }

    @Test
    void twentyCallsAreLabelledByKeyboard() {
        try (Visit visit = visit(ColorScheme.LIGHT)) {
            Page page = visit.page;
            visit.go("l", "Label");
            page.keyboard().press("j");
            while (!String.valueOf(page.evaluate("document.activeElement.textContent"))
                    .equals(USE_CASE)) {
                page.keyboard().press("j");
            }
            page.keyboard().press("Enter");
            page.waitForSelector("#label-head");
            assertEquals("label-head", page.evaluate("document.activeElement.id"), "it begins at the call");
            page.keyboard().press("h");
            assertTrue(page.locator("#label-help").isVisible());
            visit.beAccessible("keys for labelling");
            page.keyboard().press("Escape");
            visit.beAccessible("label");
            visit.shoot("label");
            long before = labels();
            List<String> blind = new ArrayList<>();
            for (int i = 0; labels() < before + 17; i++) {
                if (Boolean.TRUE.equals(page.evaluate("document.querySelector('[data-say=\"0\"]') !== null"))) {
                    assertEquals("rtl", page.evaluate("getComputedStyle(document.querySelector('.said')).direction"));
                    visit.beAccessible("two answers");
                    visit.shoot("label-two");
                    page.keyboard().press("1");
                    visit.until("() => document.getElementById('done').textContent === 'Taken'");
                    blind.add(said(page));
                    visit.until("() => document.activeElement.id === 'label-head'");
                } else if (i % 3 == 0) {
                    say(visit, "a", "Right");
                } else {
                    say(visit, String.valueOf(1 + i % 9), "Labelled " + CLASSES.get(i % 9));
                }
            }
            assertEquals(1, blind.size(), "one call was answered twice");
            // A class without a key of its own.
            page.keyboard().press("o");
            page.keyboard().type("other");
            page.keyboard().press("Enter");
            visit.until("() => document.getElementById('done').textContent === 'Labelled other'");
            visit.until("() => document.activeElement.id === 'label-head'");
            // The answer, written anew.
            page.keyboard().press("e");
            assertEquals("TEXTAREA", page.evaluate("document.activeElement.tagName"));
            page.keyboard().type("legal: a, s and u are letters here");
            page.keyboard().press("Control+Enter");
            visit.until("() => document.getElementById('done').textContent === 'Corrected'");
            visit.until("() => document.activeElement.id === 'label-head'");
            // One is taken back, and said again.
            say(visit, "a", "Right");
            assertEquals(before + 20, labels());
            say(visit, "u", "Taken back");
            assertEquals(before + 19, labels());
            say(visit, "2", "Labelled shipping");
            assertEquals(before + 20, labels());
            say(visit, "s", "Skipped");
            assertEquals(before + 20, labels());
            assertTrue(String.valueOf(page.evaluate("document.querySelector('.progress').textContent"))
                    .contains(labels() + " labelled by you today"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void whatProductionHasBecomeIsSeen(ColorScheme scheme) {
        try (Visit visit = visit(scheme)) {
            Page page = visit.page;
            visit.open("/p/shop/watch/" + USE_CASE);
            assertTrue(page.locator("td.wrong").count() > 0, "it has drifted");
            visit.beAccessible("watch");
            visit.shoot("watch");
            page.evaluate("scrollTo(0, document.querySelector('.plotted').offsetTop)");
            visit.shoot("watch-clusters");
            visit.open("/p/shop/label");
            visit.beAccessible("use cases to label");
            visit.open("/p/shop/label/" + USE_CASE);
            visit.beAccessible("label");
            visit.shoot("label");
        }
    }
}
