package dev.hone.model.template;

import dev.hone.model.template.Expression.Operator;
import dev.hone.model.template.Expression.Relation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Python's operators on {@link Value}s. */
final class Operators {
    /** Integers are Python's, without a fixed width, but no template needs more bits than this. */
    private static final int MOST_BITS = 4096;

    private final Budget budget;

    Operators(Budget budget) {
        this.budget = budget;
    }

    Value arithmetic(Operator operator, Value left, Value right) {
        refuseUndefined(left);
        refuseUndefined(right);
        if (integer(left) instanceof BigInteger a && integer(right) instanceof BigInteger b) {
            return integers(operator, a, b);
        }
        if (real(left) instanceof Double a && real(right) instanceof Double b) {
            return new Value.Real(reals(operator, a, b));
        }
        Value result = switch (operator) {
            case ADD -> sum(left, right);
            case MULTIPLY -> integer(right) != null ? repeat(left, right) : repeat(right, left);
            case MODULO -> {
                if (left instanceof Value.Text) {
                    throw Failure.unsupported("formatting a string with [%]");
                }
                yield null;
            }
            case SUBTRACT, DIVIDE, FLOOR_DIVIDE, POWER -> null;
        };
        if (result == null) {
            throw new Failure(
                    "[%s] does not work between [%s] and [%s]".formatted(operator.sign, left.type(), right.type()));
        }
        return result;
    }

    private static void refuseUndefined(Value value) {
        if (value instanceof Value.Undefined undefined) {
            throw Failure.undefined(undefined);
        }
    }

    private Value integers(Operator operator, BigInteger a, BigInteger b) {
        if (b.signum() == 0
                && (operator == Operator.DIVIDE
                        || operator == Operator.FLOOR_DIVIDE
                        || operator == Operator.MODULO
                        || (operator == Operator.POWER && a.signum() == 0 && b.signum() < 0))) {
            throw new Failure("division by zero");
        }
        return switch (operator) {
            case ADD -> bounded(a.add(b));
            case SUBTRACT -> bounded(a.subtract(b));
            case MULTIPLY -> bounded(a.multiply(b));
            case DIVIDE ->
                new Value.Real(new BigDecimal(a)
                        .divide(new BigDecimal(b), MathContext.DECIMAL128)
                        .doubleValue());
            case FLOOR_DIVIDE -> bounded(floorDivide(a, b));
            case MODULO -> bounded(a.subtract(floorDivide(a, b).multiply(b)));
            case POWER -> power(a, b);
        };
    }

    private static BigInteger floorDivide(BigInteger a, BigInteger b) {
        BigInteger[] parts = a.divideAndRemainder(b);
        boolean below = parts[1].signum() != 0 && parts[1].signum() != b.signum();
        return below ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    private static Value power(BigInteger a, BigInteger b) {
        if (b.signum() < 0) {
            if (a.signum() == 0) {
                throw new Failure("division by zero");
            }
            return new Value.Real(Math.pow(a.doubleValue(), b.doubleValue()));
        }
        if (a.bitLength() > 1
                && b.bitLength() + BigInteger.valueOf(a.bitLength()).bitLength() > 14) {
            throw tooBig();
        }
        if (a.bitLength() <= 1) {
            boolean odd = b.testBit(0);
            return new Value.Int(
                    b.signum() == 0 || a.equals(BigInteger.ONE) ? BigInteger.ONE : odd ? a : a.multiply(a));
        }
        return bounded(a.pow(b.intValueExact()));
    }

    private static Value.Int bounded(BigInteger value) {
        if (value.bitLength() > MOST_BITS) {
            throw tooBig();
        }
        return new Value.Int(value);
    }

    private static Failure tooBig() {
        return new Failure("an integer has more than [%d] bits".formatted(MOST_BITS));
    }

    private static double reals(Operator operator, double a, double b) {
        if (b == 0
                && (operator == Operator.DIVIDE || operator == Operator.FLOOR_DIVIDE || operator == Operator.MODULO)) {
            throw new Failure("division by zero");
        }
        return switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case FLOOR_DIVIDE -> Math.floor((a - modulo(a, b)) / b + 0.5);
            case MODULO -> modulo(a, b);
            case POWER -> Math.pow(a, b);
        };
    }

