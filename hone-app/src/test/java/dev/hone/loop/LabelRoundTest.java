package dev.hone.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.api.TinyByteModel;
import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.evaluate.Answer;
import dev.hone.record.ModelVersion;
import dev.hone.run.Artifacts;
import dev.hone.run.Taught;
import dev.hone.store.ModelVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A round whose answers are labels makes a version that is served as it judged it. */
@Timeout(600)
final class LabelRoundTest {
    private static final String NAME = "first-letters";
    private static final List<String> CLASSES = List.of("a", "b", "c", "d", "e", "f", "g", "h");

    @TempDir
    Path folder;

    private Charter charter() throws IOException {
        return CharterReader.read(Files.writeString(folder.resolve(NAME + ".yaml"), """
                name: %s
                owner: Ada
                job: Says with which letter a word begins.
                good: {kind: label, classes: %s}
                viewers: [everyone]
                gates: {sample-size: 5}
                loop: {model: '%s', epochs: 1, least-tasks: 10}
                """.formatted(
                        NAME, CLASSES, TinyByteModel.write(folder.resolve("bytes")))));
    }

    @Test
    void theVersionKnowsItsLabelsAndIsJudgedUnderThem() throws IOException {
        RoundFixture fixture = new RoundFixture(folder);
        Letters.label(fixture.database(), NAME, 0, 40);
        Charter charter = charter();
        fixture.run(charter, RoundFixture.silent());
        ModelVersion version = new ModelVersions(fixture.database()).of(fixture.id(NAME), 1);
        assertEquals(Taught.among(CLASSES), Taught.of(new Artifacts(fixture.home()).require(version)));
        List<String> outputs = judged(fixture.home());
        assertFalse(outputs.isEmpty());
        for (String output : outputs) {
            assertTrue(CLASSES.contains(JsonMapper.shared().readTree(output).asString()), output);
        }
    }

    /** What the version said to the test split. */
    private static List<String> judged(Path home) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(home)) {
            files = all.filter(file -> file.getParent().endsWith("answers-test"))
                    .filter(Files::isRegularFile)
                    .toList();
        }
        List<String> outputs = new ArrayList<>();
        for (Path file : files) {
            for (JsonNode answer : JsonMapper.shared()
                    .readTree(Files.readString(file))
                    .path("answers")
                    .path("answers")) {
                outputs.add(
                        JsonMapper.shared().treeToValue(answer, Answer.class).output());
            }
        }
        return outputs;
    }
}
