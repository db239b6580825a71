package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a user sees when the input is bad: one line, the remedy, and the exit code. */
final class HoneCommandTest {
    @TempDir
    Path folder;

    private String errors = "";

    private int run(String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            return HoneCommand.run(arguments);
        } finally {
            System.setErr(before);
            errors = bytes.toString(StandardCharsets.UTF_8);
        }
    }

    private Path data(String text) throws Exception {
        Path file = folder.resolve("data.jsonl");
        Files.writeString(file, text);
        return file;
    }

    @Test
    void everyCommandHasHelpWithItsOptions() {
        for (CommandLine command : HoneCommand.commandLine().getSubcommands().values()) {
            assertTrue(command.getUsageMessage().contains("-h"), command.getCommandName());
            for (CommandLine.Model.OptionSpec option : command.getCommandSpec().options()) {
                assertTrue(option.description().length > 0, command.getCommandName() + " " + option.longestName());
            }
        }
    }

    @Test
    void anUnknownOptionIsNamedWithWhatWasMeant() {
        assertEquals(2, run("train", "--data", "x", "--out", "y", "--epoch", "3"));
        assertTrue(errors.contains("--epoch") && errors.contains("did you mean [--epochs]"), errors);
        assertEquals(2, errors.lines().count(), errors);
    }

    @Test
    void aMissingFileIsNamed() {
        assertEquals(2, run("train", "--data", folder.resolve("nothing.jsonl").toString(), "--out", "y"));
        assertTrue(errors.contains("There is no file [") && errors.contains("nothing.jsonl]"), errors);
        assertEquals(1, errors.lines().count(), errors);
    }

    @Test
    void badLinesAreNamedBeforeAnythingIsLoaded() throws Exception {
        Path out = folder.resolve("out");
        assertEquals(2, run("train", "--data", data("{\"input\": 3}\n").toString(), "--out", out.toString()));
        assertTrue(errors.contains("line 1") && errors.contains("--skip-bad"), errors);
        assertFalse(Files.exists(out));
    }

    @Test
    void anUnknownModelIsNamedWithTheKnownOnes() throws Exception {
        String file = data("{\"input\": \"a\", \"output\": \"b\"}\n").toString();
        assertEquals(2, run("train", "--data", file, "--out", "y", "--model", "smollm2-135m-instrukt"));
        assertTrue(errors.contains("[smollm2-135m-instrukt]") && errors.contains("did you mean"), errors);
    }

    @Test
    void aFaultOfOursSaysSo() {
        CommandLine command = HoneCommand.commandLine();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            int code =
                    new Errors().handleExecutionException(new NullPointerException("x"), command, command.parseArgs());
            assertEquals(1, code);
        } finally {
            System.setErr(before);
        }
        assertTrue(bytes.toString(StandardCharsets.UTF_8).contains("HONE_DEBUG=1"));
    }
}
