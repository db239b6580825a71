package dev.hone.schema;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A set of JSON values, as a schema describes it. Made by {@link SchemaReader}; followed by {@link Frame}s. */
sealed interface Shape {

    /** Any value. */
    record Anything() implements Shape {}

    /**
     * One of some fixed values.
     *
     * @param values each as its JSON text
     * @param texts the same as a tree
     */
    record Fixed(List<String> values, ByteTrie texts) implements Shape {
        static Fixed of(List<String> values) {
            return new Fixed(values, ByteTrie.of(values));
        }
    }

    /**
     * A string.
     *
     * @param least characters (Unicode code points)
     * @param most characters, or {@link Integer#MAX_VALUE}
     */
    record Text(int least, int most) implements Shape {}

    /** A string of an automaton. */
    record Matching(Automaton automaton) implements Shape {}

    /**
     * A number in plain or exponent notation.
     *
     * @param whole whether it has neither fraction nor exponent
     * @param range which numbers, or null for all; numbers of a range have no exponent
     */
    record Number(boolean whole, @Nullable Range range) implements Shape {}

    /**
     * A list.
     *
     * @param first shapes of the first items
     * @param rest shape of the others, or null when there are none
     * @param least items
     * @param most items, or {@link Integer#MAX_VALUE}
     */
    record Items(List<Shape> first, @Nullable Shape rest, int least, int most) implements Shape {
        boolean has(int index) {
            return index < first.size() || rest != null;
        }

        Shape item(int index) {
            return index < first.size() ? first.get(index) : Objects.requireNonNull(rest);
        }
    }

    /**
     * An object.
     *
     * @param properties those with a name of their own
     * @param keys their names as JSON strings without the opening quote; the value of a text is its property's place
     * @param others shape of the values of all other names, or null when there are none
     * @param inOrder whether properties come in the order given, every one of them
     */
    record Members(
            List<Property> properties,
            ByteTrie keys,
            @Nullable Shape others,
            boolean inOrder) implements Shape {}

    /** A named member of an object. */
    record Property(String name, Shape shape, boolean required) {}

    /** A value of any of these. */
    record Either(List<Shape> shapes) implements Shape {}

    /** A shape that is known later: a schema may contain itself. Equal only to itself. */
    final class Reference implements Shape {
        private @Nullable Shape target;

        void resolve(Shape shape) {
            target = shape;
        }

        /** @throws SchemaException when it is not known yet */
        Shape target() {
            if (target == null) {
                throw new SchemaException(
                        "A [$ref] in [allOf], or beside other keywords, leads to a schema that contains it: this is not supported");
            }
            return target;
        }
    }

    /**
     * Numbers between two bounds.
     *
     * @param least null for none
     * @param most null for none
     */
    record Range(
            @Nullable BigDecimal least,
            boolean leastIncluded,
            @Nullable BigDecimal most,
            boolean mostIncluded) {
        /** The numbers that are in both. */
        Range and(Range other) {
            boolean mine =
                    least != null && (other.least == null || tighter(least.compareTo(other.least), leastIncluded));
            boolean mineToo = most != null && (other.most == null || tighter(other.most.compareTo(most), mostIncluded));
            return new Range(
                    mine ? least : other.least,
                    mine ? leastIncluded : other.leastIncluded,
                    mineToo ? most : other.most,
                    mineToo ? mostIncluded : other.mostIncluded);
        }

        private static boolean tighter(int order, boolean included) {
            return order > 0 || order == 0 && !included;
        }

        /** @param whole whether fractions do not count */
        boolean isEmpty(boolean whole) {
            if (least == null || most == null) {
                return false;
            }
            if (!whole) {
                int order = least.compareTo(most);
                return order > 0 || order == 0 && !(leastIncluded && mostIncluded);
            }
            BigDecimal first = least.setScale(0, RoundingMode.CEILING);
            return !contains(above(first) ? first : first.add(BigDecimal.ONE));
        }

        boolean contains(BigDecimal value) {
            return above(value) && below(value);
        }

        boolean above(BigDecimal value) {
            return least == null || value.compareTo(least) > 0 || leastIncluded && value.compareTo(least) == 0;
        }

        boolean below(BigDecimal value) {
            return most == null || value.compareTo(most) < 0 || mostIncluded && value.compareTo(most) == 0;
        }
    }
}
