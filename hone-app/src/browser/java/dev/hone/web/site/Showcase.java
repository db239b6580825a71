package dev.hone.web.site;

import dev.hone.record.ApiKey;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.CapturedCall.End;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.Project;
import dev.hone.record.Role;
import dev.hone.store.ApiKeys;
import dev.hone.store.People;
import dev.hone.store.StoreFixture;
import dev.hone.web.access.Passwords;
import dev.hone.web.site.SiteTraces.Draft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/** A product's week: invented calls of five use cases, and a run and an evaluation of the main job as they came out. */
record Showcase(String url, UUID trace, UUID hostile) {
    static Showcase open() {
        return ONE;
    }

    static Path folder(String name) {
        try {
            return Files.createDirectories(SiteFixture.RUNS.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A job: its share of the calls, what a call costs, and how long it takes. */
    private record Job(String name, double share, double cost, double millis) {}

    private static final List<Job> JOBS = List.of(
            new Job("support-answers", 0.34, 0.0049, 1900),
            new Job("order-extraction", 0.27, 0.0021, 850),
            new Job("search-rewrite", 0.22, 0.0004, 310),
            new Job("catalogue-tags", 0.12, 0.0009, 620),
            new Job("assistant-actions", 0.05, 0.0031, 740));

    private static final Showcase ONE = make();

    private static Showcase make() {
        SiteFixture site = SiteFixture.open();
        new People(site.database)
                .add("ada", Passwords.hash(SiteFixture.PASSWORD), Project.DEFAULT, Role.OWNER, "root (command line)");
        new People(site.database)
                .add("grace", Passwords.hash(SiteFixture.PASSWORD), Project.DEFAULT, Role.EXPERT, "ada");
        new ApiKeys(site.database).add(key("web-shop", "hone_Xk4Tq…", "500", 600));
        new ApiKeys(site.database).add(key("nightly-jobs", "hone_9vB2c…", null, null));
        SiteTraces traces = new SiteTraces(site.database);
        week(traces);
        Draft hostile = inert();
        List<Draft> episode = episode();
        traces.add(hostile);
        traces.add(episode.toArray(Draft[]::new));
        UUID shop = UUID.fromString("00000000-0000-7000-8000-000000000000");
        SiteRuns runs = new SiteRuns(site.database, shop);
        runs.run("assistant-actions", "7");
        runs.evaluation("assistant-actions", SiteRuns.resource("report.json"));
        List<ModelVersion> versions = new SiteVersions(site.database, shop)
                .story(
                        "catalogue-tags",
                        "[catalogue-tags/2] less [catalogue-tags/1]: +3.1 points (+0.4 to +5.9) on 117 tasks; it may be worse by 2.0 points");
        new SiteRounds(site.database)
                .done(
                        versions.getLast(),
                        "production has drifted: answers: names: [shoes] has 12.5 %, 2.1 % before",
                        false);
        opinions(site, episode);
        try {
            Files.writeString(folder("support-lora").resolve("metrics.jsonl"), SiteRuns.resource("metrics.jsonl"));
            Files.writeString(folder("support-lora").resolve("samples.jsonl"), SiteRuns.resource("samples.jsonl"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Showcase(site.url, episode.getLast().id, hostile.id);
    }

    private static ApiKey key(
            String name,
            String hint,
            @org.jspecify.annotations.Nullable String budget,
            @org.jspecify.annotations.Nullable Integer rate) {
        return new ApiKey(
                Ids.next(),
                name,
                dev.hone.fetch.Hashes.sha256(name),
                hint,
                Set.of(ApiKey.Scope.CALL, ApiKey.Scope.FEEDBACK),
                Project.DEFAULT,
                new ApiKey.Bounds(budget == null ? null : new BigDecimal(budget), rate),
                "ada",
                Instant.now(),
                null,
                null);
    }

    private static void week(SiteTraces traces) {
        Random random = new Random(1);
        Instant now = Instant.now();
        List<Draft> drafts = new ArrayList<>();
        for (Instant at = now.minus(Duration.ofDays(7)); at.isBefore(now); at = at.plusSeconds(150)) {
            double hour = at.getEpochSecond() % 86_400 / 3600.0;
            double rate = 0.25 + 0.75 * Math.exp(-Math.pow((hour - 13) / 4.5, 2));
            if (random.nextDouble() < rate) {
                drafts.add(call(at, random));
            }
        }
        traces.add(drafts.toArray(Draft[]::new));
    }

    private static Draft call(Instant at, Random random) {
        double drawn = random.nextDouble();
        Job job = JOBS.getLast();
        for (Job one : JOBS) {
            drawn -= one.share();
            if (drawn <= 0) {
                job = one;
                break;
            }
        }
        Draft draft = Draft.at(at);
        draft.project = Project.DEFAULT;
        draft.route = job.name();
        draft.model = "use-case/" + job.name();
        draft.variant = random.nextInt(10) == 0 ? "tuned" : "incumbent";
        draft.millis = job.millis() * Math.exp(0.45 * random.nextGaussian());
        draft.cost = String.format(java.util.Locale.ROOT, "%.6f", job.cost() * Math.exp(0.3 * random.nextGaussian()));
        draft.tags = Map.of("country", List.of("de", "fr", "nl").get(random.nextInt(3)));
        int luck = random.nextInt(60);
        if (luck == 0) {
            draft.end = End.REFUSED;
            draft.status = 502;
        } else if (luck == 1) {
            draft.end = End.ABANDONED;
        }
        if (random.nextInt(4) == 0) {
            draft.episode = "chat-" + (10_000 + random.nextInt(90_000));
        }
        return draft;
    }

    private static Draft base(String episode) {
        Draft draft = new Draft();
        draft.project = Project.DEFAULT;
        draft.route = "support-answers";
        draft.model = "use-case/support-answers";
        draft.episode = episode;
        draft.tags = Map.of("country", "de", "channel", "web");
        return draft;
    }

    private static List<Draft> episode() {
        String system =
                "{\"role\":\"system\",\"content\":\"You answer customers of a shop. Look orders up before you say anything about them.\"}";
        String user = "{\"role\":\"user\",\"content\":\"Hi, my order 48213 was due on Tuesday. Where is it?\"}";
        String call =
                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_1\",\"function\":{\"name\":\"find_order\",\"arguments\":\"{\\\"order\\\":48213,\\\"with\\\":[\\\"carrier\\\",\\\"events\\\"]}\"}}]}";
        String tool =
                "{\"role\":\"tool\",\"tool_call_id\":\"call_1\",\"content\":\"{\\\"carrier\\\":\\\"DHL\\\",\\\"events\\\":[\\\"left the warehouse on Monday\\\",\\\"held at the depot in Leipzig\\\"]}\"}";
        String answer =
                "{\"role\":\"assistant\",\"content\":\"Your parcel left us on Monday and is held at the depot in Leipzig. DHL plans to deliver it tomorrow before noon; I have asked them to tell you by text message.\"}";
        String tools = "\"tools\":[{\"function\":{\"name\":\"find_order\"}},{\"function\":{\"name\":\"refund\"}}]";
        Draft first = base("chat-48213");
        first.request = "{\"messages\":[%s,%s],%s}".formatted(system, user, tools);
        first.response = "{\"choices\":[{\"message\":%s}]}".formatted(call);
        first.millis = 940;
        Draft second = base("chat-48213");
        second.request = "{\"messages\":[%s,%s,%s,%s],%s}".formatted(system, user, call, tool, tools);
        second.response = "{\"choices\":[{\"message\":%s}]}".formatted(answer);
        second.millis = 2640;
        second.attempts = List.of(
                new Attempt(1, "tuned", "own", "support-7", 503, "overloaded", 310, null),
                new Attempt(2, "incumbent", "openai", "gpt-4.1-mini", 200, null, 2080, null));
        return List.of(first, second);
    }

    private static Draft inert() {
        Draft draft = base("<script>alert('episode')</script>");
        draft.variant = "<img src=x onerror=alert(1)>";
        draft.request =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"<script>alert(1)</script><img src=x onerror=alert(2)> **bold** [a](javascript:alert(3)) \\u202Ereversed\"},"
                        + "{\"role\":\"user\",\"content\":\"\u05E9\u05DC\u05D5\u05DD \u05E2\u05D5\u05DC\u05DD, where is my order?\"},"
                        + "{\"role\":\"user\",\"content\":\"" + "W".repeat(100_000) + "\"}]}";
        draft.response = "{\"choices\":[{\"message\":{\"content\":\"</pre></main><svg onload=alert(4)>\"}}]}";
        return draft;
    }

    private static void opinions(SiteFixture site, List<Draft> episode) {
        StoreFixture.change(site.database, """
                INSERT INTO feedback (id, trace, kind, name, day, route, variant, value, score)
                SELECT gen_random_uuid(), id, 'boolean', 'rating', now()::date, route, variant, to_json(good), good::integer
                  FROM trace CROSS JOIN LATERAL (SELECT random() < CASE route WHEN 'support-answers' THEN 0.82 ELSE 0.93 END AS good) AS drawn
                 WHERE project = '00000000-0000-7000-8000-000000000000' AND ended = 'answered' AND id <> ? AND random() < 0.2
                """, episode.getLast().id);
        StoreFixture.change(
                site.database,
                "INSERT INTO feedback (id, trace, kind, name, day, route, variant, value, score)"
                        + " VALUES (?, ?, 'boolean', 'rating', now()::date, 'support-answers', 'incumbent', 'true', 1),"
                        + " (?, ?, 'comment', 'remark', now()::date, 'support-answers', 'incumbent', '\"Solved in one go\"', NULL)",
                Ids.next(),
                episode.getLast().id,
                Ids.next(),
                episode.getLast().id);
        StoreFixture.change(
                site.database,
                "DO $$ BEGIN PERFORM book_feedback(array(SELECT id FROM feedback"
                        + " WHERE project = '00000000-0000-7000-8000-000000000000')); END $$");
    }
}
