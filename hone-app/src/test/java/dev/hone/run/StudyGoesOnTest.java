package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hone.fetch.FetchListener;
import dev.hone.record.Task;
import dev.hone.task.Folds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed study can be gone on with: a warm-up that it finished is found again, since nothing that decides it is another. */
@Tag("slow")
final class StudyGoesOnTest {
    private static final Path CELL = Path.of("..", "docs", "results", "demo-study", "fold-0-seed-1.json");

    @TempDir
    Path folder;

    @Test
    void aFinishedTrainingIsFoundAgain() throws IOException {
        StudyCell.Finished cell = JsonFile.read(CELL, StudyCell.Finished.class).orElseThrow();
        Manifest warm = cell.manifest(Study.Arm.WARM).orElseThrow();
        warm.write(folder);
        UseCase actions = CallUseCase.assistantActions(FetchListener.SILENT);
        assertEquals(warm, warmUp(cell, Study.asBegun(actions)));
        assertThrows(IllegalArgumentException.class, () -> warmUp(cell, actions), "asked by what products send");
    }

    private Manifest warmUp(StudyCell.Finished cell, UseCase useCase) throws IOException {
        Study.Begun begun = cell.begun();
        Folds folds = Folds.of(useCase.data().tasks(), Loop.FOLDS, useCase.part());
        assertEquals(begun.dataHash(), folds.hash());
        List<Task> rows = new ArrayList<>(folds.train(cell.cell().fold()));
        Collections.shuffle(rows, new Random(cell.cell().seed()));
        int count = (int) Math.round(begun.amounts().demonstrated() * rows.size());
        return new LoopTraining(
                        useCase, LetterUseCase.SILENT, folds.hash(), cell.cell().seed(), begun.precision())
                .fromDemonstrations(
                        begun.model(),
                        rows.subList(0, count),
                        begun.amounts().warmEpochs(),
                        LoopTraining.RATE,
                        folder,
                        () -> false)
                .orElseThrow();
    }
}
