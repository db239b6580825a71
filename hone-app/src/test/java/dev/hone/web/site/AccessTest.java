package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.access.Secret;
import dev.hone.record.AuditEntry;
import dev.hone.record.Ids;
import dev.hone.record.Role;
import dev.hone.store.AuditLog;
import dev.hone.store.People;
import dev.hone.store.Sessions;
import dev.hone.store.StoreFixture;
import dev.hone.web.access.Passwords;
import dev.hone.web.access.SignIn;
import dev.hone.web.access.SignIn.Outcome;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets in, and how far. */
@Timeout(60)
final class AccessTest {
    private final SiteFixture site = SiteFixture.open();

    private List<String> audit(UUID project) {
        return new AuditLog(site.database)
                .page(project, null, 1000).stream()
                        .map(entry -> entry.who() + " " + entry.action())
                        .toList();
    }

    private void person(String name, Role role) {
        new People(site.database).add(name, Passwords.hash(SiteFixture.PASSWORD), "shop", role, "test");
    }

    @Test
    void whoIsNotSignedInIsSentToTheDoorAndBack() {
        Browser browser = site.browser();
        Browser.Page page = browser.get("/p/shop?window=7d");
        assertEquals(303, page.status());
        assertEquals("/sign-in?then=%2Fp%2Fshop%3Fwindow%3D7d", page.header("location"));
        assertTrue(browser.get(page.header("location")).html().contains("value=\"/p/shop?window=7d\""));
        Browser.Page in = browser.post(
                "/sign-in", "name", "Viewer ", "password", SiteFixture.PASSWORD, "then", "/p/shop?window=7d");
        assertEquals("/p/shop?window=7d", in.header("location"));
        assertEquals(200, browser.get("/p/shop?window=7d").status());
        assertEquals("/p/shop", browser.get("/").header("location"));
    }

    @Test
    void nobodyIsSentToAnotherHost() {
        for (String then :
                List.of("https://evil.example", "//evil.example/p/", "/p/\\evil", "/\\evil", "/p/x\nSet-Cookie: a=b")) {
            Browser browser = site.browser();
            browser.get("/sign-in");
            Browser.Page in =
                    browser.post("/sign-in", "name", "viewer", "password", SiteFixture.PASSWORD, "then", then);
            assertEquals(303, in.status(), then);
            assertEquals("/", in.header("location"), then);
        }
    }

    @Test
    void theCookieIsForUsAloneAndEndsWithTheSession() {
        person("cookie", Role.VIEWER);
        Browser browser = site.browser();
        String set =
                browser.signIn("cookie", SiteFixture.PASSWORD).response().headers().allValues("set-cookie").stream()
                        .filter(cookie -> cookie.startsWith("hone_session="))
                        .findFirst()
                        .orElseThrow();
        assertTrue(set.matches("hone_session=hone_[\\w-]{43}; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict"), set);
        String session = browser.cookies.get("hone_session");
        assertEquals("/sign-in", browser.post("/sign-out").header("location"));
        assertFalse(browser.cookies.containsKey("hone_session"));
        browser.cookies.put("hone_session", session);
        assertEquals(303, browser.get("/p/shop").status(), "what was signed out stays out");
        assertEquals(
                List.of("cookie session.end", "cookie session.begin"),
                audit(site.shop).subList(0, 2));
    }

