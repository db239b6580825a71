package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Files that earlier versions wrote, as they are committed. */
final class StoredStudyTest {
    private static final Path RESULTS = Path.of("../docs/results");

    /** A study goes on with the cells that it has, and those of other machines: what they hold is written as it was. */
    @Test
    void theAnswersOfACellAreWrittenAsTheyWere() throws IOException {
        Path file = RESULTS.resolve("demo-study/fold-0-seed-1.json");
        List<Answers> answers =
                JsonFile.read(file, StudyCell.Finished.class).orElseThrow().answers();
        JsonMapper json = JsonMapper.shared();
        JsonNode stored = json.readTree(Files.readAllBytes(file)).path("answers");
        assertEquals(stored, json.readTree(json.writeValueAsString(answers)));
    }

    @Test
    void aReportInWhichNobodyCountedCutAnswersIsRead() throws IOException {
        Report report =
                JsonFile.read(RESULTS.resolve("demo-seed1.json"), Report.class).orElseThrow();
        assertNull(report.contenders().getFirst().cut());
    }
}
