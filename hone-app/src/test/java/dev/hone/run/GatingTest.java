package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.CharterReader;
import dev.hone.promote.Gates;
import dev.hone.record.ModelVersion;
import dev.hone.record.Project;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.Evaluations;
import dev.hone.store.Rollouts;
import dev.hone.store.SharedDatabase;
import dev.hone.store.TakingBack;
import dev.hone.store.VersionRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
final class GatingTest {
    private static final String USE_CASE = "gated-again";

    @TempDir
    Path folder;

    private final Database database = SharedDatabase.database();

    private Gates gates() throws IOException {
        Path charter = Files.writeString(folder.resolve(USE_CASE + CharterReader.END), """
                name: %s
                owner: Ada
                job: Answers.
                good: {kind: string_check, operation: eq}
                viewers: [all]
                gates: {quality: {not-worse-than: 0.1}}
                """.formatted(USE_CASE));
        return Objects.requireNonNull(CharterReader.read(charter).gates());
    }

    /** Stores a report by which both answer the same two hundred tasks. */
    private void report(ModelVersion live, ModelVersion next, int seed) {
        String right = "10".repeat(100);
        String report = """
                {"useCase": "%s", "baseModelHash": "weights", "dataHash": "data", "seed": %d, "rows": {"train": 80, "test": 200},
                 "contenders": [{"name": "%s", "rows": 200, "quality": {"value": 0.5, "low": 0.4, "high": 0.6}},
                                {"name": "%s", "rows": 200, "quality": {"value": 0.5, "low": 0.4, "high": 0.6}}],
                 "scores": {"slices": %s,
                            "contenders": [{"name": "%s", "right": "%s", "latenciesMs": []}, {"name": "%s", "right": "%s", "latenciesMs": []}]}}
                """.formatted(
                        USE_CASE,
                        seed,
                        live.reference(),
                        next.reference(),
                        JsonMapper.shared().writeValueAsString(Collections.nCopies(200, "all")),
                        live.reference(),
                        right,
                        next.reference(),
                        right);
        new Evaluations(database).add(next.useCaseId(), report, "data", seed, null, List.of(next.id()));
    }

    private List<String> warnings(ModelVersion version) throws IOException {
        Gating.Outcome outcome = new Gating(database)
                .judge(new Gating.Order(version, null, gates(), null, List.of(), null, null, "ann"));
        assertTrue(outcome.kept().passed(), outcome.verdict().toString());
        return outcome.warnings();
    }

    /** What its gates say by the report of before opens no way to a version that its rollout took back: whoever asks them is told so. */
    @Test
    void whoJudgesAgainByTheReportOfBeforeIsWarned() throws IOException {
        VersionRows rows = new VersionRows(database);
        ModelVersion live = rows.passed(USE_CASE, Project.DEFAULT);
        new Aliases(database).set(VersionReference.of(live.reference()), Rollouts.LIVE, "ann");
        ModelVersion next = rows.passed(USE_CASE, Project.DEFAULT);
        report(live, next, 1);
        assertEquals(List.of(), warnings(next));
        new Rollouts(database).begin(next.useCaseId(), next.id(), "ann");
        new TakingBack(database).end(next.useCaseId(), "rolled-back", "roll-back", "ann");
        List<String> warned = warnings(next);
        assertEquals(1, warned.size(), warned.toString());
        assertTrue(
                warned.getFirst().startsWith("[gated-again/2] was taken back by its rollout")
                        && warned.getFirst().contains("by a report that is newer than that"),
                warned.getFirst());
        report(live, next, 2);
        assertEquals(List.of(), warnings(next));
    }
}