    /** Under a name that is not this machine's own the cookie passes TLS alone, and no other host sets it. */
    @Test
    void elsewhereTheCookieIsSecure() throws Exception {
        URI at = URI.create(site.url);
        try (Socket socket = new Socket(at.getHost(), at.getPort());
                OutputStream out = socket.getOutputStream()) {
            out.write("GET /sign-in HTTP/1.1\r\nHost: hone.example\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.contains("Set-Cookie: __Host-hone_sign_in="), answer);
            assertTrue(answer.contains("SameSite=Strict; Secure\r\n"), answer);
        }
    }

    @Test
    void wrongPasswordUnknownNameAndDisabledPersonLookAlike() {
        person("gone", Role.VIEWER);
        new People(site.database).disable("gone", Instant.now(), "test");
        String wrong = refused("owner", "not the password");
        assertTrue(wrong.contains("Name or password is wrong"));
        assertEquals(wrong, refused("nobody-at-all", SiteFixture.PASSWORD));
        assertEquals(wrong, refused("gone", SiteFixture.PASSWORD));
        assertTrue(audit(site.shop).contains("owner session.refuse"));
    }

    private String refused(String name, String password) {
        Browser.Page page = site.browser().signIn(name, password);
        assertEquals(401, page.status());
        return page.html().replaceAll("[0-9a-f]{64}", "").replace("value=\"" + name + "\"", "");
    }

    /** To hash takes most of the time: whoever measures it cannot tell whether there is such a name. */
    @Test
    void anUnknownNameTakesAsLong() {
        person("timed", Role.VIEWER);
        refused("timed", "warm up");
        long known = Long.MAX_VALUE;
        long unknown = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            known = Math.min(known, nanos("timed"));
            unknown = Math.min(unknown, nanos("untimed"));
        }
        assertTrue(unknown > known / 2, unknown + " ns against " + known + " ns");
    }

    private long nanos(String name) {
        Browser browser = site.browser();
        browser.get("/sign-in");
        long began = System.nanoTime();
        assertEquals(
                401,
                browser.post("/sign-in", "name", name, "password", "not the password")
                        .status());
        return System.nanoTime() - began;
    }

    @Test
    void guessingEndsEvenWithTheRightPassword() {
        person("guessed", Role.VIEWER);
        Browser browser = site.browser();
        for (int i = 0; i < 10; i++) {
            assertEquals(401, browser.signIn("guessed", "guess " + i).status());
        }
        Browser.Page page = browser.signIn("guessed", SiteFixture.PASSWORD);
        assertEquals(429, page.status());
        assertTrue(page.html().contains("try again in 15 min"), page.html());
    }

    /** Behind a proxy that is trusted, everybody has an address of their own; what others claim before it does not count. */
    @Test
    void whoGuessesKeepsNobodyElseOut() {
        person("besieged", Role.VIEWER);
        for (int i = 0; i < 12; i++) {
            int status = signIn("besieged", "guess " + i, "198.51.100.%d, 203.0.113.7".formatted(i));
            assertEquals(i < 10 ? 401 : 429, status, "attempt " + i);
        }
        assertEquals(429, signIn("besieged", SiteFixture.PASSWORD, "203.0.113.7"));
        assertEquals(303, signIn("besieged", SiteFixture.PASSWORD, "198.51.100.1"));
    }

    /** A name and its person, and a name that there is not, alike: neither is told apart by it. */
    @Test
    void guessesFromManyAddressesAreSlowAndKeepNobodyOutWhereTheyHaveBeen() throws Exception {
        person("surrounded", Role.VIEWER);
        Instant[] now = {Instant.now()};
        SignIn first = signIn(now);
        assertInstanceOf(Outcome.In.class, first.attempt("surrounded", SiteFixture.PASSWORD, "192.0.2.1"));
        // What it knows is from the audit log, not from this process.
        SignIn signIn = signIn(now);
        for (String name : List.of("surrounded", "surrounded-by-none")) {
            for (int i = 0; i < 31; i++) {
                assertInstanceOf(
                        Outcome.Wrong.class, signIn.attempt(name, "guess " + i, "198.51.100." + i), name + " " + i);
            }
            Outcome waits = signIn.attempt(name, SiteFixture.PASSWORD, "198.51.100.200");
            assertEquals(new Outcome.Wait(Duration.ofMinutes(1)), waits);
        }
        assertInstanceOf(Outcome.In.class, signIn.attempt("surrounded", SiteFixture.PASSWORD, "192.0.2.1"));
        assertInstanceOf(Outcome.Wait.class, signIn.attempt("surrounded", "guess", "198.51.100.201"), "it goes on");
        assertInstanceOf(Outcome.Wait.class, signIn.attempt("surrounded-by-none", SiteFixture.PASSWORD, "192.0.2.1"));
        now[0] = now[0].plus(Duration.ofMinutes(1));
        assertInstanceOf(Outcome.In.class, signIn.attempt("surrounded", SiteFixture.PASSWORD, "198.51.100.202"));
        assertInstanceOf(
                Outcome.In.class,
                signIn.attempt("surrounded", SiteFixture.PASSWORD, "198.51.100.202"),
                "now it is known");
        assertInstanceOf(Outcome.Wait.class, signIn.attempt("surrounded", "guess", "198.51.100.203"));
        now[0] = now[0].plus(Duration.ofHours(1));
        for (int i = 0; i < 2; i++) {
            assertInstanceOf(Outcome.Wrong.class, signIn.attempt("surrounded", "guess", "198.51.100.203"));
        }
    }

