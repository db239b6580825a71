package dev.hone.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.record.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The world of the demo: what is sent when, and how wrong the simulated are. */
final class WorldTest {
    @TempDir
    Path folder;

    private final World world = World.letters(Path.of("/tmp/none"), 1);

    @Test
    void noSentenceIsInTwoPools() {
        Set<String> seen = new HashSet<>();
        int all = 0;
        for (List<Task> pool :
                List.of(world.taught(), world.oldBefore(), world.oldAfter(), world.newBefore(), world.newAfter())) {
            assertFalse(pool.isEmpty());
            pool.forEach(task -> seen.add(task.question()));
            all += pool.size();
        }
        assertEquals(all, seen.size());
        assertEquals(world.useCase().data().tasks().size(), all);
        assertTrue(world.newBefore().stream().allMatch(world::isNew));
        assertTrue(world.taught().stream().noneMatch(world::isNew));
        assertEquals(world.taught(), World.letters(Path.of("/tmp/none"), 1).taught(), "a seed makes it again");
        assertFalse(world.taught().equals(World.letters(Path.of("/tmp/none"), 2).taught()));
    }

    @Test
    void theGeneralModelIsWrongAsOftenAsIsStated() {
        GeneralModel model = new GeneralModel(world.useCase(), 0.35, 3);
        int right = 0;
        for (Task task : world.oldBefore()) {
            ObjectNode request = world.useCase().request(task).put("model", "general");
            JsonNode completion = model.apply(request);
            assertTrue(completion.path("usage").path("prompt_tokens").asInt() > 0);
            String output = GeneralModel.output(completion);
            right += world.useCase().grader().grade(task, output).score() == 1 ? 1 : 0;
        }
        assertEquals(0.65, (double) right / world.oldBefore().size(), 0.1);
    }

    @Test
    void itsCharterIsOne() throws Exception {
        for (Plan plan : List.of(Plan.standard(1), Plan.quick(1))) {
            Path file = folder.resolve("letters.yaml");
            Files.writeString(file, DemoCharter.of(world, plan));
            Charter charter = CharterReader.read(file);
            assertEquals("/tmp/none", charter.loop().model());
            assertTrue(charter.loop().unattended(), "the gateway begins the round");
            assertTrue(charter.gates() != null && charter.promotion() != null);
        }
    }
}
