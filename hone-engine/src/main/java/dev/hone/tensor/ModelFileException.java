package dev.hone.tensor;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model file that cannot be read or written: what is wrong with which file, and how to mend it. The one exception of
 * everything between model files and memory.
 */
public final class ModelFileException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int LONGEST = 1_000;

    /**
     * @param file file or folder in question
     * @param problem what is wrong, offending values in brackets, as a predicate of the file ("has no tensor [x]")
     * @param remedy what the user can do, as an imperative
     */
    public ModelFileException(Path file, String problem, String remedy) {
        this(file, problem, remedy, null);
    }

    /** As above, with the failure underneath. */
    public ModelFileException(Path file, String problem, String remedy, @Nullable Throwable cause) {
        super("[%s] %s; %s".formatted(file, printable(problem), remedy), cause);
    }

    /** Names in files are data: they may be long, and control a terminal. */
    private static String printable(String problem) {
        String line = problem.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
