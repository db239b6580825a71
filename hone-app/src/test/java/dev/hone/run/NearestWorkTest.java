package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.task.TaskFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class NearestWorkTest {
    private static final UseCase.Data NOTHING = new UseCase.Data("mine", List.of(), Map.of(), Map.of());
    private static final CallUseCase CALLS = new CallUseCase(NOTHING);

    /** 40,000 rows are embedded in 200 seconds, and compared with 300 in 120. */
    @Test
    void manyRowsAreToldWithTheirMinutes() {
        String told = NearestWork.ofFloors(CALLS, 40_000, 300).orElseThrow();
        assertTrue(told.contains("each of [300] judged rows among [40000] takes about [5] minutes"), told);
        assertTrue(NearestWork.ofFloors(LetterUseCase.of(1), 40_000, 300).isPresent());
        UseCase labels = new LabelUseCase(NOTHING, TaskFile.PART, Map.of());
        assertTrue(NearestWork.ofFloors(labels, 40_000, 300).orElseThrow().contains("about [3] minutes"));
    }

    @Test
    void theDemosOwnRowsAreNotWorthAWord() {
        assertEquals(Optional.empty(), NearestWork.ofFloors(CALLS, 659, 165));
        assertEquals(Optional.empty(), NearestWork.ofExamples(CALLS.showing(3), 659, 165));
    }

    /** The square of the rows, and only where examples are shown. */
    @Test
    void examplesOfManyRowsTakeLong() {
        assertEquals(Optional.empty(), NearestWork.ofExamples(CALLS, 40_000, 10_000));
        String told = NearestWork.ofExamples(CALLS.showing(3), 40_000, 10_000).orElseThrow();
        assertTrue(told.contains("[50000] rows among [40000] takes about [1333] minutes"), told);
    }
}