    private static double modulo(double a, double b) {
        double remainder = a % b;
        if (remainder == 0) {
            return Math.copySign(0, b);
        }
        return remainder < 0 != b < 0 ? remainder + b : remainder;
    }

    private @Nullable Value sum(Value left, Value right) {
        if (left instanceof Value.Text a && right instanceof Value.Text b) {
            return a.markup() || b.markup()
                    ? new Value.Text(concatenated(PythonText.escaped(a), PythonText.escaped(b)), true)
                    : new Value.Text(concatenated(a.value(), b.value()));
        }
        if (left instanceof Value.Listing a && right instanceof Value.Listing b) {
            return new Value.Listing(concatenated(a.items(), b.items()));
        }
        if (left instanceof Value.Tuple a && right instanceof Value.Tuple b) {
            return new Value.Tuple(concatenated(a.items(), b.items()));
        }
        return null;
    }

    private String concatenated(String a, String b) {
        budget.admit((long) a.length() + b.length());
        budget.spendOn((long) a.length() + b.length());
        return a + b;
    }

    private List<Value> concatenated(List<Value> a, List<Value> b) {
        budget.admit((long) a.size() + b.size());
        budget.spendOn((long) a.size() + b.size());
        List<Value> both = new ArrayList<>(a);
        both.addAll(b);
        return Collections.unmodifiableList(both);
    }

    private @Nullable Value repeat(Value value, Value times) {
        if (integer(times) == null) {
            return null;
        }
        int count = Math.max(0, index(times, "a repetition"));
        return switch (value) {
            case Value.Text text -> {
                budget.admit((long) text.value().length() * count);
                budget.spendOn((long) text.value().length() * count);
                yield new Value.Text(text.value().repeat(count));
            }
            case Value.Listing list -> new Value.Listing(repeat(list.items(), count));
            case Value.Tuple tuple -> new Value.Tuple(repeat(tuple.items(), count));
            default -> null;
        };
    }

    private List<Value> repeat(List<Value> items, int count) {
        budget.admit((long) items.size() * count);
        budget.spendOn((long) items.size() * count);
        List<Value> repeated = new ArrayList<>();
        for (int i = 0; i < count && !items.isEmpty(); i++) {
            repeated.addAll(items);
        }
        return Collections.unmodifiableList(repeated);
    }

    Value signed(boolean negative, Value operand) {
        refuseUndefined(operand);
        if (integer(operand) instanceof BigInteger integer) {
            return new Value.Int(negative ? integer.negate() : integer);
        }
        if (real(operand) instanceof Double real) {
            return new Value.Real(negative ? -real : real);
        }
        throw new Failure("a value of type [%s] has no sign".formatted(operand.type()));
    }

    boolean related(Relation relation, Value left, Value right) {
        return switch (relation) {
            case EQUAL -> equal(left, right);
            case NOT_EQUAL -> !equal(left, right);
            case LESS -> compare(relation, left, right) < 0;
            case LESS_OR_EQUAL -> compare(relation, left, right) <= 0;
            case GREATER -> compare(relation, left, right) > 0;
            case GREATER_OR_EQUAL -> compare(relation, left, right) >= 0;
            case IN -> contains(right, left);
            case NOT_IN -> !contains(right, left);
        };
    }

    boolean equal(Value left, Value right) {
        budget.spend(1);
        if (number(left) instanceof BigDecimal a && number(right) instanceof BigDecimal b) {
            return a.compareTo(b) == 0;
        }
        return switch (left) {
            case Value.Listing a -> right instanceof Value.Listing b && equal(a.items(), b.items());
            case Value.Tuple a -> right instanceof Value.Tuple b && equal(a.items(), b.items());
            case Value.Mapping a -> right instanceof Value.Mapping b && equal(a, b);
            case Value.Undefined ignored -> right instanceof Value.Undefined;
            case Value.Namespace ignored -> left == right;
            default -> left.equals(right);
        };
    }

    private boolean equal(List<Value> left, List<Value> right) {
        if (left.size() != right.size()) {
            return false;
        }
        budget.enter();
        for (int i = 0; i < left.size(); i++) {
            if (!equal(left.get(i), right.get(i))) {
                budget.leave();
                return false;
            }
        }
        budget.leave();
        return true;
    }

    private boolean equal(Value.Mapping left, Value.Mapping right) {
        budget.enter();
        boolean equal = left.entries().size() == right.entries().size()
                && left.entries().entrySet().stream().allMatch(entry -> {
                    Value other = right.entries().get(entry.getKey());
                    return other != null && equal(entry.getValue(), other);
                });
        budget.leave();
        return equal;
    }