    private SignIn signIn(Instant[] now) {
        return new SignIn(
                new People(site.database), new Sessions(site.database), new AuditLog(site.database), () -> now[0]);
    }

    private int signIn(String name, String password, String forwarded) {
        Browser browser = site.browser();
        browser.get("/sign-in");
        return browser.post(
                        "/sign-in",
                        Map.of("Origin", site.url, "X-Forwarded-For", forwarded),
                        "name",
                        name,
                        "password",
                        password)
                .status();
    }

    /** A part of a page is not replaced by the door: the page goes there. */
    @Test
    void whoIsOutIsLedToTheDoorByPagesThatRenewThemselves() {
        person("renewed", Role.VIEWER);
        Browser browser = site.as("renewed");
        Map<String, String> part = Map.of("HX-Request", "true", "X-Hone-Renewed", "1");
        assertEquals(200, browser.get("/p/shop?window=7d", part).status());
        String session = browser.cookies.get("hone_session");
        browser.post("/sign-out");
        browser.cookies.put("hone_session", session);
        Browser.Page out = browser.get("/p/shop?window=7d", part);
        assertEquals(401, out.status());
        assertEquals("/sign-in?then=%2Fp%2Fshop%3Fwindow%3D7d", out.header("hx-redirect"));
        assertEquals("", out.html());
    }

    /** A page that renews itself keeps nobody signed in. */
    @Test
    void nobodyIsSeenByAPageThatRenewsItself() {
        person("away", Role.VIEWER);
        Browser browser = site.as("away");
        String hash = new Secret(browser.cookies.get("hone_session")).hash();
        StoreFixture.change(
                site.database,
                "UPDATE session SET last_seen = now() - interval '11 h 59 min 58 s' WHERE hash = ?",
                hash);
        assertEquals(200, browser.get("/p/shop", Map.of("X-Hone-Renewed", "1")).status());
        StoreFixture.change(
                site.database, "UPDATE session SET last_seen = last_seen - interval '1 min' WHERE hash = ?", hash);
        assertEquals(303, browser.get("/p/shop").status());
    }

    @Test
    void shortcutsCanBeSwitchedOff() {
        Browser browser = site.as("viewer");
        assertFalse(browser.get("/p/shop").html().contains("data-shortcuts"));
        assertEquals(
                "/p/shop/settings",
                browser.post("/p/shop/settings/shortcuts", "shortcuts", "off").header("location"));
        assertTrue(browser.get("/p/shop").html().contains("<body data-shortcuts=\"off\">"));
        browser.post("/p/shop/settings/shortcuts", "shortcuts", "on");
        assertFalse(browser.get("/p/shop").html().contains("data-shortcuts"));
    }

    @Test
    void aFormOfAnotherSiteDoesNothing() {
        Browser browser = site.as("owner");
        List<Map<String, String>> foreign = List.of(
                Map.of("Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"),
                Map.of("Origin", "https://evil.example"),
                Map.of("Origin", "null"),
                Map.of("Origin", site.url, "Sec-Fetch-Site", "same-site"),
                Map.of("Sec-Fetch-Site", "none"),
                Map.of());
        for (Map<String, String> headers : foreign) {
            assertEquals(403, browser.post("/sign-out", headers).status(), headers.toString());
            assertEquals(403, browser.post("/sign-in", headers).status(), headers.toString());
        }
        for (String token : List.of("", "0".repeat(64), "x")) {
            assertEquals(403, browser.post("/sign-out", "token", token).status());
        }
        assertEquals(200, browser.get("/p/shop").status(), "still signed in");
        Browser other = site.as("viewer");
        String stolen = other.get("/p/shop").html().replaceAll("(?s).*name=\"token\" value=\"(\\w+)\".*", "$1");
        assertEquals(403, browser.post("/sign-out", "token", stolen).status(), "a token of another session");
    }

