package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What one person does in one window. Its end is red where the page complained, or asked another server for something. Where
 * {@code hone.screenshots} names a folder, what is seen is put there.
 */
final class Visit implements AutoCloseable {
    private static final String AXE = axe();

    final Page page;
    final List<String> complaints = new ArrayList<>();
    private final BrowserContext context;
    private final String url;
    private final ColorScheme scheme;
    private boolean refusable;

    Visit(BrowserContext context, String url, ColorScheme scheme) {
        this.context = context;
        this.url = url;
        this.scheme = scheme;
        this.page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !(refusable && message.text().contains("status of 4"))) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onRequest(request -> {
            if (!request.url().startsWith(url) && !request.url().startsWith("data:")) {
                complaints.add("asked elsewhere: " + request.url());
            }
        });
    }

    private static String axe() {
        try (InputStream in = Visit.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers of 4xx are no complaints. */
    Visit mayBeRefused() {
        refusable = true;
        return this;
    }

    /** @param path below the site, with its slash; empty for the door */
    void open(String path) {
        page.navigate(url + path);
    }

    /** By the door, with the password of all. */
    Visit signIn(String name) {
        open("");
        page.getByLabel("Name").fill(name);
        page.getByLabel("Password").fill(SiteFixture.PASSWORD);
        page.keyboard().press("Enter");
        page.waitForSelector("h1:has-text('Overview')");
        return this;
    }

    void keys(String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }

    /** To a section by its key. */
    void go(String key, String heading) {
        keys("g", key);
        page.waitForSelector("h1:has-text('" + heading + "')");
    }

    boolean is(String condition) {
        return Boolean.TRUE.equals(page.evaluate(condition));
    }

    /** Playwright's own waiting evaluates texts in the page, which its policy forbids. A page that gives way to the next one is waited for, too. */
    void until(String condition) {
        for (int i = 0; i < 200; i++) {
            try {
                if (is(condition)) {
                    return;
                }
            } catch (PlaywrightException e) {
                if (!String.valueOf(e.getMessage()).contains("Execution context was destroyed")) {
                    throw e;
                }
            }
            page.waitForTimeout(50);
        }
        throw new AssertionError("never true: " + condition);
    }

    /** Faults of WCAG's and of good practice, as axe finds them. */
    @SuppressWarnings("unchecked")
    void beAccessible(String where) {
        page.evaluate(AXE);
        List<Object> found = (List<Object>)
                page.evaluate(
                        "async () => (await axe.run(document)).violations.map(one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? '')).join(' | '))");
        assertEquals(List.of(), found, where);
        fit(where);
    }

    /** No table is wider than its place: what can be done with a row stands at its end. */
    void fit(String where) {
        assertEquals(List.of(), cut(), where);
    }

    /** What is not seen whole: tables wider than their place, and figures wider than their tile. */
    List<String> cut() {
        return found("""
                () => {
                  const seen = (what) => [...document.querySelectorAll(what)].filter(one => one.offsetParent);
                  const place = (table) => table.closest('.wide') ?? table.parentElement;
                  return [
                    ...seen('main table').filter(one => one.offsetWidth > place(one).clientWidth + 1)
                      .map(one => `${one.closest('[aria-label]')?.ariaLabel ?? 'a table'}: ${one.offsetWidth} in ${place(one).clientWidth}`),
                    ...seen('.tiles dd').filter(one => one.scrollWidth > one.clientWidth + 1)
                      .map(one => `a tile: ${one.textContent}`)];
                }""");
    }

    /** Short words of tables that go on in the next line. */
    List<String> broken() {
        return found("""
                () => {
                  const lines = (text, word) => {
                    const range = document.createRange();
                    range.setStart(text, word.index);
                    range.setEnd(text, word.index + word[0].length);
                    return new Set([...range.getClientRects()].map(one => Math.round(one.bottom))).size;
                  };
                  return [...document.querySelectorAll('main td bdi')]
                    .filter(one => one.offsetParent && one.firstChild?.nodeType === Node.TEXT_NODE)
                    .flatMap(one => [...one.textContent.matchAll(/[^\\s-]+/g)]
                      .filter(word => word[0].length < 12 && lines(one.firstChild, word) > 1)
                      .map(word => `a word: ${word[0]}`));
                }""");
    }

    @SuppressWarnings("unchecked")
    private List<String> found(String script) {
        return (List<String>) page.evaluate(script);
    }

    /** What is in the window. */
    void shoot(String name) {
        shoot(name, false);
    }

    /** The page to its end. */
    void shootWhole(String name) {
        shoot(name, true);
    }

    private void shoot(String name, boolean whole) {
        String folder = System.getProperty("hone.screenshots", "");
        if (!folder.isEmpty()) {
            page.mouse().move(0, 0);
            page.screenshot(new Page.ScreenshotOptions()
                    .setFullPage(whole)
                    .setPath(Path.of(folder, name + "-" + scheme.name().toLowerCase(Locale.ROOT) + ".png")));
        }
    }

    @Override
    public void close() {
        context.close();
        assertEquals(List.of(), complaints);
    }
}
