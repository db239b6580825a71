package dev.hone.schema;

import dev.hone.schema.Shape.Range;
import dev.hone.schema.Stack.Readings;
import java.math.BigDecimal;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A number after its first byte.
 *
 * @param number which numbers
 * @param phase what the last byte was
 * @param written the text so far where a range makes it matter, else empty
 */
record NumberFrame(Shape.Number number, Phase phase, String written) implements Frame {
    /** A double has no more digits, and a whole number of a range that is open needs an end. */
    private static final int MOST_DIGITS = 20;

    enum Phase {
        START,
        MINUS,
        ZERO,
        WHOLE,
        POINT,
        FRACTION,
        EXPONENT,
        EXPONENT_SIGN,
        EXPONENT_DIGIT,
        EXPONENT_DIGITS
    }

    static void begin(Shape.Number number, int b, @Nullable Stack below, Readings readings) {
        new NumberFrame(number, Phase.START, "").advance(b, below, readings);
    }

    @Override
    public void advance(int b, @Nullable Stack below, Readings readings) {
        Phase next = next(b);
        if (next == null) {
            return;
        }
        String text = number.range() == null ? "" : written + (char) b;
        if (number.range() == null || canReach(number.range(), text, next)) {
            readings.add(Stack.of(new NumberFrame(number, next, text), below));
        }
    }

    @Override
    public boolean mayEnd() {
        return isComplete(phase) && (number.range() == null || number.range().contains(new BigDecimal(written)));
    }

    private static boolean isComplete(Phase phase) {
        return switch (phase) {
            case ZERO, WHOLE, FRACTION, EXPONENT_DIGIT, EXPONENT_DIGITS -> true;
            case START, MINUS, POINT, EXPONENT, EXPONENT_SIGN -> false;
        };
    }

    private @Nullable Phase next(int b) {
        boolean digit = b >= '0' && b <= '9';
        return switch (phase) {
            case START -> b == '-' ? Phase.MINUS : first(b);
            case MINUS -> first(b);
            case ZERO -> afterWhole(b);
            case WHOLE -> digit ? Phase.WHOLE : afterWhole(b);
            case POINT -> digit ? Phase.FRACTION : null;
            case FRACTION -> digit ? Phase.FRACTION : exponent(b);
            case EXPONENT -> digit ? Phase.EXPONENT_DIGIT : b == '+' || b == '-' ? Phase.EXPONENT_SIGN : null;
            case EXPONENT_SIGN -> digit ? Phase.EXPONENT_DIGIT : null;
            case EXPONENT_DIGIT -> digit ? Phase.EXPONENT_DIGITS : null;
            // Two digits are enough: what reads the number may know no more than a double.
            case EXPONENT_DIGITS -> null;
        };
    }

    private static @Nullable Phase first(int b) {
        return b == '0' ? Phase.ZERO : b >= '1' && b <= '9' ? Phase.WHOLE : null;
    }

    private @Nullable Phase afterWhole(int b) {
        return number.whole() ? null : b == '.' ? Phase.POINT : exponent(b);
    }

    private @Nullable Phase exponent(int b) {
        return !number.whole() && number.range() == null && (b == 'e' || b == 'E') ? Phase.EXPONENT : null;
    }

    /** Whether some continuation of a text, itself included, is in a range. */
    private boolean canReach(Range range, String text, Phase phase) {
        if (text.length() > MOST_DIGITS) {
            return false;
        }
        if (phase == Phase.MINUS) {
            return IntStream.rangeClosed(0, 9)
                    .anyMatch(digit -> canReach(range, text + digit, digit == 0 ? Phase.ZERO : Phase.WHOLE));
        }
        if (text.length() == MOST_DIGITS) {
            return isComplete(phase) && range.contains(new BigDecimal(text));
        }
        boolean negative = text.startsWith("-");
        return switch (phase) {
            case ZERO -> number.whole() ? range.contains(BigDecimal.ZERO) : spans(range, text, negative, 0);
            case WHOLE -> {
                for (int more = 0; text.length() + more <= MOST_DIGITS; more++) {
                    if (spans(range, text, negative, more)) {
                        yield true;
                    }
                }
                yield false;
            }
            case POINT, FRACTION -> spans(range, text, negative, 0);
            case START, MINUS, EXPONENT, EXPONENT_SIGN, EXPONENT_DIGIT, EXPONENT_DIGITS -> false;
        };
    }

    /** Whether the numbers that begin with a text and have some more digits before their point meet a range. */
    private boolean spans(Range range, String text, boolean negative, int moreDigits) {
        String digits = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        BigDecimal smallest = new BigDecimal(digits).abs().movePointRight(moreDigits);
        BigDecimal unit =
                BigDecimal.ONE.movePointLeft(new BigDecimal(digits).scale()).movePointRight(moreDigits);
        // The last of them: all more digits are nines. Digits after a point may follow for ever, up to the next unit.
        BigDecimal largest = smallest.add(unit).subtract(number.whole() ? BigDecimal.ONE : BigDecimal.ZERO);
        boolean open = !number.whole();
        BigDecimal low = negative ? largest.negate() : smallest;
        BigDecimal high = negative ? smallest.negate() : largest;
        boolean reachesUp = range.least() == null
                || high.compareTo(range.least()) > 0
                || high.compareTo(range.least()) == 0 && range.leastIncluded() && !(open && !negative);
        boolean reachesDown = range.most() == null
                || low.compareTo(range.most()) < 0
                || low.compareTo(range.most()) == 0 && range.mostIncluded() && !(open && negative);
        return reachesUp && reachesDown;
    }
}
