package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class EvaluationListTest {
    private static final Database DATABASE = TestDatabase.database();

    private static void add(UUID useCase, String report) {
        new Evaluations(DATABASE).add(useCase, report, "0".repeat(64), 1, null, List.of());
    }

    /** A round of the loop stores reports without a verdict; what was decided before stands. */
    @Test
    void aVerdictIsNotHiddenByALaterReportWithoutOne() {
        UUID project = new Projects(DATABASE).add("judged").id();
        UUID useCase = new UseCases(DATABASE).obtain("judged-once", "judged");
        EvaluationList list = new EvaluationList(DATABASE);
        add(useCase, "{\"contenders\": [], \"verdict\": {\"choice\": \"stay\"}}");
        add(useCase, "{\"contenders\": [], \"verdict\": {\"choice\": \"classic\"}}");
        add(useCase, "{\"contenders\": [], \"verdict\": null}");
        assertEquals(null, list.newest(project).getFirst().choice());
        assertEquals(1, list.newestWithVerdict(project).size());
        assertEquals("classic", list.newestWithVerdict(project).getFirst().choice());
        UUID never = new UseCases(DATABASE).obtain("judged-never", "judged");
        add(never, "{\"contenders\": []}");
        assertEquals(1, list.newestWithVerdict(project).size());
    }
}
