package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A person walks through the pages with Chromium: {@code mvn -Pbrowser}. */
final class PagesBrowserTest {
    private static final Showcase SHOWCASE = Showcase.open();

    private static Chromium chromium;

    @BeforeAll
    static void start() {
        chromium = Chromium.start();
    }

    @AfterAll
    static void end() {
        if (chromium != null) {
            chromium.close();
        }
    }

    private static Visit visit(ColorScheme scheme) {
        return chromium.visit(SHOWCASE.url(), scheme).mayBeRefused();
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void fromTheDoorThroughTracesRunsAndEvaluations(ColorScheme scheme) {
        try (Visit visit = visit(scheme)) {
            Page page = visit.page;
            visit.open("");
            visit.beAccessible("sign-in");
            visit.shoot("sign-in");
            visit.signIn("ada");
            visit.beAccessible("overview");
            visit.shoot("overview");
            visit.go("u", "Use cases");
            visit.beAccessible("use cases");
            visit.shoot("use-cases");
            visit.go("t", "Traces");
            page.getByLabel("Time").selectOption("7d");
            page.getByText("Filter", new Page.GetByTextOptions().setExact(true)).click();
            page.waitForSelector("#rows");
            int rows = page.locator("#rows tr").count();
            page.getByText("Older").click();
            visit.until("() => document.querySelectorAll(\'#rows tr\').length > " + rows);
            page.evaluate("scrollTo(0, 0)");
            visit.beAccessible("traces");
            visit.shoot("traces");
            visit.open("/p/default/traces/" + SHOWCASE.trace());
            visit.beAccessible("trace");
            visit.shoot("trace");
            page.getByText("Its episode").click();
            page.waitForSelector("h1:has-text('Episode')");
            visit.beAccessible("episode");
            visit.go("v", "Versions");
            visit.beAccessible("versions");
            visit.shoot("versions");
            page.getByText("catalogue-tags/2").click();
            page.waitForSelector("h1:has-text('catalogue-tags/2')");
            visit.beAccessible("version");
            visit.shoot("lineage");
            page.locator("svg a:has-text('catalogue-tags/1')").focus();
            page.keyboard().press("Enter");
            page.waitForSelector("h1:has-text('catalogue-tags/1')");
            visit.go("n", "Rounds");
            visit.beAccessible("rounds");
            visit.shoot("rounds");
            page.keyboard().press("j");
            page.keyboard().press("Enter");
            page.waitForSelector("h1:has-text('Round of catalogue-tags')");
            visit.beAccessible("round");
            visit.shoot("round");
            visit.go("r", "Runs");
            visit.beAccessible("runs");
            page.getByText("support-lora").click();
            page.waitForSelector("[data-curve=loss] canvas");
            visit.beAccessible("run");
            visit.until("() => document.querySelector('[data-figure=step]').textContent === '120'");
            page.waitForTimeout(200);
            visit.shoot("run");
            visit.go("e", "Evaluations");
            visit.beAccessible("evaluations");
            page.keyboard().press("j");
            page.keyboard().press("Enter");
            page.waitForSelector("h1:has-text('Evaluation')");
            page.waitForSelector(".report");
            visit.beAccessible("evaluation");
            visit.shoot("evaluation");
            for (SettingsTab tab : SettingsTab.values()) {
                visit.open("/p/default" + tab.path());
                visit.beAccessible(tab.label());
            }
            visit.open("/p/default" + SettingsTab.KEYS.path());
            visit.shoot("keys");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 1280})
    void aNarrowWindowCutsNothing(int width) {
        try (Visit visit = visit(ColorScheme.LIGHT)) {
            visit.signIn("ada");
            visit.page.setViewportSize(width, 768);
            Map<String, List<String>> wrong = new TreeMap<>();
            for (String path : List.of(
                    "",
                    "/use-cases",
                    "/traces?window=7d",
                    "/traces/" + SHOWCASE.trace(),
                    "/rounds",
                    "/versions",
                    "/runs",
                    "/evals",
                    SettingsTab.KEYS.path())) {
                visit.open("/p/default" + path);
                visit.page.waitForSelector("h1");
                wrong.put(
                        path,
                        Stream.concat(visit.cut().stream(), visit.broken().stream())
                                .toList());
            }
            wrong.values().removeIf(List::isEmpty);
            assertEquals(Map.of(), wrong);
        }
    }

    @Test
    void curvesMoveWhileTheRunDoes() throws Exception {
        try (Visit visit = visit(ColorScheme.LIGHT)) {
            Page page = visit.page;
            visit.signIn("ada");
            Path metrics = Showcase.folder("moving").resolve("metrics.jsonl");
            Files.writeString(metrics, "{\"step\":1,\"loss\":3}\n{\"step\":2,\"loss\":2}\n");
            visit.open("/p/default/runs/live/moving");
            visit.until("() => document.querySelector('[data-figure=step]').textContent === '2'");
            Files.writeString(metrics, "{\"step\":3,\"loss\":1}\n", StandardOpenOption.APPEND);
            visit.until("() => document.querySelector('[data-figure=step]').textContent === '3'");
            page.locator("#figures summary").click();
            visit.until(
                    "() => [...document.querySelectorAll('#figures tr')].map(row => [...row.cells].map(cell => cell.textContent).join(' ')).join(', ') === 'step loss, 1 3, 2 2, 3 1'");
            visit.beAccessible("figures of a live run");
            Files.writeString(metrics, "{\"step\":4,\"loss\":0.51234}\n", StandardOpenOption.APPEND);
            visit.until("() => document.querySelector('#figures tbody tr:last-child').textContent === '40.5123'");
            Files.writeString(Showcase.folder("moving").resolve("hone-run.json"), "{}");
            visit.until("() => document.getElementById('state').textContent === 'finished'");
        }
    }

    /** What a prompt says is neither run nor drawn, and stays within its frame. */
    @Test
    void hostilePromptsAreInert() {
        try (Visit visit = visit(ColorScheme.LIGHT)) {
            Page page = visit.page;
            page.onDialog(dialog -> visit.complaints.add("a dialog: " + dialog.message()));
            visit.signIn("ada");
            visit.open("/p/default/traces/" + SHOWCASE.hostile());
            assertEquals(
                    0,
                    page.locator(".said img, .said script, .said svg, .said a, .said b")
                            .count());
            assertEquals(true, page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
            assertEquals("isolate", page.evaluate("getComputedStyle(document.querySelector('.said')).unicodeBidi"));
            assertEquals(
                    "rtl",
                    page.evaluate(
                            "getComputedStyle([...document.querySelectorAll('.said')].find(one => one.textContent.startsWith('\u05E9'))).direction"));
            visit.shoot("hostile");
        }
    }

    @Test
    void everythingIsReachedByKeyboard() {
        try (Visit visit = visit(ColorScheme.LIGHT)) {
            Page page = visit.page;
            visit.signIn("ada");
            page.keyboard().press("Tab");
            assertEquals("Skip to the content", page.evaluate("document.activeElement.textContent"));
            page.keyboard().press("Enter");
            assertEquals("content", page.evaluate("document.activeElement.id"));
            page.keyboard().press("?");
            assertTrue(page.locator("#shortcuts").isVisible());
            visit.beAccessible("shortcuts");
            page.keyboard().press("Escape");
            visit.go("t", "Traces");
            page.keyboard().press("/");
            assertEquals("use-case", page.evaluate("document.activeElement.name"));
            page.evaluate("document.activeElement.blur()");
            page.keyboard().press("j");
            page.keyboard().press("j");
            page.keyboard().press("k");
            page.keyboard().press("Enter");
            page.waitForSelector("h1:text-is('Trace')");
        }
    }

    @Test
    void theThemeIsSwitchedAndKept() {
        try (Visit visit = visit(ColorScheme.LIGHT)) {
            Page page = visit.page;
            visit.signIn("ada");
            String light = (String) page.evaluate("getComputedStyle(document.body).backgroundColor");
            page.getByText("Theme: system").click();
            page.getByText("Theme: light").click();
            page.waitForSelector("html[data-theme=dark]");
            assertEquals(false, light.equals(page.evaluate("getComputedStyle(document.body).backgroundColor")));
            page.reload();
            assertEquals("dark", page.evaluate("document.documentElement.dataset.theme"));
        }
    }
}
