package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CapturedCall;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import dev.hone.record.VersionReference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Projects name their use cases as they like: what one calls so is not what another does. */
final class UseCasesTest {
    private static final Database DATABASE = TestDatabase.database();

    private final UseCases useCases = new UseCases(DATABASE);
    private final Calls calls = new Calls(DATABASE);

    private static CapturedCall call(String project, String route, String episode) {
        return MadeCall.of(route).in(project, episode).call();
    }

    private static String query(String sql) {
        return DATABASE.inTransaction(connection -> CallsTest.query(connection, sql));
    }

    private static String refusal(Executable executable) {
        return assertThrows(IllegalArgumentException.class, executable).getMessage();
    }

    private static TraceQuery of(String project, String useCase) {
        return new TraceQuery(
                project, useCase, null, null, Set.of(), null, null, null, Map.of(), null, null, null, true);
    }

    @Test
    void callsOfBothBelongToTheirOwn() {
        CapturedCall one = call("own-a", "same-job", "e");
        CapturedCall other = call("own-b", "same-job", "e");
        assertEquals(2, calls.add(List.of(one, other)).calls());
        for (CapturedCall call : List.of(one, other)) {
            assertEquals(
                    "same-job of " + call.facts().origin().project(),
                    query(
                            "SELECT u.name || ' of ' || p.name FROM trace t JOIN use_case u ON u.id = t.use_case JOIN project p ON p.id = u.project WHERE t.id = '%s'"
                                    .formatted(call.facts().id())));
        }
        assertNotEquals(useCases.require("same-job", "own-a"), useCases.require("same-job", "own-b"));
    }

    /** It is about an episode of its own project's use case, although another project has one of the same name. */
    @Test
    void feedbackIsOnItsOwn() {
        CapturedCall one = call("said-a", "said-job", "shared");
        CapturedCall other = call("said-b", "said-job", "shared");
        calls.add(List.of(one, other));
        Feedbacks.Episode episode = new Feedbacks.Episode("said-job", "shared");
        assertEquals(
                Set.of(episode),
                new Feedbacks(DATABASE)
                        .find("said-b", List.of(), List.of(episode), List.of())
                        .episodes());
        Feedback said = new Feedback(
                Ids.next(),
                "said-b",
                null,
                "said-job",
                "shared",
                Feedback.Kind.COMMENT,
                "comment",
                "\"x\"",
                null,
                null,
                Instant.now(),
                Instant.now(),
                null,
                "a".repeat(64),
                null,
                true,
                null);
        calls.add(UUID.randomUUID(), new Calls.Checkpoint(1, 1), List.of(), List.of(said), new Feedbacks.Ruling() {
            @Override
            public Optional<String> objection(Feedback feedback, String useCase) {
                return Optional.empty();
            }

            @Override
            public void aside(Feedback feedback, String why) {
                throw new AssertionError(why);
            }
        });
        assertEquals(
                useCases.require("said-job", "said-b").toString(),
                query("SELECT use_case::text FROM feedback WHERE id = '%s'".formatted(said.id())));
    }

    @Test
    void aSearchSeesItsOwn() {
        CapturedCall one = call("seen-a", "seen-job", "e");
        CapturedCall other = call("seen-b", "seen-job", "e");
        calls.add(List.of(one, other));
        List<UUID> found = new TraceSearch(DATABASE)
                .find(of("seen-b", "seen-job"), null, 10).traces().stream()
                        .map(TraceSearch.Found::id)
                        .toList();
        assertEquals(List.of(other.facts().id()), found);
    }