    @Test
    void noSiteSignsSomebodyIn() {
        Browser browser = site.browser();
        Browser.Page page = browser.post("/sign-in", "name", "viewer", "password", SiteFixture.PASSWORD);
        assertEquals(403, page.status());
        assertTrue(page.html().contains("did not send our cookie back"));
        page = browser.post("/sign-in", "name", "viewer", "password", SiteFixture.PASSWORD, "token", "0".repeat(64));
        assertEquals(403, page.status());
        assertFalse(browser.cookies.containsKey("hone_session"));
    }

    /** Of each route that there is: strangers find nothing, and whoever may do less is told so. */
    @Test
    void everyRouteKnowsWhoMay() {
        Browser stranger = site.as("stranger");
        Browser viewer = site.as("viewer");
        int members = 0;
        for (Route route : site.routes) {
            String path = route.pattern()
                    .replace("{project}", "shop")
                    .replaceAll("\\{\\w+}", Ids.next().toString());
            if (route.access() instanceof Route.Access.Member(Role least)) {
                members++;
                assertEquals(404, ask(stranger, route, path), route.toString());
                assertEquals(404, ask(stranger, route, path.replace("/shop", "/nowhere")), route.toString());
                int status = ask(viewer, route, path);
                assertTrue(
                        least == Role.VIEWER ? List.of(200, 404, 422).contains(status) : status == 403,
                        route + ": " + status);
                assertEquals(303, ask(site.browser(), route, path), route.toString());
            }
        }
        assertTrue(members > 0);
        assertEquals(404, viewer.get("/p/shop/nothing").status());
        assertEquals(405, viewer.post("/p/shop").status());
    }

    private static int ask(Browser browser, Route route, String path) {
        return route.method().equals("GET")
                ? browser.get(path).status()
                : browser.post(path).status();
    }

    @Test
    void everyAnswerForbidsWhatIsNotOurs() {
        Browser browser = site.as("viewer");
        String stylesheet = browser.get("/p/shop").html().replaceAll("(?s).*href=\"(/assets/\\w+/hone.css)\".*", "$1");
        for (String path : List.of("/sign-in", "/p/shop", "/nothing", "/p/bank", stylesheet)) {
            Browser.Page page = browser.get(path);
            assertTrue(page.header("content-security-policy").contains("default-src 'none'; script-src 'self';"), path);
            assertEquals("nosniff", page.header("x-content-type-options"), path);
            assertEquals(
                    path.equals(stylesheet) ? "public, max-age=31536000, immutable" : "no-store",
                    page.header("cache-control"),
                    path);
            assertFalse(page.html().contains(" style=\""), path);
            assertFalse(page.html().matches("(?s).*<script(?! src=).*"), path);
        }
        assertNotEquals("", stylesheet);
    }

    @Test
    void aFormThatIsTooLongIsRefused() {
        Browser browser = site.as("viewer");
        assertEquals(400, browser.post("/sign-out", "x", "y".repeat(70_000)).status());
        assertEquals(200, browser.get("/p/shop").status());
    }

    @Test
    void whoseRoleIsTakenAwaySeesNothingAnyMore() {
        person("leaver", Role.OWNER);
        Browser browser = site.as("leaver");
        assertEquals(200, browser.get("/p/shop").status());
        new People(site.database).remove("leaver", "shop", "test");
        assertEquals(404, browser.get("/p/shop").status());
        assertEquals(403, browser.get("/").status());
        AuditEntry last = new AuditLog(site.database).page(site.shop, null, 1).getFirst();
        assertEquals("person.remove", last.action());
    }
}
