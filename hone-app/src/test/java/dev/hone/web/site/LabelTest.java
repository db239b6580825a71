package dev.hone.web.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.record.AuditEntry;
import dev.hone.record.Dataset;
import dev.hone.record.FinishedRun;
import dev.hone.record.RunLog;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.AuditLog;
import dev.hone.store.Datasets;
import dev.hone.store.ModelVersions;
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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Labelling and watching as people see it. */
@Timeout(240)
final class LabelTest {
    private static final Pattern ACTION = Pattern.compile("action=\"(/p/shop/label/[a-z-]+/([0-9a-f-]{36}))\"");

    @TempDir
    Path folder;

    private final SiteFixture site = SiteFixture.open();
    private final SiteTraces traces = new SiteTraces(site.database);

    private Subject subject(String name, Draft... drafts) throws IOException {
        Path file = Files.writeString(folder.resolve(name + CharterReader.END), """
                name: %s
                owner: Ada
                job: Says what it is about.
                good: {kind: label, classes: [refund, shipping]}
                viewers: [all]
                project: shop
                improve: {sample: 1, calls-a-day: 10000, second-labels: 0}
                loop: {judge: 0}
                """.formatted(name));
        Charter charter = CharterReader.read(file);
        site.charters.removeIf(one -> one.name().equals(name));
        site.charters.add(charter);
        for (Draft draft : drafts) {
            draft.route = name;
            draft.model = "use-case/" + name;
        }
        traces.add(drafts);
        Subject subject = new Subject(new UseCases(site.database).obtain(name, "shop"), charter);
        watch(subject);
        return subject;
    }

    private void watch(Subject subject) {
        new Watch(site.database, Eyes.ofWords(), Duration.ZERO, () -> false).carryOut(subject, Instant.now());
    }

    private static Draft draft(String question, String answer) {
        Draft draft = new Draft();
        draft.request = tools.jackson.databind.json.JsonMapper.shared()
                .writeValueAsString(Map.of("messages", List.of(Map.of("role", "user", "content", question))));
        draft.response = tools.jackson.databind.json.JsonMapper.shared()
                .writeValueAsString(
                        Map.of("choices", List.of(Map.of("message", Map.of("role", "assistant", "content", answer)))));
        return draft;
    }

    private static UUID shown(String html) {
        Matcher action = ACTION.matcher(html);
        assertTrue(action.find(), html);
        return UUID.fromString(action.group(2));
    }

    private List<String> feedback(UUID trace, int expected) throws InterruptedException {
        List<String> found = List.of();
        for (int i = 0; i < 3_000; i++) {
            found = StoreFixture.texts(
                    site.database,
                    "SELECT author || ' ' || (value ->> 'content') FROM feedback_in_force WHERE trace = '%s' ORDER BY id"
                            .formatted(trace));
            if (found.size() == expected) {
                return found;
            }
            Thread.sleep(20);
        }
        return found;
    }

    private List<String> feedbackKinds(UUID trace) throws InterruptedException {
        List<String> found = List.of();
        for (int i = 0; i < 3_000 && found.size() < 2; i++) {
            Thread.sleep(20);
            found = StoreFixture.texts(
                    site.database, "SELECT kind FROM feedback_in_force WHERE trace = '%s'".formatted(trace));
        }
        return found;
    }

    private List<String> audit(String action) {
        return new AuditLog(site.database)
                .page(site.shop, null, 1000).stream()
                        .filter(entry -> entry.action().equals(action))
                        .map(AuditEntry::subject)
                        .toList();
    }

    /** A call after the other, part by part as scripts ask, and whole without them. */
    @Test
    void callsAreLabelledOneAfterTheOther() throws Exception {
        subject("label-flow", draft("one thing", "refund"), draft("quite another matter", "shipping"));
        Browser expert = site.as("expert");
        String page = expert.get("/p/shop/label/label-flow").html();
        assertTrue(page.contains("0 labelled by you today, 2 waiting") && page.contains("<h1>Label"), page);
        assertTrue(page.contains("<kbd>1</kbd> <bdi>refund</bdi>") && page.contains("aria-keyshortcuts=\"a\""), page);
        UUID first = shown(page);
        Browser.Page next = expert.post(
                "/p/shop/label/label-flow/" + first,
                Map.of("Origin", site.url, "Sec-Fetch-Site", "same-origin", "HX-Request", "true"),
                "class",
                "shipping");
        assertEquals(200, next.status(), next.html());
        assertFalse(next.html().contains("<h1>"), "a part alone");
        assertTrue(next.html().contains("hx-swap-oob=\"innerHTML\">Labelled shipping<"), next.html());
        assertEquals(List.of("expert shipping"), feedback(first, 1));
        UUID second = shown(next.html());
        Browser.Page whole = expert.post("/p/shop/label/label-flow/" + second, "say", "right");
        assertEquals(303, whole.status());
        assertEquals("/p/shop/label/label-flow", whole.header("location"));
        assertTrue(expert.get("/p/shop/label/label-flow").html().contains("Nothing waits"));
        Browser.Page undone = expert.post("/p/shop/label/label-flow/undo");
        assertEquals("/p/shop/label/label-flow?trace=" + second, undone.header("location"));
        assertEquals(second, shown(expert.get(undone.header("location")).html()));
        assertEquals(List.of(), feedback(second, 0));
        assertTrue(audit("label.add").containsAll(List.of(first.toString(), second.toString())));
        assertTrue(audit("label.undo").contains(second.toString()));
        assertTrue(audit("trace.read").containsAll(List.of(first.toString(), second.toString())), "who labels reads");
        assertTrue(expert.get("/p/shop/label").html().contains("label-flow"));
    }

