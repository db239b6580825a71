package dev.hone.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * How far a piece of work is, with the time that is left. On a terminal one line that moves; otherwise a plain line every
 * few seconds, so that a log stays readable.
 */
final class Progress implements AutoCloseable {
    private static final int BAR = 24;
    private static final long TERMINAL_NANOS = Duration.ofMillis(100).toNanos();
    private static final long PLAIN_NANOS = Duration.ofSeconds(5).toNanos();

    /** Before that nothing can be told from the rate. */
    private static final long LEAST_NANOS = Duration.ofSeconds(1).toNanos();

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private final String what;
    private final LongFunction<String> behind;
    private final long start;
    private long doneAtFirst = -1;
    private long firstAt;
    private long printedAt;
    private int printedWidth;

    Progress(String what) {
        this(what, left -> "");
    }

    /** @param behind what is said last, of the nanoseconds that are left; of -1 where that is not known */
    Progress(String what, LongFunction<String> behind) {
        this(System.err, onTerminal(), System::nanoTime, what, behind);
    }

    Progress(PrintStream out, boolean terminal, LongSupplier nanoTime, String what, LongFunction<String> behind) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.what = what;
        this.behind = behind;
        this.start = nanoTime.getAsLong();
        this.printedAt = start - PLAIN_NANOS;
    }

    private static boolean onTerminal() {
        return System.console() != null && System.console().isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }

    /**
     * Says where the work is; prints only now and then, and always at the end.
     *
     * @param done units done so far; the rate is that since the first call, so resumed work has a true one, and so has work
     *     whose bar begins with its first unit done; at the first call itself it is that of one unit since the bar began
     * @param total units of the whole
     * @param detail shown behind, e.g. the loss
     */
    void update(long done, long total, String detail) {
        long now = nanoTime.getAsLong();
        if (doneAtFirst < 0) {
            doneAtFirst = done;
            firstAt = now;
        }
        if (done < total && now - printedAt < (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
            return;
        }
        printedAt = now;
        String left = done >= total ? "in " + format(now - start) : left(left(done, total, now));
        if (terminal) {
            int filled = total == 0 ? BAR : (int) (BAR * Math.min(done, total) / total);
            String bar = "#".repeat(filled) + "-".repeat(BAR - filled);
            String line = "%-10s [%s] %3d%% %d/%d  %s  %s"
                    .formatted(what, bar, total == 0 ? 100 : 100 * done / total, done, total, detail, left);
            out.print("\r" + line + " ".repeat(Math.max(0, printedWidth - line.length())));
            printedWidth = line.length();
            out.flush();
        } else {
            out.printf("%s %d/%d  %s  %s%n", what, done, total, detail, left);
        }
    }

    private String left(long nanos) {
        return "ETA " + (nanos < 0 ? "?" : format(nanos)) + behind.apply(nanos);
    }

    /** In nanoseconds; -1 where it is not known. */
    private long left(long done, long total, long now) {
        boolean first = done == doneAtFirst;
        long units = first ? Math.min(1, done) : done - doneAtFirst;
        long taken = now - (first ? start : firstAt);
        return units <= 0 || taken < LEAST_NANOS ? -1 : taken / units * (total - done);
    }

    /** {@code 7s}, {@code 2m05s} or {@code 1h02m}. */
    static String format(long nanos) {
        Duration time = Duration.ofNanos(nanos).plusMillis(500);
        if (time.toHours() > 0) {
            return "%dh%02dm".formatted(time.toHours(), time.toMinutesPart());
        }
        return time.toMinutes() > 0
                ? "%dm%02ds".formatted(time.toMinutes(), time.toSecondsPart())
                : time.toSeconds() + "s";
    }

    /** Ends the moving line. */
    @Override
    public void close() {
        if (terminal && printedWidth > 0) {
            out.println();
        }
    }
}
