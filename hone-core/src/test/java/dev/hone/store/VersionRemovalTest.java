package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.FollowedFiles;
import dev.hone.record.ConfigurationText;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.VersionReference.Aliased;
import dev.hone.record.VersionReference.Numbered;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Versions that something uses stay, in a real database. */
final class VersionRemovalTest {
    private static final Database DATABASE = TestDatabase.database();

    private final VersionRemoval removal = new VersionRemoval(DATABASE, FollowedFiles::serve);
    private final Aliases aliases = new Aliases(DATABASE);

    private String refusal(String useCase, int number) {
        return String.valueOf(assertThrows(
                        IllegalArgumentException.class, () -> removal.delete(new Numbered(useCase, number), "ann"))
                .getMessage());
    }

    @Test
    void aVersionThatIsUsedStaysAndSaysWhyAndHowToMendIt() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "in-use", 1);
        ModelVersion one = learned.version("one", null, null);
        learned.version("two", null, one);
        aliases.set(new Numbered("in-use", 1), "previous", "ann");
        aliases.set(new Numbered("in-use", 2), "live", "ann");
        String first = refusal("in-use", 1);
        assertTrue(
                first.contains("[in-use/1] is in use")
                        && first.contains("[in-use@previous]")
                        && first.contains("hone models remove-alias in-use@previous")
                        && first.contains("[in-use/2] began with it"),
                first);
        assertEquals(2, removal.uses(learned.again(one)).size());
        assertTrue(refusal("in-use", 2).contains("[in-use@live]"));
        aliases.remove(new Aliased("in-use", "live"), "ann");
        assertEquals(
                "in-use/2", removal.delete(new Numbered("in-use", 2), "ann").reference());
        aliases.remove(new Aliased("in-use", "previous"), "ann");
        removal.delete(new Numbered("in-use", 1), "ann");
        assertEquals(3, learned.version("three", null, null).number(), "numbers are never given again");
        assertTrue(refusal("in-use", 1).contains("no model version [in-use/1]"));
        assertEquals(
                "in-use/2 in-use/1",
                learned.query(
                        "SELECT subject FROM audit WHERE action = 'version.delete' AND subject LIKE 'in-use/%' ORDER BY id"));
    }

    @Test
    void reportsOutliveAVersionThatTheyJudged() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "judged-once", 1);
        ModelVersion one = learned.version("one", null, null);
        new Evaluations(DATABASE).add(learned.id(), "{\"x\": 1}", "data", 1, null, List.of(one.id()));
        removal.delete(new Numbered("judged-once", 1), "ann");
        assertEquals("1", learned.query("SELECT count(*) FROM evaluation WHERE use_case = ?", learned.id()));
    }

    /** What a round has made is judged next, and what a gateway serves by its number is opened at its next start. */
    @Test
    void whatARoundHasMadeAndWhatAGatewayServesStays() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "in-rounds", 1);
        ModelVersion one = learned.version("one", null, null);
        ModelVersion two = learned.version("two", null, null);
        Loops loops = new Loops(DATABASE);
        Loops.Round round = loops.begin(Ids.next(), learned.id(), "asked", "ann", "/home");
        loops.finished(round.id(), "registration", "{\"version\": \"in-rounds/2\", \"number\": 2}", 1);
        assertEquals(List.of(), removal.uses(one));
        assertTrue(refusal("in-rounds", 2).contains("hone loop in-rounds --abandon"));
        loops.end(round.id(), Loops.Outcome.ABANDONED, "enough", 2);
        assertEquals(List.of(), removal.uses(two));
        Configurations configurations = new Configurations(DATABASE);
        UUID gateway = UUID.randomUUID();
        configurations.followed(
                gateway, text("7a", "models: {own: {version: 'in-rounds/22'}, two: {version: in-rounds/2, rows: 1}}"));
        assertTrue(refusal("in-rounds", 2).contains("[models] of the hone.yaml that a gateway followed last"));
        assertTrue(refusal("in-rounds", 2).contains("hone configuration 7a7a7a7a7a7a"));
        assertEquals(List.of(), removal.uses(one));
        configurations.followed(gateway, text("7b", "models: {own: {version: 'in-rounds/22'}}"));
        assertEquals(List.of(), removal.uses(two));
    }

    /** What a gateway goes back to is not new, and yet what it serves; each gateway has its own files. */
    @Test
    void aGatewayGoesBackAndAnotherHasFilesOfItsOwn() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "followed", 1);
        ModelVersion one = learned.version("one", null, null);
        Configurations configurations = new Configurations(DATABASE);
        ConfigurationText serves = text("8a", "models: {own: {\"version\": followed/1}}");
        ConfigurationText not = text("8b", "models: {own: {version: ./folder}}");
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        configurations.followed(first, serves);
        configurations.followed(first, not);
        assertEquals(List.of(), removal.uses(one), "it has left it");
        configurations.followed(first, serves);
        assertEquals(1, removal.uses(one).size(), "it has gone back");
        assertNotNull(configurations.find(serves.hash()).getFirst().last());
        assertNull(configurations.find(not.hash()).getFirst().last(), "nobody follows it");
        configurations.followed(second, not);
        assertEquals(1, removal.uses(one).size(), "the first still follows it");
        silent(first, 6);
        assertEquals(1, removal.uses(one).size(), "it was off for some days");
        silent(first, 8);
        assertEquals(List.of(), removal.uses(one), "it is gone, and another is there");
        configurations.followed(first, serves);
        assertEquals(1, removal.uses(one).size(), "it is back");
        DATABASE.inTransaction(connection -> Rows.change(
                connection,
                "UPDATE configuration_followed SET at = at - interval '60 days' WHERE gateway <> ?",
                first));
        silent(first, 30);
        assertEquals(
                1,
                removal.uses(one).size(),
                "nobody has followed anything since: it is off, and serves it when it is on");
        DATABASE.inTransaction(connection -> Rows.change(
                connection,
                "UPDATE configuration_followed SET at = at + interval '60 days' WHERE gateway <> ?",
                first));
        configurations.followed(first, not);
    }

    private static void silent(UUID gateway, int days) {
        DATABASE.inTransaction(connection -> Rows.change(
                connection,
                "UPDATE configuration_followed SET at = clock_timestamp() - make_interval(days => ?) WHERE gateway = ?",
                days,
                gateway));
    }

    private static ConfigurationText text(String digits, String text) {
        return new ConfigurationText(digits.repeat(32), List.of(new ConfigurationText.File("hone.yaml", text)));
    }

    /** Rollouts are kept by a table that there may be, or not. */
    @Test
    void aRolloutThatIsNotOverUsesItsVersionAndWhatItIsComparedWith() {
        LearnedFixture learned = LearnedFixture.of(DATABASE, "rolled", 1);
        ModelVersion one = learned.version("one", null, null);
        ModelVersion two = learned.version("two", null, null);
        ModelVersion three = learned.version("three", null, null);
        DATABASE.inTransaction(connection -> {
            Rows.change(
                    connection, "CREATE TEMP TABLE rollout (version uuid, baseline uuid, phase text) ON COMMIT DROP");
            Rows.change(connection, "INSERT INTO rollout VALUES (?, ?, 'canary')", two.id(), one.id());
            Rows.change(connection, "INSERT INTO rollout VALUES (?, ?, 'rolled-back')", three.id(), two.id());
            assertEquals(1, removal.uses(connection, one).size());
            assertEquals(1, removal.uses(connection, two).size());
            assertEquals(List.of(), removal.uses(connection, three), "that one is over");
            String use = removal.uses(connection, two).getFirst();
            assertTrue(use.contains("[rolled]") && use.contains("[canary]") && use.contains("stop it"), use);
            return use;
        });
    }
}
