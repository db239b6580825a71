package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Test
    void anUnknownOneIsNamedWithTheKnown() {
        String message = assertThrows(IllegalArgumentException.class, () -> PromptForm.of("brief"))
                .getMessage();
        assertTrue(message.contains("[brief]") && message.contains("messages, brief-tools"), message);
    }
}
