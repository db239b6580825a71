package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.hone.charter.Charter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class DemoOptionsTest {
    private static DemoOptions options(String... arguments) {
        DemoOptions options = new DemoOptions();
        new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return options;
    }

    private static Charter charter(String... arguments) throws IOException {
        Charter charter = options(arguments).charter();
        assertNotNull(charter);
        return charter;
    }

    @Test
    void anExampleHasItsOwnCharter() throws IOException {
        assertEquals("assistant-actions", charter().name());
        assertEquals(Duration.ofSeconds(2), charter().constraints().p95());
        assertEquals("vulnerability-triage", charter("--use-case", "triage").name());
    }

    @Test
    void whatIsGivenGoesBefore() throws IOException {
        String file = Path.of("../use-cases/vulnerability-triage.yaml").toString();
        assertEquals("vulnerability-triage", charter("--charter", file).name());
        assertEquals(
                "vulnerability-triage",
                charter("--data", "rows.jsonl", "--charter", file).name());
    }

    @Test
    void dataOfOnesOwnHaveNone() throws IOException {
        assertNull(options("--data", "rows.jsonl").charter());
    }
}
