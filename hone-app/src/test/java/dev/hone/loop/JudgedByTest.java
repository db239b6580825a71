package dev.hone.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.loop.Results.DatasetMade;
import dev.hone.record.DatasetTask;
import dev.hone.record.Split;
import dev.hone.store.Database;
import dev.hone.store.SharedDatabase;
import dev.hone.store.UseCases;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** By which labels versions are judged. */
@Timeout(120)
final class JudgedByTest {
    private final Database database = SharedDatabase.database();

    private UUID labelled(String useCase, int number) {
        PassedCalls calls = new PassedCalls(database, useCase);
        UUID trace = calls.word(number);
        calls.demonstrate(trace, Letters.word(number).substring(0, 1), Instant.now());
        return trace;
    }

    private DatasetStep.Built build(String useCase) {
        return new DatasetStep(database, List.of()).build(new UseCases(database).require(useCase), useCase, null, 1);
    }

    private static Set<UUID> of(DatasetStep.Built built, Split... splits) {
        Set<UUID> traces = new HashSet<>();
        for (Split split : splits) {
            built.frozen().of(split).stream().map(DatasetTask::trace).forEach(traces::add);
        }
        return traces;
    }

    /** Of calls that were labelled since something looked bad, any version gets more right than the one that looked bad. */
    @Test
    void whatSomebodyChoseIsLearnedFromAlone() {
        String name = "judged-by";
        Letters.label(database, name, 0, 40);
        List<UUID> chosen = new ArrayList<>();
        List<UUID> drawn = new ArrayList<>();
        for (int i = 100; i < 130; i++) {
            chosen.add(labelled(name, i));
        }
        for (int i = 200; i < 220; i++) {
            UUID trace = labelled(name, i);
            new PassedCalls(database, name).draw(trace);
            new PassedCalls(database, name).answer(trace);
            drawn.add(trace);
        }
        UUID corrected = labelled(name, 300);
        new PassedCalls(database, name).draw(corrected);
        chosen.add(corrected);
        DatasetStep.Built built = build(name);
        DatasetMade made = built.made();
        assertEquals(40, made.imported());
        assertEquals(20, made.drawn());
        assertEquals(31, made.chosen(), "what a user corrected was chosen by the user");
        Set<UUID> judging = of(built, Split.VALIDATION, Split.TEST);
        assertTrue(judging.size() >= 20, made.toString());
        chosen.forEach(trace -> assertTrue(!judging.contains(trace), trace::toString));
        assertTrue(drawn.stream().anyMatch(judging::contains), made.toString());
        assertTrue(chosen.stream().filter(of(built, Split.TRAIN)::contains).count() >= 25, "they are learned from");
    }

    @Test
    void withoutAnythingToJudgeByThereIsNoRoundAndWhyIsSaid() {
        String name = "judged-by-nothing";
        for (int i = 0; i < 30; i++) {
            labelled(name, i);
        }
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> build(name)).getMessage());
        assertTrue(message.contains("none of [30] labels") && message.contains("[drawn by chance]"), message);
    }
}