    @Test
    void whoMayNotDoesNot() throws Exception {
        subject("label-roles", draft("roles", "refund"));
        UUID trace = shown(site.as("expert").get("/p/shop/label/label-roles").html());
        Browser viewer = site.as("viewer");
        assertEquals(403, viewer.get("/p/shop/label/label-roles").status());
        assertEquals(
                403,
                viewer.post("/p/shop/label/label-roles/" + trace, "say", "right")
                        .status());
        assertFalse(viewer.get("/p/shop").html().contains("/p/shop/label\""), "nor is it offered");
        assertEquals(200, viewer.get("/p/shop/watch/label-roles").status());
        assertEquals(403, viewer.post("/p/shop/watch/label-roles/adopt").status());
        Browser stranger = site.as("stranger");
        assertEquals(404, stranger.get("/p/shop/label/label-roles").status());
        assertEquals(404, stranger.get("/p/bank/label/label-roles").status(), "it is another project's");
        assertEquals(
                404,
                stranger.post("/p/bank/label/label-roles/" + trace, "say", "right")
                        .status());
        Browser expert = site.as("expert");
        assertEquals(
                403,
                expert.post("/p/shop/label/label-roles/" + trace, "say", "right", "token", "0".repeat(64))
                        .status());
        assertEquals(
                403,
                expert.post(
                                "/p/shop/label/label-roles/" + trace,
                                Map.of("Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"),
                                "say",
                                "right")
                        .status());
        assertEquals(
                400,
                expert.post("/p/shop/label/label-roles/" + trace, "say", "nonsense")
                        .status());
        assertEquals(
                404,
                expert.post("/p/shop/label/label-roles/nonsense", "say", "right")
                        .status());
        assertEquals(404, expert.get("/p/shop/label/nobody").status());
        assertEquals(List.of(), feedback(trace, 0));
    }

    /** What others wrote is text, of any length. */
    @Test
    void hostileTextIsInert() throws Exception {
        String hostile =
                "<script>alert(1)</script><img src=x onerror=alert(2)>\"'> \u202Ereversed \u05E9\u05DC\u05D5\u05DD";
        subject("label-hostile", draft(hostile + " " + "long ".repeat(20_000), hostile));
        String page = site.as("expert").get("/p/shop/label/label-hostile").html();
        assertFalse(page.contains("<script>alert") || page.contains("<img src=x"), page);
        assertTrue(page.contains("&lt;script&gt;alert(1)"), page);
        assertTrue(page.contains("The rest of 100,") && page.contains("All of it, as plain text"), page);
        assertTrue(page.contains("dir=\"auto\""), page);
        assertTrue(page.length() < 120_000, "" + page.length());
    }

    @Test
    void whatIsNotTakenSaysWhy() throws Exception {
        subject("label-refused", draft("refused", "x".repeat(10_001)), draft("short", "refund"));
        Browser expert = site.as("expert");
        String page = expert.get("/p/shop/label/label-refused").html();
        assertTrue(page.contains("too long to be written anew here"), "what is graded worst is first");
        UUID trace = shown(page);
        Browser.Page refused = expert.post("/p/shop/label/label-refused/" + trace, "say", "text", "text", " ");
        assertEquals(422, refused.status());
        assertTrue(refused.html().contains("role=\"alert\">An answer is not empty"), refused.html());
        assertEquals(trace, shown(refused.html()), "the same call again");
        assertEquals(List.of(), feedback(trace, 0));
        expert.post("/p/shop/label/label-refused/" + trace, "say", "skip");
        assertFalse(trace.equals(shown(expert.get("/p/shop/label/label-refused").html())));
    }

