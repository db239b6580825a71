package dev.hone.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.hone.tensor.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;

/** Real vocabularies, 10,000 lines each: {@code goldens/tokenizer/check.sh} makes the goldens and runs this. */
@Tag("slow")
@EnabledIfSystemProperty(named = "hone.goldens.tokenizer", matches = ".+")
class TokenizerFullTest {

    @TestFactory
    List<DynamicTest> everyLineHasHuggingFacesIds() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("hone.goldens.tokenizer")))) {
            List<DynamicTest> tests = files.filter(file -> file.toString().endsWith(".jsonl.gz"))
                    .sorted()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> compare(file)))
                    .toList();
            assertFalse(tests.isEmpty(), "no golden");
            return tests;
        }
    }

    private static void compare(Path file) throws IOException {
        GoldenLines golden = GoldenLines.read(Files.newInputStream(file));
        int mismatches = 0;
        long tokens = 0;
        try (GgufFile gguf = GgufFile.open(Path.of(golden.head().path("gguf").asString()));
                Tokenizer tokenizer = Tokenizer.parse(GgufTokenizer.toJson(gguf.metadata()), gguf.path())) {
            for (JsonNode line : golden.lines()) {
                int[] expected = GoldenLines.ids(line);
                int[] actual = tokenizer.encode(line.path("text").asString());
                tokens += actual.length;
                boolean same = Arrays.equals(expected, actual)
                        && line.path("decoded").asString().equals(tokenizer.decode(actual, true));
                mismatches += same ? 0 : 1;
            }
        }
        System.out.printf(
                "Hone, %s: %d lines, %d tokens, %d different%n",
                golden.head().path("pre").asString(), golden.lines().size(), tokens, mismatches);
        assertEquals(0, mismatches);
        assertEquals(10_000, golden.lines().size());
    }
}
