package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.End;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.store.Calls.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A search finds what a look at every call finds, in whatever way it walks. */
final class TraceSearchTest {
    private static final String PROJECT = "search";
    private static final Instant START = Instant.parse("2026-05-30T00:00:00Z");
    private static final List<String> TEXTS =
            List.of("money back", "100% sure_ly", "say \\\"no\\\"", "caf\\u00e9", "café", "line\\nbreak");

    private static final List<CapturedCall> ALL = new ArrayList<>();
    private static final List<Feedback> SAID = new ArrayList<>();

    private final TraceSearch search = new TraceSearch(TestDatabase.database());

    private static UUID id(Instant at, String project) {
        return new UUID(
                (at.toEpochMilli() << 16) | 0x7000 | ALL.size() & 0xFFF,
                1L << 63 | 2L * ALL.size() + (project.equals(PROJECT) ? 0 : 1));
    }

    private static CapturedCall call(Random random, String project) {
        Instant at = START.plus(Duration.ofMinutes(5L * ALL.size()));
        return call(random, project, at, id(at, project));
    }

    private static CapturedCall call(Random random, String project, Instant at, UUID id) {
        boolean useCase = random.nextInt(4) > 0;
        int status = random.nextInt(5) > 0 ? 200 : 429;
        return new CapturedCall(
                new CapturedCall.Facts(
                        id,
                        at,
                        "/v1/chat/completions",
                        "m" + random.nextInt(3),
                        useCase ? project + "-" + random.nextInt(2) : "openai/gpt",
                        useCase,
                        random.nextBoolean() ? "a" : "b",
                        new CapturedCall.Origin(
                                project,
                                null,
                                random.nextInt(3) == 0 ? "e" + random.nextInt(20) : null,
                                null,
                                Map.of("release", "r" + random.nextInt(3), "n", String.valueOf(ALL.size())),
                                null,
                                null),
                        false,
                        status,
                        status == 200 ? End.ANSWERED : End.REFUSED,
                        1.0,
                        2.0,
                        CallUsage.UNKNOWN,
                        null,
                        List.of(new CapturedCall.Attempt(1, "v", "u", "m", 200, null, 1, null))),
                ("{\"a\":\"" + TEXTS.get(random.nextInt(TEXTS.size())) + "\"}").getBytes(StandardCharsets.UTF_8),
                "{\"b\":\"Answer %d\"}".formatted(ALL.size()).getBytes(StandardCharsets.UTF_8));
    }