    @Test
    void whatIsWatchedIsSeen() throws Exception {
        Draft[] drafts = new Draft[420];
        for (int i = 0; i < drafts.length; i++) {
            drafts[i] = draft(
                    (i % 2 == 0 ? "my parcel is late " : "give me the money back ") + i % 7,
                    i % 2 == 0 ? "shipping" : "refund");
        }
        Subject subject = subject("watch-seen", drafts);
        assertTrue(
                site.as("viewer")
                        .get("/p/shop/watch/watch-seen")
                        .html()
                        .contains(
                                "the time of a window (7d; of a live version a day at most, and until its feedback counts) is over"));
        StoreFixture.pass(site.database, subject.useCase(), Duration.ofDays(8));
        watch(subject);
        assertTrue(site.as("viewer")
                .get("/p/shop/watch/watch-seen")
                .html()
                .contains("no call that is held against it has been watched since"));
        Draft[] moved = new Draft[150];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = draft("please cancel the whole subscription today " + i % 7, "neither of them");
        }
        subject("watch-seen", moved);
        String page = site.as("operator").get("/p/shop/watch/watch-seen").html();
        assertTrue(page.contains("class=\"text wrong\">drifted<"), page);
        assertTrue(page.contains("inputs: clusters") && page.contains("G-test"), page);
        assertTrue(page.contains("Answers never seen before: <bdi>(no class)</bdi>"), page);
        assertTrue(page.contains("against it: nobody has labelled anything"), page);
        assertTrue(page.contains("Mean of the grader [label] by day") && page.contains("money back"), page);
        String figures = site.as("viewer").get("/p/shop/watch/watch-seen").html();
        assertFalse(figures.contains("money back"), "prompts are not for viewers");
        Browser operator = site.as("operator");
        operator.get("/p/shop/watch/watch-seen");
        assertEquals(303, operator.post("/p/shop/watch/watch-seen/adopt").status(), "which is taken as usual");
        assertTrue(audit("watch.adopt").contains("watch-seen"));
        watch(subject);
        assertTrue(site.as("viewer")
                .get("/p/shop/watch/watch-seen")
                .html()
                .contains("no call that is held against it has been watched since"));
    }

    private static Draft[] usual(int count) {
        Draft[] drafts = new Draft[count];
        for (int i = 0; i < count; i++) {
            drafts[i] = draft("my parcel is late " + i % 7, "shipping");
        }
        return drafts;
    }

    /** A window in which nothing came is not taken for one of nothings; a version that is newly live is held against itself. */
    @Test
    void whatIsNotThereIsSaid() throws Exception {
        Subject subject = subject("watch-gone", usual(200));
        StoreFixture.pass(site.database, subject.useCase(), Duration.ofDays(8));
        watch(subject);
        subject("watch-gone", usual(60));
        StoreFixture.pass(site.database, subject.useCase(), Duration.ofDays(8));
        watch(subject);
        String page = site.as("viewer").get("/p/shop/watch/watch-gone").html();
        assertTrue(page.contains("There are no calls of the window."), page);
        assertTrue(page.contains("<bdi>none of the window</bdi>"), page);
        assertFalse(page.contains("median of 0") || page.contains("mean 0.000") || page.contains("has nothing"), page);
        String hash = "b7".repeat(32);
        Dataset dataset = new Datasets(site.database).freeze(subject.useCase(), hash, "{}", "{}", List.of());
        FinishedRun run = new FinishedRun(hash, hash, 1, "base", hash, "{}", "{}", "{}", Instant.now());
        new ModelVersions(site.database)
                .add(
                        subject.useCase(),
                        new ModelVersions.Candidate(
                                run, new RunLog(List.of(), List.of()), dataset.id(), hash, null, "here"));
        new Aliases(site.database).set(new VersionReference.Numbered("shop", "watch-gone", 1), "live", "ann");
        String fresh = site.as("viewer").get("/p/shop/watch/watch-gone").html();
        assertTrue(
                fresh.contains("Another version, another reference") && fresh.contains("Version 1 is live since"),
                fresh);
        assertTrue(fresh.contains("as soon as 100 of them are watched (0 are); until then nobody looks"), fresh);
    }

    /** Nothing on the page tells which of two answers users saw: what is written anew begins empty. */
    @Test
    void twoAnswersAreBlind() throws Exception {
        Draft live = draft("which is better", "the one that users saw");
        Draft copy = draft("which is better", "the other one");
        copy.shadowOf = live.id;
        copy.variant = "candidate";
        subject("label-blind", live, copy);
        String page = site.as("expert").get("/p/shop/label/label-blind").html();
        assertTrue(page.contains("Which is better?") && page.contains("spellcheck=\"false\""), page);
        for (String answer : List.of("the one that users saw", "the other one")) {
            assertEquals(2, page.split(answer, -1).length, "once: " + answer);
        }
        assertFalse(
                page.contains("candidate") || page.contains("incumbent") || page.contains(copy.id.toString()), page);
        assertFalse(page.contains("graded") || page.contains("answered otherwise"), "reasons are of the live answer");
        UUID trace = shown(page);
        assertEquals(live.id, trace);
        Browser expert = site.as("expert");
        expert.get("/p/shop/label/label-blind");
        assertEquals(
                303,
                expert.post("/p/shop/label/label-blind/" + trace, "say", "first-right")
                        .status());
        assertEquals(2, feedbackKinds(trace).size(), "a right answer and a vote");
    }

    @Test
    void withoutCallsBothSaySo() throws Exception {
        subject("watch-empty");
        assertTrue(site.as("expert").get("/p/shop/label/watch-empty").html().contains("Nothing waits"));
        assertTrue(
                site.as("viewer").get("/p/shop/watch/watch-empty").html().contains("when 100 more calls are watched"));
    }
}
