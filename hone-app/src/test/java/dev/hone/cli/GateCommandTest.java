package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.file.Durable;
import dev.hone.record.ModelVersion;
import dev.hone.record.RolloutDecision;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.Rollouts;
import dev.hone.store.TakingBack;
import dev.hone.store.VersionRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code hone gate} says comes next, and whether it is let. */
@Timeout(240)
final class GateCommandTest {
    @TempDir
    Path folder;

    private List<HoneScript.Outcome> run(List<List<String>> commands) throws IOException {
        return HoneScript.run(folder.resolve("home"), folder.resolve("errors"), commands);
    }

    /** A report in which the first two versions are right alike. */
    private String report(String name) throws IOException {
        String right = "10".repeat(100);
        return Files.writeString(
                        folder.resolve(name), """
                {"useCase": "support", "baseModelHash": "weights", "dataHash": "%s", "seed": 1, "rows": {"train": 80, "test": 200},
                 "contenders": [{"name": "support/1", "rows": 200, "quality": {"value": 0.5, "low": 0.4, "high": 0.6}},
                                {"name": "support/2", "rows": 200, "quality": {"value": 0.5, "low": 0.4, "high": 0.6}}],
                 "scores": {"slices": [%s],
                            "contenders": [{"name": "support/1", "right": "%s", "latenciesMs": []}, {"name": "support/2", "right": "%s", "latenciesMs": []}]}}
                """.formatted(name, "\"a\", ".repeat(199) + "\"a\"", right, right))
                .toString();
    }

    /** Users have disproved what the report says: gates that pass by it once more open no way, and say which is open. */
    @Test
    void whatWasTakenBackIsNotToldToBecomeLive() throws IOException {
        Path home = folder.resolve("home");
        Durable.makePrivate(home);
        String charter = Files.writeString(folder.resolve("support.yaml"), """
                name: support
                owner: Ada
                job: Answers.
                good: {kind: string_check, operation: eq}
                viewers: [everyone]
                gates:
                  quality: {not-worse-than: 0.1}
                  sample-size: 30
                """).toString();
        List<String> gate = List.of("gate", "support/2", "--charter", charter);
        List<String> live = List.of("models", "alias", "support/2", "live", "--charter", charter);
        try (Database database = Database.open(Map.of(), home, text -> {})) {
            VersionRows rows = new VersionRows(database);
            ModelVersion first = rows.passed("support", "default");
            new Aliases(database).set(VersionReference.of(first.reference()), Rollouts.LIVE, "ann");
            ModelVersion second = rows.passed("support", "default");
            HoneScript.Outcome before = run(List.of(
                            List.of("gate", "support/2", "--charter", charter, "--report", report("before"))))
                    .getFirst();
            assertEquals(0, before.exit(), before.out());
            assertTrue(before.out().contains("next: hone models alias support/2 live, or a rollout"), before.out());

            new Rollouts(database).begin(second.useCaseId(), second.id(), "ann");
            new TakingBack(database).end(second.useCaseId(), "rolled-back", RolloutDecision.ROLL_BACK, "ann");
            List<HoneScript.Outcome> done = run(List.of(gate, live));
            String errors = Files.readString(folder.resolve("errors"));
            String said = done.getFirst().out();
            assertEquals(
                    List.of(0, 2), done.stream().map(HoneScript.Outcome::exit).toList(), said + errors);
            assertTrue(said.contains("[support/2] was taken back by its rollout"), said);
            assertTrue(
                    said.contains(
                            "next: hone loop support --again, which makes another version, or hone models alias support/2 live --force"),
                    said);
            assertFalse(said.contains("or a rollout"), said);
            assertTrue(errors.contains("(--report FILE)"), errors);
            assertTrue(errors.contains("(hone loop support --again)"), errors);

            List<HoneScript.Outcome> after =
                    run(List.of(List.of("gate", "support/2", "--charter", charter, "--report", report("after")), live));
            assertTrue(
                    after.getFirst().out().contains("next: hone models alias support/2 live, or a rollout"),
                    after.getFirst().out());
            assertEquals(
                    List.of(0, 0), after.stream().map(HoneScript.Outcome::exit).toList());
        }
    }
}
