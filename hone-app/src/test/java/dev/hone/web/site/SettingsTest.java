package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.access.Secret;
import dev.hone.record.ApiKey;
import dev.hone.record.AuditEntry;
import dev.hone.record.Role;
import dev.hone.store.ApiKeys;
import dev.hone.store.AuditLog;
import dev.hone.store.People;
import dev.hone.web.access.Passwords;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SettingsTest {
    private static final String KEYS = "/p/shop/settings/keys";
    private static final String PEOPLE = "/p/shop/settings/people";

    private final SiteFixture site = SiteFixture.open();

    private ApiKey key(String name) {
        return new ApiKeys(site.database)
                .all().stream()
                        .filter(key -> key.name().equals(name))
                        .findFirst()
                        .orElseThrow();
    }

    private AuditEntry lastEntry() {
        return new AuditLog(site.database).page(site.shop, null, 1).getFirst();
    }

    private static String shown(Browser.Page page) {
        Matcher found = Pattern.compile("not shown again: <code>([^<]+)</code>").matcher(page.html());
        assertTrue(found.find(), page.html());
        return found.group(1);
    }

    @Test
    void aKeyIsShownOnceCountsInItsProjectAndIsRevoked() {
        Browser operator = site.as("operator");
        Browser.Page made = operator.post(
                KEYS,
                "name",
                "till <1>",
                "scope",
                "CALL",
                "budget",
                "12.50",
                "rate",
                "60",
                "useCases",
                "support, search");
        String secret = shown(made);
        ApiKey key = key("till <1>");
        assertEquals(new Secret(secret).hash(), key.hash());
        assertEquals("shop", key.project());
        assertEquals(Set.of(ApiKey.Scope.CALL), key.scopes());
        assertEquals(new ApiKey.Bounds(new BigDecimal("12.50"), 60, Set.of("support", "search")), key.bounds());
        assertEquals("operator", key.maker());
        assertEquals(
                "key.add till <1>", lastEntry().action() + " " + lastEntry().subject());
        String list = operator.get(KEYS).html();
        assertFalse(list.contains(secret));
        assertTrue(list.contains("till &lt;1&gt;") && list.contains("12.50 a month, 60 a minute"), list);
        assertTrue(list.contains(">search, support<"), list);
        assertEquals(303, operator.post(KEYS + "/" + key.id() + "/revoke").status());
        assertNotNull(key("till <1>").revoked());
        assertEquals(
                "operator key.revoke till <1>",
                lastEntry().who() + " " + lastEntry().action() + " "
                        + lastEntry().subject());
    }

    @Test
    void whatCannotBeAKeyIsSaid() {
        Browser operator = site.as("operator");
        for (String[] form : List.of(
                new String[] {"name", " ", "scope", "CALL"},
                new String[] {"name", "none"},
                new String[] {"name", "x", "scope", "CALL", "days", "-1"},
                new String[] {"name", "x", "scope", "CALL", "rate", "1e3"},
                new String[] {"name", "x", "scope", "CALL", "budget", "1,5"},
                new String[] {"name", "x", "scope", "call"},
                new String[] {"name", "x", "scope", "CALL", "useCases", "No Such"},
                new String[] {"name", "x", "scope", "READ", "useCases", "support"})) {
            Browser.Page page = operator.post(KEYS, form);
            assertEquals(422, page.status(), String.join(" ", form));
            assertTrue(page.html().contains("role=\"alert\""));
        }
    }

    @Test
    void aKeyOfAnotherProjectIsNotFound() {
        site.as("stranger").post("/p/bank/settings/keys", "name", "vault", "scope", "CALL");
        Browser operator = site.as("operator");
        assertFalse(operator.get(KEYS).html().contains("vault"));
        assertEquals(
                404, operator.post(KEYS + "/" + key("vault").id() + "/revoke").status());
        assertEquals(
                404,
                operator.post("/p/bank/settings/keys/" + key("vault").id() + "/revoke")
                        .status());
        assertEquals(404, operator.post(KEYS + "/nonsense/revoke").status());
        assertNull(key("vault").revoked());
    }

    @Test
    void anOwnerSaysWhoIsIn() {
        Browser owner = site.as("owner");
        String password = shown(owner.post(PEOPLE, "name", "newcomer", "role", "viewer"));
        assertEquals(
                "owner person.add newcomer",
                lastEntry().who() + " " + lastEntry().action() + " "
                        + lastEntry().subject());
        Browser newcomer = site.browser();
        assertEquals(303, newcomer.signIn("newcomer", password).status());
        assertEquals(403, newcomer.get(KEYS).status());
        assertEquals(
                303, owner.post(PEOPLE + "/newcomer/role", "role", "operator").status());
        assertEquals(200, newcomer.get(KEYS).status(), "at once");
        assertEquals(400, owner.post(PEOPLE + "/newcomer/role", "role", "king").status());
        assertEquals(303, owner.post(PEOPLE + "/newcomer/remove").status());
        assertEquals(404, newcomer.get("/p/shop").status());
    }

    @Test
    void anOwnerTouchesNobodyOfAnotherProjectAndNotThemselves() {
        Browser owner = site.as("owner");
        assertFalse(owner.get(PEOPLE).html().contains("stranger"));
        assertEquals(
                404, owner.post(PEOPLE + "/stranger/role", "role", "viewer").status());
        assertEquals(404, owner.post(PEOPLE + "/stranger/remove").status());
        assertEquals(
                422, owner.post(PEOPLE, "name", "stranger", "role", "viewer").status());
        assertEquals(403, owner.post(PEOPLE + "/owner/role", "role", "viewer").status());
        assertEquals(403, owner.post(PEOPLE + "/owner/remove").status());
        assertEquals(200, owner.get(PEOPLE).status());
    }

    @Test
    void upstreamsAreShownWithoutTheirSecrets() {
        String html = site.as("operator").get("/p/shop/settings/upstreams").html();
        assertTrue(html.contains("https://api.openai.com/v1") && html.contains(">set<"), html);
        assertFalse(html.contains("sk-secret"));
    }

    @Test
    void theAuditLogGoesBackPageByPage() {
        AuditLog audit = new AuditLog(site.database);
        for (int i = 0; i < 60; i++) {
            audit.add(AuditEntry.now("owner", site.shop, "test.walk", "step-" + i + ".", Map.of()));
        }
        audit.add(AuditEntry.now("stranger", site.bank, "test.secret", "of-the-bank", Map.of()));
        Browser owner = site.as("owner");
        StringBuilder all = new StringBuilder();
        String next = "/p/shop/settings/audit";
        int pages = 0;
        for (; next != null && pages < 100; pages++) {
            String html = owner.get(next).html();
            all.append(html);
            Matcher more =
                    Pattern.compile("class=\"button\" href=\"([^\"]+)\">Older").matcher(html);
            next = more.find() ? more.group(1) : null;
        }
        assertTrue(pages >= 2);
        for (int i = 0; i < 60; i++) {
            assertEquals(2, all.toString().split("step-" + i + "\\.", -1).length, "once: step-" + i);
        }
        assertFalse(all.toString().contains("of-the-bank"));
    }

    @Test
    void somebodyChangesTheirPasswordByTheOldOne() {
        new People(site.database).add("changer", Passwords.hash(SiteFixture.PASSWORD), "shop", Role.VIEWER, "test");
        Browser changer = site.as("changer");
        Browser other = site.as("changer");
        String form = "/p/shop/settings/password";
        assertEquals(
                422,
                changer.post(form, "current", "wrong", "wanted", "another good one")
                        .status());
        assertEquals(
                422,
                changer.post(form, "current", SiteFixture.PASSWORD, "wanted", "short")
                        .status());
        assertEquals(
                303,
                changer.post(form, "current", SiteFixture.PASSWORD, "wanted", "another good one")
                        .status());
        assertEquals(303, other.get("/p/shop").status(), "all sessions end");
        assertEquals(401, site.browser().signIn("changer", SiteFixture.PASSWORD).status());
        assertEquals(303, site.browser().signIn("changer", "another good one").status());
    }
}
