package dev.hone.task;

/**
 * A line that cannot be read, and why.
 *
 * @param number from 1
 * @param reason cut where it is long: it may name a key or a value of the line
 */
public record LineFault(int number, String reason) implements LabelledFile.Line, CompletionFile.Line, TraceFile.Line {
    private static final int LONGEST = 600;

    public LineFault {
        if (reason.length() > LONGEST) {
            reason = reason.substring(0, LONGEST) + "…";
        }
    }
}
