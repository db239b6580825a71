package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.run.TinyChatModel;
import dev.hone.train.Adaptation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    void everyCommandHasHelpWithItsOptionsAndExamples() {
        List<CommandLine> commands = leaves(HoneCommand.commandLine()).toList();
        assertTrue(commands.size() >= 11, commands.toString());
        for (CommandLine command : commands) {
            String name = command.getCommandSpec().qualifiedName();
            assertTrue(command.getUsageMessage().contains("-h"), name);
            assertTrue(command.getUsageMessage().contains("Examples:"), name);
            assertTrue(command.getUsageMessage().contains(" " + name), name);
            assertTrue(command.getCommandSpec().findOption("--json") != null, name);
            for (CommandLine.Model.OptionSpec option : command.getCommandSpec().options()) {
                assertTrue(option.description().length > 0, name + " " + option.longestName());
            }
        }
    }

    /** Commands that do something, picocli's own apart. */
    private static Stream<CommandLine> leaves(CommandLine command) {
        return command.getSubcommands().isEmpty()
                ? Stream.of(command)
                : command.getSubcommands().values().stream()
                        .filter(sub -> !List.of("help", "generate-completion").contains(sub.getCommandName()))
                        .flatMap(HoneCommandTest::leaves);
    }

    /** What cannot be read is told by what it is, and not by what failed in here. */
    @ParameterizedTest
    @CsvSource({"traces,show,nonsense", "traces,list,--before=nonsense", "forget,--trace=nonsense,--yes"})
    void whatIsNoIdIsToldInPlainWords(String command, String what, String more) {
        assertEquals(2, run(command, what, more));
        assertTrue(errors.contains("[nonsense] is no id"), errors);
        assertFalse(errors.contains("java."), errors);
    }

    @Test
    void whatAParserSaysOfItselfIsLeftOut() {
        assertEquals(2, run("train", "--data", "no\u0000file", "--out", "y"));
        assertTrue(errors.contains("--data"), errors);
        assertFalse(errors.contains("java."), errors);
    }

    @Test
    void anUnknownOptionIsNamedWithWhatWasMeant() {
        assertEquals(2, run("train", "--data", "x", "--out", "y", "--epoch", "3"));
        assertTrue(errors.contains("--epoch") && errors.contains("did you mean [--epochs]"), errors);
        assertEquals(2, errors.lines().count(), errors);
    }

    @Test
    void optionsThatWouldDoNothingAreRefused() {
        for (String option : List.of("--lora-rank", "--lora-alpha", "--lora-dropout")) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> AdapterOptions.adaptation(
                                    true,
                                    option.equals("--lora-rank") ? 8 : null,
                                    option.equals("--lora-alpha") ? 8.0 : null,
                                    option.equals("--lora-dropout") ? 0.5 : null))
                    .getMessage();
            assertTrue(message.startsWith(option + " ["), message);
        }
        assertEquals(new Adaptation.Full(), AdapterOptions.adaptation(true, null, null, null));
        assertEquals(new Adaptation.Lora(8, 16, 0), AdapterOptions.adaptation(false, 8, null, null));
    }

    @ParameterizedTest
    @CsvSource({
        "--weight-decay, -1",
        "--weight-decay, NaN",
        "--max-tokens, -1",
        "--batch-tokens, 0",
        "--micro-batch-tokens, 0",
        "--save-every, -3",
        "--epochs, 0",
        "--lr, 2",
        "--lora-rank, 0",
        "--lora-dropout, 1"
    })
    void aNumberThatCannotBeIsNamedBeforeAnythingIsDone(String option, String value) throws Exception {
        Path out = folder.resolve("out");
        String file = data("{\"input\": \"a\", \"output\": \"b\"}\n").toString();
        Path model = TinyChatModel.write(folder.resolve("model"));
        assertEquals(
                2,
                run("train", "--data", file, "--out", out.toString(), "--model", model.toString(), option, value),
                () -> errors);
        assertTrue(errors.contains(option.replaceFirst("--(lora-)?", "")), errors);
        assertTrue(errors.contains("[" + value) || errors.contains("[" + Double.parseDouble(value) + "]"), errors);
        assertFalse(Files.exists(out));
    }

    @ParameterizedTest
    @CsvSource({
        "train, --rows, 0",
        "train, --row-tokens, 0",
        "train, --rounds, 0",
        "sample, --streams, 0",
        "sample, --prompt-tokens, 0",
        "sample, --tokens, 0",
        "sample, --rounds, -1"
    })
    void aBenchmarkOfNothingIsRefused(String what, String option, String value) throws Exception {
        Path model = TinyChatModel.write(folder.resolve("model"));
        assertEquals(2, run("bench", what, "--model", model.toString(), option, value), () -> errors);
        assertTrue(errors.contains(option + " must be at least 1, not [" + value + "]"), errors);
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

    @ParameterizedTest
    @CsvSource({
        "models add runs/x --use-case Support, A use case cannot be called [Support]",
        "models add runs/x --use-case support --alias Live, An alias cannot be called [Live]",
        "models alias support/1 1st, An alias cannot be called [1st]",
        "models alias support live, [support] names no model version: write USE_CASE@ALIAS or USE_CASE/NUMBER",
        "models show support/0, [support/0] names no model version",
        "models remove-alias support/1, [support/1] is no alias"
    })
    void aVersionOrAliasThatCannotBeIsNamedBeforeTheDatabaseIsOpened(String line, String message) {
        assertEquals(2, run(line.split(" ")));
        assertTrue(errors.contains(message), errors);
        assertEquals(1, errors.lines().count(), errors);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--days 0 | --days is [0]: give 1 to 3,650",
                "--min-calls 1 | --min-calls is [1]",
                "--sample 7 | --sample is [7]",
                "--price -1 | --price is [-1]",
                "--tokens-per-second 0 | --tokens-per-second is [0]",
                "--prices nothing.yaml | There is no file [nothing.yaml]",
                "--use-cases nowhere | There is no file [nowhere]",
                "--embedding taste | taste"
            })
    void adviceThatCannotBeGivenIsRefusedBeforeTheDatabaseIsOpened(String line, String message) {
        assertEquals(2, run(("advise " + line).split(" ")));
        assertTrue(errors.contains(message), errors);
    }

    @Test
    void pricesThatCannotBeFollowedAreNamed() throws Exception {
        Path file = folder.resolve("prices.yaml");
        Files.writeString(file, "as-of: 2026-11-27\ninputs:\n  machine-hour: {value: cheap}\n");
        assertEquals(2, run("advise", "--prices", file.toString()));
        assertTrue(errors.contains("[cheap]") && errors.contains("line 3"), errors);
        assertEquals(1, errors.lines().count(), errors);
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
