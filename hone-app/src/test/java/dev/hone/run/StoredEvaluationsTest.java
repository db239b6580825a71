package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.advise.Evaluated;
import dev.hone.advise.Input;
import dev.hone.advise.Prices;
import dev.hone.fetch.Hashes;
import dev.hone.record.ModelVersion;
import dev.hone.record.Project;
import dev.hone.store.Database;
import dev.hone.store.Evaluations;
import dev.hone.store.Projects;
import dev.hone.store.SharedDatabase;
import dev.hone.store.VersionRows;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reports of the loop, which judge versions and have no verdict, do not hide what was found out before. */
@Timeout(60)
final class StoredEvaluationsTest {
    private static final Prices NOTHING_GIVEN = new Prices("USD", false, Map.of(), Map.of());

    private final Database database = SharedDatabase.database();

    private void add(ModelVersion version, List<UUID> versions, String report) {
        new Evaluations(database).add(version.useCaseId(), report, Hashes.sha256(report), 1, null, versions);
    }

    private static void assertSpeed(double expected, Map<Input, BigDecimal> speeds) {
        BigDecimal speed = Objects.requireNonNull(speeds.get(Input.TOKENS_PER_SECOND));
        assertEquals(0, BigDecimal.valueOf(expected).compareTo(speed), speed.toString());
    }

    @Test
    void theNewestVerdictAndTheNewestSpeedCount() {
        StoredEvaluations stored = new StoredEvaluations(database);
        UUID project = new Projects(database).find(Project.DEFAULT).orElseThrow();
        ModelVersion version = new VersionRows(database).passed("evaluated", Project.DEFAULT);
        add(version, List.of(), """
                {"contenders":[{"name":"base","tokensPerSecond":9000},{"name":"smollm2 fine-tuned","tokensPerSecond":300}],
                 "verdict":{"choice":"post-train","sentence":"Post-train it."},"training":{"tokensPerSecond":150}}
                """);
        assertEquals("post-train", stored.verdicts(project).get("evaluated").choice());
        assertSpeed(300, stored.measured(project, NOTHING_GIVEN).get("evaluated"));
        add(version, List.of(version.id()), """
                {"contenders":[{"name":"production, recorded","tokensPerSecond":0},{"name":"evaluated/9","tokensPerSecond":77},
                 {"name":"%s","tokensPerSecond":500}],"verdict":null,"training":{"tokensPerSecond":160}}
                """.formatted(version.reference()));
        Evaluated verdict = stored.verdicts(project).get("evaluated");
        assertEquals("post-train", verdict.choice());
        assertEquals("Post-train it.", verdict.sentence());
        Map<Input, BigDecimal> measured =
                stored.measured(project, NOTHING_GIVEN).get("evaluated");
        assertSpeed(500, measured);
        assertEquals(0, BigDecimal.valueOf(160).compareTo(measured.get(Input.TRAINING_TOKENS_PER_SECOND)));
        Prices given = NOTHING_GIVEN.measured(
                Input.TOKENS_PER_SECOND,
                BigDecimal.ONE,
                new Prices.Origin("", Advising.GIVEN + "tokens-per-second", false));
        assertEquals(
                null,
                stored.measured(project, given).get("evaluated").get(Input.TOKENS_PER_SECOND),
                "what somebody gave counts");
    }

    @Test
    void withoutAnyVerdictTheNewestReportSaysThatThereIsNone() {
        ModelVersion version = new VersionRows(database).passed("evaluated-loop", Project.DEFAULT);
        add(version, List.of(version.id()), "{\"contenders\":[],\"verdict\":null}");
        UUID project = new Projects(database).find(Project.DEFAULT).orElseThrow();
        assertEquals(
                null,
                new StoredEvaluations(database)
                        .verdicts(project)
                        .get("evaluated-loop")
                        .choice());
    }
}
