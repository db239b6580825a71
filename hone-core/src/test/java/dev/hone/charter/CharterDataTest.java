package dev.hone.charter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.fetch.FetchListener;
import dev.hone.fetch.FileCache;
import dev.hone.grade.GoldCheck;
import dev.hone.grade.GraderDefinition;
import dev.hone.task.AssistantActions;
import dev.hone.task.VulnerabilityTriage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The repository's charters on the rows that they are about, from the user's cache or the registries. */
@Tag("slow")
final class CharterDataTest {
    private static GraderDefinition good(String name) throws IOException {
        return CharterReader.read(Path.of("..", "use-cases", name + CharterReader.END))
                .good();
    }

    /** One row contradicts itself: docs/results/tool-call-grader.md. */
    @Test
    void everyCallButOneIsJudgedAsItShouldBe() throws IOException {
        GoldCheck.Result result = GoldCheck.of(
                good("assistant-actions"),
                AssistantActions.load(FileCache.standard(), FetchListener.SILENT)
                        .tasks());
        assertEquals(824, result.tasks());
        assertTrue(result.corrupted() > 3 * result.tasks(), result.corrupted() + " corrupted calls");
        assertEquals(
                List.of("live_multiple_862-181-3"),
                result.failures().stream().map(GoldCheck.Failure::task).toList(),
                result.failures().toString());
    }

    @Test
    void everyLabelIsJudgedAsItShouldBe() throws IOException {
        VulnerabilityTriage.Labelled data = VulnerabilityTriage.load(FileCache.standard(), FetchListener.SILENT);
        assertEquals(new GraderDefinition.Label(data.labels()), good("vulnerability-triage"));
        GoldCheck.Result result = GoldCheck.of(good("vulnerability-triage"), data.tasks());
        assertEquals(new GoldCheck.Result(1333, 2 * 1333, List.of(), List.of()), result);
    }
}
