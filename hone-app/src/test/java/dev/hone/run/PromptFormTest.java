package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptFormTest {
    @TempDir
    Path folder;

    /** The folder of a finished run, with its manifest alone. */
    static Path run(Path folder, String name, String base, Map<String, String> settings) throws IOException {
        Path run = Files.createDirectories(folder.resolve(name));
        new Manifest(Manifest.SCHEMA, base, "", 1, settings, new Manifest.Training(1, 1, 1, 1, 1, 1, null, 1), Map.of())
                .write(run);
        return run;
    }

    @Test
    void aRunSaysItOrTheRunThatItBeganWith() throws IOException {
        Path taught = run(folder, "taught", "smollm2-135m-instruct", Map.of("prompt", "brief-tools"));
        Path rewarded = run(folder, "rewarded", taught.toString(), Map.of("method", "grpo"));
        Path retaught = run(folder, "retaught", rewarded.toString(), Map.of("prompt", "messages"));
        Path older = run(folder, "older", "smollm2-135m-instruct", Map.of());
        assertEquals(PromptForm.BRIEF_TOOLS, Taught.of(taught).form());
        assertEquals(PromptForm.BRIEF_TOOLS, Taught.of(rewarded).form());
        assertEquals(PromptForm.MESSAGES, Taught.of(retaught).form());
        assertEquals(PromptForm.MESSAGES, Taught.of(older).form());
        assertEquals(PromptForm.MESSAGES, Taught.of(folder).form(), "no run at all");
    }

    /** Names may have whatever JSON has to escape. */
    @Test
    void theManifestOfARunHasTheLabelsThatItLearned() throws IOException {
        Taught labels = Taught.among(SmallJobs.LABELS.keySet());
        assertEquals(labels, SmallJobs.labels().taught());
        Path taught = run(folder, "taught", "smollm2-135m-instruct", labels.settings());
        assertEquals(labels, Taught.of(taught));
        assertEquals(labels, Taught.of(run(folder, "rewarded", taught.toString(), Map.of("method", "grpo"))));
        assertEquals(
                PromptForm.MESSAGES, Taught.of(taught).as(PromptForm.MESSAGES).form());
        assertEquals(labels, Taught.of(taught).as(PromptForm.BRIEF_LABEL));
        assertThrows(
                IllegalArgumentException.class,
                () -> Taught.in(PromptForm.MESSAGES).as(PromptForm.BRIEF_LABEL));
        assertThrows(IllegalArgumentException.class, () -> Taught.in(PromptForm.BRIEF_LABEL));
        for (String wrong : List.of("", "pay", "[]", "[1]", "{\"a\":1}")) {
            Path damaged = run(folder, "damaged", "base", Map.of("prompt", "brief-label", "labels", wrong));
            String message = assertThrows(IllegalArgumentException.class, () -> Taught.of(damaged))
                    .getMessage();
            assertTrue(message.contains("[" + wrong + "] under [labels]"), message);
        }
    }

    @Test
    void anUnknownOneIsNamedWithTheKnown() {
        String message = assertThrows(IllegalArgumentException.class, () -> PromptForm.of("brief"))
                .getMessage();
        assertTrue(message.contains("[brief]") && message.contains("messages, brief-tools"), message);
    }
}