    @BeforeAll
    static void fill() {
        Random random = new Random(7);
        List<CapturedCall> others = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            ALL.add(call(random, PROJECT));
            others.add(call(random, "others"));
            if (random.nextInt(4) == 0) {
                boolean figure = random.nextBoolean();
                double score = random.nextInt(1, 6);
                SAID.add(new Feedback(
                        Ids.next(),
                        PROJECT,
                        ALL.getLast().facts().id(),
                        null,
                        null,
                        figure ? Feedback.Kind.FLOAT : Feedback.Kind.COMMENT,
                        figure ? "stars" : "comment",
                        figure ? String.valueOf(score) : "\"fine\"",
                        figure ? score : null,
                        null,
                        START,
                        START,
                        null,
                        "a".repeat(64),
                        null,
                        true,
                        null));
            }
        }
        Calls calls = new Calls(TestDatabase.database());
        calls.add(UUID.randomUUID(), new Checkpoint(1, 1), others);
        calls.add(UUID.randomUUID(), new Checkpoint(1, 1), ALL, SAID, new Feedbacks.Ruling() {
            @Override
            public Optional<String> objection(Feedback feedback, @Nullable String useCase) {
                return Optional.empty();
            }

            @Override
            public void aside(Feedback feedback, String why) {
                throw new AssertionError(why);
            }
        });
    }

    private static List<UUID> expected(Predicate<CapturedCall> filter) {
        return ALL.stream()
                .filter(filter)
                .map(call -> call.facts().id())
                .sorted(Comparator.comparing(UUID::toString).reversed())
                .toList();
    }

    /** Page by page, in order, each once. */
    private List<UUID> found(TraceQuery filter, int limit) {
        List<UUID> found = new ArrayList<>();
        UUID next = null;
        do {
            TraceSearch.Page page = search.find(filter, next, limit);
            assertTrue(page.traces().size() <= limit);
            assertEquals(page.full(), page.traces().size() == limit);
            page.traces().forEach(one -> found.add(one.id()));
            next = page.next();
        } while (next != null);
        return found;
    }

    private void check(Predicate<CapturedCall> wanted, TraceQuery filter) {
        List<UUID> expected = expected(wanted);
        assertTrue(!expected.isEmpty() && expected.size() < ALL.size(), "the filter does something");
        assertEquals(expected, found(filter, 50));
    }

    private static TraceQuery where(
            @Nullable String useCase, @Nullable String variant, @Nullable End ended, @Nullable Integer status) {
        return new TraceQuery(
                PROJECT,
                useCase,
                variant,
                null,
                ended == null ? Set.of() : Set.of(ended),
                status,
                null,
                null,
                Map.of(),
                null,
                null,
                null,
                true);
    }

    private static TraceQuery text(String text) {
        return new TraceQuery(PROJECT, null, null, null, Set.of(), null, null, null, Map.of(), null, null, text, true);
    }

    private static TraceQuery judged(@Nullable String name, @Nullable Double least, @Nullable Double most) {
        return new TraceQuery(
                PROJECT,
                null,
                "a",
                null,
                Set.of(),
                null,
                null,
                null,
                Map.of(),
                null,
                new TraceQuery.Judged(name, least, most),
                null,
                true);
    }

    private static TraceQuery tagged(Map<String, String> tags, @Nullable String episode) {
        return new TraceQuery(PROJECT, null, null, null, Set.of(), null, null, null, tags, episode, null, null, true);
    }

    /** Also from before there were identifiers, to after there will be any. */
    @Test
    void allOfTimeIsFound() {
        for (String from : List.of("1970-01-01T00:00:00Z", "1969-12-31T00:00:00Z", "0001-01-01T00:00:00Z")) {
            TraceQuery ever = new TraceQuery(
                    PROJECT,
                    null,
                    null,
                    null,
                    Set.of(),
                    null,
                    Instant.parse(from),
                    Instant.parse("+12000-01-01T00:00:00Z"),
                    Map.of(),
                    null,
                    null,
                    null,
                    true);
            assertEquals(expected(call -> true), found(ever, 500), from);
        }
    }

    @Test
    void factsAreFound() {
        check(call -> call.facts().route().equals("search-1"), where("search-1", null, null, null));
        check(call -> call.facts().variant().equals("a"), where(null, "a", null, null));
        check(call -> call.facts().end() == End.REFUSED, where(null, null, End.REFUSED, null));
        check(call -> call.facts().end() == End.ANSWERED, where(null, null, End.ANSWERED, null));
        check(call -> call.facts().status() == 429, where(null, null, null, 429));
        check(
                call -> call.facts().route().equals("search-0")
                        && call.facts().variant().equals("b")
                        && call.facts().status() == 429,
                where("search-0", "b", End.REFUSED, 429));
        check(
                call -> call.facts().model().equals("m2"),
                new TraceQuery(
                        PROJECT, null, null, "m2", Set.of(), null, null, null, Map.of(), null, null, null, true));
        Instant from = START.plus(Duration.ofHours(30));
        Instant to = START.plus(Duration.ofHours(50));
        check(
                call -> !call.facts().started().isBefore(from)
                        && call.facts().started().isBefore(to),
                new TraceQuery(PROJECT, null, null, null, Set.of(), null, from, to, Map.of(), null, null, null, true));
        assertEquals(ALL.size(), found(TraceQuery.of(PROJECT), 47).size());
        assertEquals(List.of(), found(TraceQuery.of("no-such-project"), 50));
    }

    @Test
    void tagsAndEpisodesAreFound() {
        check(call -> "r1".equals(call.facts().origin().tags().get("release")), tagged(Map.of("release", "r1"), null));
        check(call -> "17".equals(call.facts().origin().tags().get("n")), tagged(Map.of("n", "17"), null));
        check(
                call -> "r2".equals(call.facts().origin().tags().get("release"))
                        && "e3".equals(call.facts().origin().episode()),
                tagged(Map.of("release", "r2"), "e3"));
        assertEquals(List.of(), found(tagged(Map.of("n", "none"), null), 50));
    }

    @Test
    void feedbackIsFound() {
        check(call -> call.facts().variant().equals("a") && said(call, null, 0, 9), judged(null, null, null));
        check(call -> call.facts().variant().equals("a") && said(call, "comment", 0, 9), judged("comment", null, null));
        check(call -> call.facts().variant().equals("a") && said(call, "stars", 2, 3), judged("stars", 2.0, 3.0));
        check(call -> call.facts().variant().equals("a") && said(call, "stars", 4, 9), judged("stars", 4.0, null));
    }

    private static boolean said(CapturedCall call, @Nullable String name, double least, double most) {
        return SAID.stream()
                .anyMatch(one -> call.facts().id().equals(one.trace())
                        && (name == null || one.name().equals(name))
                        && (one.score() == null || one.score() >= least && one.score() <= most));
    }

    private static Predicate<CapturedCall> says(String... texts) {
        return call -> List.of(texts).stream().anyMatch(new String(call.request(), StandardCharsets.UTF_8)::contains);
    }

    @Test
    void textsAreFoundHoweverTheyAreWritten() {
        check(says("money back"), text("MONEY back"));
        check(says("100% sure_ly"), text("0% sure_l"));
        check(says("say \\\"no\\\""), text("say \"no\""));
        check(says("line\\nbreak"), text("line\nbreak"));
        check(says("caf\\u00e9", "café"), text("café"));
        check(call -> new String(call.response(), StandardCharsets.UTF_8).contains("Answer 77"), text("answer 77"));
        assertEquals(expected(says("100%")), found(text("%"), 50));
    }

    /** A few very long bodies keep nobody from what is older. */
    @Test
    void ofALongBodyTheBeginningIsLookedThrough() {
        CapturedCall one = call(new Random(1), "long", START, Ids.next());
        byte[] request =
                ("{\"a\":\"at first " + "x".repeat(300 << 10) + " at last\"}").getBytes(StandardCharsets.UTF_8);
        new Calls(TestDatabase.database())
                .add(
                        UUID.randomUUID(),
                        new Checkpoint(1, 1),
                        List.of(new CapturedCall(one.facts(), request, one.response())));
        assertEquals(1, search.find(longOnes("AT first"), null, 10).traces().size());
        assertEquals(0, search.find(longOnes("at last"), null, 10).traces().size());
    }

    private static TraceQuery longOnes(String text) {
        return new TraceQuery("long", null, null, null, Set.of(), null, null, null, Map.of(), null, null, text, true);
    }

    /** The figures of a page are those of the rows. */
    @Test
    void oneIsFoundWithWhatItSays() {
        CapturedCall call = ALL.get(5);
        TraceSearch.Found found = search.find(PROJECT, call.facts().id()).orElseThrow();
        assertEquals(call.facts().started(), found.occurred());
        assertEquals(call.facts().origin().tags(), found.tags());
        TraceDetails.Detail detail = new TraceDetails(TestDatabase.database())
                .find(PROJECT, found.id())
                .orElseThrow();
        assertEquals(new String(call.request(), StandardCharsets.UTF_8), detail.request());
        assertEquals(1, detail.attempts().size());
        assertEquals(found.feedback(), detail.feedback().size());
        assertTrue(search.find("others", found.id()).isEmpty());
        assertTrue(new TraceDetails(TestDatabase.database())
                .find("others", found.id())
                .isEmpty());
    }
}
