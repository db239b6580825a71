package dev.hone.cli;

import dev.hone.model.UnknownModelException;
import dev.hone.store.StoreException;
import dev.hone.tensor.ModelFileException;
import dev.hone.train.WorkerException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Failures as a line for the user: 2 when the input can be mended (options, data, models), 1 when the machine or the
 * program failed. {@code HONE_DEBUG=1} adds the trace.
 */
final class Errors implements IExecutionExceptionHandler, IParameterExceptionHandler {
    /** What a parser adds of the class of a failure, and of where a type is from, which is nobody's business. */
    private static final Pattern INSIDE = Pattern.compile(
            " \\((?:[a-z]\\w*\\.)+[A-Z]\\w*(?:Exception|Error)\\b.*\\)|(?<=' to )(?:interface |class )?(?:[a-z]\\w*\\.)+",
            Pattern.DOTALL);

    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        String meant = e instanceof UnmatchedArgumentException unmatched
                        && !unmatched.getSuggestions().isEmpty()
                ? "; did you mean "
                        + unmatched.getSuggestions().stream()
                                .limit(3)
                                .map("[%s]"::formatted)
                                .collect(Collectors.joining(" or "))
                        + "?"
                : "";
        System.err.printf(
                "hone: %s%s%n  see: %s --help%n",
                INSIDE.matcher(String.valueOf(e.getMessage())).replaceAll(""),
                meant,
                command.getCommandSpec().qualifiedName());
        return BAD_INPUT;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
        if (e instanceof ParameterException parameter) {
            return handleParseException(parameter, new String[0]);
        }
        boolean debug = "1".equals(System.getenv("HONE_DEBUG"));
        if (debug) {
            e.printStackTrace();
        }
        System.err.println("hone: " + describe(e, debug));
        return code(e);
    }

    private static int code(Exception e) {
        return switch (e) {
            case IllegalArgumentException bad -> BAD_INPUT;
            case ModelFileException bad -> BAD_INPUT;
            case UnknownModelException bad -> BAD_INPUT;
            case NoSuchFileException missing -> BAD_INPUT;
            case WorkerException worker -> worker.reason() == WorkerException.Reason.BAD_INPUT ? BAD_INPUT : FAILED;
            default -> FAILED;
        };
    }

    private static String describe(Exception e, boolean traced) {
        return switch (e) {
            case UncheckedIOException unchecked -> message(unchecked);
            case NoSuchFileException missing -> "There is no file [" + missing.getFile() + "]";
            case FileNotFoundException missing -> "There is no file [" + missing.getMessage() + "]";
            case AccessDeniedException denied -> "No permission for [" + denied.getFile() + "]";
            case FileSystemException system -> "[%s]: %s".formatted(system.getFile(), system.getReason());
            case IOException io -> message(io);
            case IllegalArgumentException bad -> message(bad);
            case ArithmeticException diverged -> message(diverged);
            case ModelFileException bad -> message(bad);
            case UnknownModelException bad -> message(bad);
            case WorkerException worker -> message(worker);
            case StoreException store -> message(store);
            default -> "A fault in Hone: " + e + (traced ? "" : " (HONE_DEBUG=1 shows where)");
        };
    }

    private static String message(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