    /** Who does not say whose is understood as long as one project has the name, and is asked when several do. */
    @Test
    void aNameThatSeveralHaveWantsAProject() {
        UUID standard = useCases.obtain("whose");
        assertEquals(standard, useCases.require("whose"));
        assertEquals(Project.DEFAULT, useCases.project("whose", null));
        calls.add(List.of(call("whose-b", "whose", "e"), call("whose-b", "whose-only", "e")));
        UUID other = useCases.obtain("whose", "whose-b");
        assertNotEquals(standard, other);
        assertEquals(standard, useCases.require("whose", Project.DEFAULT));
        assertEquals("whose-b", useCases.project("whose-only", null), "where one has it, that one");
        assertEquals(useCases.require("whose-only", "whose-b"), useCases.obtain("whose-only"));
        for (Executable unsaid : List.<Executable>of(
                () -> useCases.require("whose"),
                () -> useCases.obtain("whose"),
                () -> useCases.project("whose", null))) {
            String message = refusal(unsaid);
            assertTrue(message.contains("[default, whose-b]") && message.contains("--project default"), message);
        }
        assertTrue(refusal(() -> useCases.obtain("whose", "nobody")).contains("There is no project [nobody]"));
        assertTrue(refusal(() -> useCases.require("nothing", "whose-b")).contains("in the project [whose-b]"));
    }

    @Test
    void aVersionIsNamedWithItsProjectWhereItMustBe() {
        useCases.obtain("versioned");
        calls.add(List.of(call("versioned-b", "versioned", "e")));
        ModelVersions versions = new ModelVersions(DATABASE);
        assertTrue(refusal(() -> versions.find(VersionReference.of("versioned@live")))
                .contains("default:versioned"));
        assertTrue(
                versions.find(VersionReference.of("versioned-b:versioned@live")).isEmpty());
        assertTrue(refusal(() -> versions.require(VersionReference.of("versioned-b:versioned/3")))
                .contains("has no model versions"));
        assertTrue(refusal(() -> new Aliases(DATABASE).set(VersionReference.of("versioned/1"), "live", "me"))
                .contains("say which"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:support@live", "support@live", "a-b:support/12", "support/12"})
    void aReferenceIsWrittenAsItIsRead(String text) {
        assertEquals(text, VersionReference.of(text).text());
        assertEquals(
                text.contains(":") ? text.substring(0, text.indexOf(':')) : null,
                VersionReference.of(text).project());
        assertEquals("support", VersionReference.of(text).useCase());
    }

    /** Calls of a use case whose name another project had are given one of their own. */
    @Test
    void callsThatWereWithoutOneGetTheirs() throws Exception {
        try (OldDatabase old = OldDatabase.of("10")) {
            old.execute("""
                    INSERT INTO project (id, name) VALUES ('00000000-0000-7000-8000-000000000001', 'b');
                    INSERT INTO use_case (id, name) VALUES (gen_random_uuid(), 'job');
                    SELECT make_room('2026-03-01Z');
                    INSERT INTO trace (id, project, use_case, route, variant)
                    SELECT least_id('2026-03-01Z'), project, id, name, 'v' FROM use_case;
                    INSERT INTO trace (id, project, route, variant) VALUES
                        (least_id('2026-03-02Z'), '00000000-0000-7000-8000-000000000001', 'job', 'v'),
                        (least_id('2026-03-03Z'), '00000000-0000-7000-8000-000000000001', 'openai/gpt', 'v');
                    INSERT INTO feedback (id, project, trace, kind, name, value, day, route, variant)
                    SELECT gen_random_uuid(), project, id, 'comment', 'comment', '"x"', '2026-03-02', 'job', 'v' FROM trace
                     WHERE id = least_id('2026-03-02Z');
                    """);
            old.migrate();
            assertEquals(
                    "default:job b:job -",
                    old.query(
                            "SELECT coalesce(p.name || ':' || u.name, '-') FROM trace t LEFT JOIN use_case u ON u.id = t.use_case LEFT JOIN project p ON p.id = u.project ORDER BY t.id"));
            assertEquals(
                    "b",
                    old.query(
                            "SELECT p.name FROM feedback f JOIN use_case u ON u.id = f.use_case JOIN project p ON p.id = u.project"));
        }
    }
}