    /** Order of two values; {@code relation} is for the message. */
    int compare(Relation relation, Value left, Value right) {
        refuseUndefined(left);
        refuseUndefined(right);
        budget.spend(1);
        if (number(left) instanceof BigDecimal a && number(right) instanceof BigDecimal b) {
            return a.compareTo(b);
        }
        if (left instanceof Value.Text a && right instanceof Value.Text b) {
            budget.spendOn(Math.min(a.value().length(), b.value().length()));
            return codePointOrder(a.value(), b.value());
        }
        if (left instanceof Value.Listing a && right instanceof Value.Listing b) {
            return compare(relation, a.items(), b.items());
        }
        if (left instanceof Value.Tuple a && right instanceof Value.Tuple b) {
            return compare(relation, a.items(), b.items());
        }
        throw new Failure(
                "[%s] does not work between [%s] and [%s]".formatted(relation.sign, left.type(), right.type()));
    }

    private int compare(Relation relation, List<Value> left, List<Value> right) {
        budget.enter();
        int order = 0;
        for (int i = 0; order == 0 && i < Math.min(left.size(), right.size()); i++) {
            if (!equal(left.get(i), right.get(i))) {
                order = compare(relation, left.get(i), right.get(i));
            }
        }
        budget.leave();
        return order != 0 ? order : Integer.compare(left.size(), right.size());
    }

    private static int codePointOrder(String left, String right) {
        int at = 0;
        int shorter = Math.min(left.length(), right.length());
        while (at < shorter && left.charAt(at) == right.charAt(at)) {
            at++;
        }
        if (at == shorter) {
            return Integer.compare(left.length(), right.length());
        }
        boolean inPair = at > 0 && Character.isHighSurrogate(left.charAt(at - 1));
        int begin = inPair ? at - 1 : at;
        return Integer.compare(left.codePointAt(begin), right.codePointAt(begin));
    }

    boolean contains(Value container, Value item) {
        return switch (container) {
            case Value.Text text -> {
                if (!(item instanceof Value.Text part)) {
                    throw new Failure("[in] a string needs a string on its left, not [%s]".formatted(item.type()));
                }
                budget.spendOn(text.value().length());
                yield text.value().contains(part.value());
            }
            case Value.Mapping map -> map.entries().containsKey(hashable(item));
            default -> container.iterated().stream().anyMatch(candidate -> equal(candidate, item));
        };
    }

    /** A value that can be a key. */
    static Value hashable(Value key) {
        return switch (key) {
            case Value.Listing ignored -> throw new Failure("a [list] cannot be a key");
            case Value.Mapping ignored -> throw new Failure("a [dict] cannot be a key");
            default -> key;
        };
    }

    /** Its value where Python has an integer (or a boolean, which counts as one), else null. */
    static @Nullable BigInteger integer(Value value) {
        return switch (value) {
            case Value.Int integer -> integer.value();
            case Value.Bool bool -> bool.value() ? BigInteger.ONE : BigInteger.ZERO;
            default -> null;
        };
    }

    /** Its value where Python has a number, else null. */
    static @Nullable Double real(Value value) {
        if (value instanceof Value.Real real) {
            return real.value();
        }
        BigInteger integer = integer(value);
        return integer == null ? null : (Double) integer.doubleValue();
    }

    /** Its exact value where it is a finite number, else null. */
    private static @Nullable BigDecimal number(Value value) {
        if (value instanceof Value.Real real) {
            return Double.isFinite(real.value()) ? new BigDecimal(real.value()) : null;
        }
        BigInteger integer = integer(value);
        return integer == null ? null : new BigDecimal(integer);
    }

    /** An integer that is an index, a width or a count. */
    static int index(Value value, String meaning) {
        BigInteger integer = integer(value);
        if (integer == null) {
            throw new Failure("%s must be an integer, not [%s]".formatted(meaning, value.type()));
        }
        if (integer.bitLength() > 31) {
            return integer.signum() < 0 ? Integer.MIN_VALUE / 2 : Integer.MAX_VALUE / 2;
        }
        return integer.intValue();
    }

    static boolean identical(Value left, Value right) {
        return left.getClass() == right.getClass() && Objects.equals(left, right);
    }
}
