package dev.hone.task;

/**
 * A line that cannot be read, and why.
 *
 * @param number from 1
 * @param reason cut where it is long: it may name a key or a value of the line
 * @param kind the reason without what is said of this line alone
 */
public record LineFault(int number, String reason, String kind)
        implements Fault, LabelledFile.Line, CompletionFile.Line, TraceFile.Line {
    private static final int LONGEST = 600;

    public LineFault {
        if (reason.length() > LONGEST) {
            reason = reason.substring(0, LONGEST) + "…";
        }
    }

    /** Of a reason that says nothing of this line alone. */
    public LineFault(int number, String reason) {
        this(number, reason, reason);
    }

    @Override
    public String place() {
        return "line " + number;
    }
}
