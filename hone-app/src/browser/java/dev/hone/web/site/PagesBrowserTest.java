package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A person walks through the pages with Chromium: {@code mvn -Pbrowser}. Where {@code hone.screenshots} names a folder, what they see is put
 * there.
 */
final class PagesBrowserTest {
    private static final String CHROMIUM = System.getenv().getOrDefault("HONE_CHROMIUM", "/usr/bin/chromium");
    private static final String AXE = axe();
    private static final Showcase SHOWCASE = Showcase.open();

    private static Playwright playwright;
    private static com.microsoft.playwright.Browser browser;

    private final List<String> complaints = new ArrayList<>();

    @BeforeAll
    static void start() {
        playwright = playwright();
        browser = chromium(playwright);
    }

    static Playwright playwright() {
        assertTrue(
                Files.isExecutable(Path.of(CHROMIUM)),
                "There is no Chromium at [" + CHROMIUM + "]: apt-get install chromium, or name it in HONE_CHROMIUM");
        return Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1", "PLAYWRIGHT_NODEJS_PATH", "/usr/bin/node")));
    }

    static com.microsoft.playwright.Browser chromium(Playwright playwright) {
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(CHROMIUM))
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
    }

    @AfterAll
    static void end() {
        if (playwright != null) {
            playwright.close();
        }
    }

    static String axe() {
        try (InputStream in = PagesBrowserTest.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private BrowserContext context(ColorScheme scheme) {
        return browser.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setColorScheme(scheme)
                .setViewportSize(1280, 800)
                .setLocale("en-GB"));
    }

    private Page page(BrowserContext context) {
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().contains("status of 4")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onRequest(request -> {
            if (!request.url().startsWith(SHOWCASE.url()) && !request.url().startsWith("data:")) {
                complaints.add("asked elsewhere: " + request.url());
            }
        });
        return page;
    }

    private static void signIn(Page page) {
        page.navigate(SHOWCASE.url());
        page.getByLabel("Name").fill("ada");
        page.getByLabel("Password").fill(SiteFixture.PASSWORD);
        page.keyboard().press("Enter");
        page.waitForSelector("h1:has-text('Overview')");
    }

    /** Playwright's own waiting evaluates texts in the page, which its policy forbids. */
    static void until(Page page, String condition) {
        for (int i = 0; i < 200; i++) {
            if (Boolean.TRUE.equals(page.evaluate(condition))) {
                return;
            }
            page.waitForTimeout(50);
        }
        throw new AssertionError("never true: " + condition);
    }

    /** Faults of WCAG's and of good practice, as axe finds them. */
    @SuppressWarnings("unchecked")
    static void beAccessible(Page page, String where) {
        page.evaluate(AXE);
        List<Object> found = (List<Object>)
                page.evaluate(
                        "async () => (await axe.run(document)).violations.map(one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '')).join(' | '))");
        assertEquals(List.of(), found, where);
    }

    static void shoot(Page page, ColorScheme scheme, String name) {
        String folder = System.getProperty("hone.screenshots", "");
        if (!folder.isEmpty()) {
            page.mouse().move(0, 0);
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of(folder, name + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT) + ".png")));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void fromTheDoorThroughTracesRunsAndEvaluations(ColorScheme scheme) {
        try (BrowserContext context = context(scheme)) {
            Page page = page(context);
            page.navigate(SHOWCASE.url());
            beAccessible(page, "sign-in");
            shoot(page, scheme, "sign-in");
            signIn(page);
            beAccessible(page, "overview");
            shoot(page, scheme, "overview");
            page.keyboard().press("g");
            page.keyboard().press("u");
            page.waitForSelector("h1:has-text('Use cases')");
            beAccessible(page, "use cases");
            shoot(page, scheme, "use-cases");
            page.keyboard().press("g");
            page.keyboard().press("t");
            page.waitForSelector("h1:has-text('Traces')");
            page.getByLabel("Time").selectOption("7d");
            page.getByText("Filter", new Page.GetByTextOptions().setExact(true)).click();
            page.waitForSelector("#rows");
            int rows = page.locator("#rows tr").count();
            page.getByText("Older").click();
            until(page, "() => document.querySelectorAll(\'#rows tr\').length > " + rows);
            page.evaluate("scrollTo(0, 0)");
            beAccessible(page, "traces");
            shoot(page, scheme, "traces");
            page.navigate(SHOWCASE.url() + "/p/default/traces/" + SHOWCASE.trace());
            beAccessible(page, "trace");
            shoot(page, scheme, "trace");
            page.getByText("Its episode").click();
            page.waitForSelector("h1:has-text('Episode')");
            beAccessible(page, "episode");
            page.keyboard().press("g");
            page.keyboard().press("v");
            page.waitForSelector("h1:has-text('Versions')");
            beAccessible(page, "versions");
            shoot(page, scheme, "versions");
            page.getByText("catalogue-tags/2").click();
            page.waitForSelector("h1:has-text('catalogue-tags/2')");
            beAccessible(page, "version");
            shoot(page, scheme, "lineage");
            page.locator("svg a:has-text('catalogue-tags/1')").focus();
            page.keyboard().press("Enter");
            page.waitForSelector("h1:has-text('catalogue-tags/1')");
            page.keyboard().press("g");
            page.keyboard().press("r");
            page.waitForSelector("h1:has-text('Runs')");
            beAccessible(page, "runs");
            page.getByText("support-lora").click();
            page.waitForSelector("[data-curve=loss] canvas");
            beAccessible(page, "run");
            until(page, "() => document.querySelector('[data-figure=step]').textContent === '120'");
            page.waitForTimeout(200);
            shoot(page, scheme, "run");
            page.keyboard().press("g");
            page.keyboard().press("e");
            page.waitForSelector("h1:has-text('Evaluations')");
            beAccessible(page, "evaluations");
            page.keyboard().press("j");
            page.keyboard().press("Enter");
            page.waitForSelector("h1:has-text('Evaluation')");
            page.waitForSelector(".report");
            beAccessible(page, "evaluation");
            shoot(page, scheme, "evaluation");
            for (SettingsTab tab : SettingsTab.values()) {
                page.navigate(SHOWCASE.url() + "/p/default" + tab.path());
                beAccessible(page, tab.label());
            }
            page.navigate(SHOWCASE.url() + "/p/default" + SettingsTab.KEYS.path());
            shoot(page, scheme, "keys");
        }
        assertEquals(List.of(), complaints);
    }

    @Test
    void curvesMoveWhileTheRunDoes() throws Exception {
        try (BrowserContext context = context(ColorScheme.LIGHT)) {
            Page page = page(context);
            signIn(page);
            Path metrics = Showcase.folder("moving").resolve("metrics.jsonl");
            Files.writeString(metrics, "{\"step\":1,\"loss\":3}\n{\"step\":2,\"loss\":2}\n");
            page.navigate(SHOWCASE.url() + "/p/default/runs/live/moving");
            until(page, "() => document.querySelector('[data-figure=step]').textContent === '2'");
            Files.writeString(metrics, "{\"step\":3,\"loss\":1}\n", StandardOpenOption.APPEND);
            until(page, "() => document.querySelector('[data-figure=step]').textContent === '3'");
            page.locator("#figures summary").click();
            until(
                    page,
                    "() => [...document.querySelectorAll('#figures tr')].map(row => [...row.cells].map(cell => cell.textContent).join(' ')).join(', ') === 'step loss, 1 3, 2 2, 3 1'");
            beAccessible(page, "figures of a live run");
            Files.writeString(metrics, "{\"step\":4,\"loss\":0.51234}\n", StandardOpenOption.APPEND);
            until(page, "() => document.querySelector('#figures tbody tr:last-child').textContent === '40.5123'");
            Files.writeString(Showcase.folder("moving").resolve("hone-run.json"), "{}");
            until(page, "() => document.getElementById('state').textContent === 'finished'");
        }
        assertEquals(List.of(), complaints);
    }

    /** What a prompt says is neither run nor drawn, and stays within its frame. */
    @Test
    void hostilePromptsAreInert() {
        try (BrowserContext context = context(ColorScheme.LIGHT)) {
            Page page = page(context);
            page.onDialog(dialog -> complaints.add("a dialog: " + dialog.message()));
            signIn(page);
            page.navigate(SHOWCASE.url() + "/p/default/traces/" + SHOWCASE.hostile());
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
            shoot(page, ColorScheme.LIGHT, "hostile");
        }
        assertEquals(List.of(), complaints);
    }

    @Test
    void everythingIsReachedByKeyboard() {
        try (BrowserContext context = context(ColorScheme.LIGHT)) {
            Page page = page(context);
            signIn(page);
            page.keyboard().press("Tab");
            assertEquals("Skip to the content", page.evaluate("document.activeElement.textContent"));
            page.keyboard().press("Enter");
            assertEquals("content", page.evaluate("document.activeElement.id"));
            page.keyboard().press("?");
            assertTrue(page.locator("#shortcuts").isVisible());
            beAccessible(page, "shortcuts");
            page.keyboard().press("Escape");
            page.keyboard().press("g");
            page.keyboard().press("t");
            page.waitForSelector("h1:has-text('Traces')");
            page.keyboard().press("/");
            assertEquals("use-case", page.evaluate("document.activeElement.name"));
            page.evaluate("document.activeElement.blur()");
            page.keyboard().press("j");
            page.keyboard().press("j");
            page.keyboard().press("k");
            page.keyboard().press("Enter");
            page.waitForSelector("h1:text-is('Trace')");
        }
        assertEquals(List.of(), complaints);
    }

    @Test
    void theThemeIsSwitchedAndKept() {
        try (BrowserContext context = context(ColorScheme.LIGHT)) {
            Page page = page(context);
            signIn(page);
            String light = (String) page.evaluate("getComputedStyle(document.body).backgroundColor");
            page.getByText("Theme: system").click();
            page.getByText("Theme: light").click();
            page.waitForSelector("html[data-theme=dark]");
            assertEquals(false, light.equals(page.evaluate("getComputedStyle(document.body).backgroundColor")));
            page.reload();
            assertEquals("dark", page.evaluate("document.documentElement.dataset.theme"));
        }
        assertEquals(List.of(), complaints);
    }
}
