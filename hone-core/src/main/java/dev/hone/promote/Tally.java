package dev.hone.promote;

/**
 * What came of some calls, each a value from 0 to 1 such as a grade, or 1 for an error: all that a {@link ConfidenceSequence} needs to know.
 *
 * @param count of calls
 * @param sum of their values
 */
public record Tally(long count, double sum) {
    public static final Tally NONE = new Tally(0, 0);

    public Tally {
        if (count < 0 || !(sum >= 0 && sum <= count)) {
            throw new IllegalArgumentException(
                    "[%d] values from 0 to 1 cannot have the sum [%s]".formatted(count, sum));
        }
    }

    /** With one more. */
    public Tally plus(double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("[%s] is not from 0 to 1".formatted(value));
        }
        return new Tally(count + 1, Math.min(count + 1, sum + value));
    }

    /** Of both. */
    Tally plus(Tally more) {
        return new Tally(count + more.count, Math.min(count + more.count, sum + more.sum));
    }

    /** Of an unknown mean 0. */
    public double mean() {
        return count == 0 ? 0 : sum / count;
    }

    /** What is missing to a sum of ones. */
    double rest() {
        return count - sum;
    }
}
