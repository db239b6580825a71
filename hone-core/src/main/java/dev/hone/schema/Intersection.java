package dev.hone.schema;

import dev.hone.schema.Shape.Fixed;
import dev.hone.schema.Shape.Items;
import dev.hone.schema.Shape.Matching;
import dev.hone.schema.Shape.Members;
import dev.hone.schema.Shape.Property;
import dev.hone.schema.Shape.Range;
import dev.hone.schema.Shape.Reference;
import dev.hone.schema.Shape.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values that shapes have in common. */
final class Intersection {
    private static final int MOST_PAIRS = 1_000;

    private final String place;
    private final Map<Pair, Reference> known = new HashMap<>();
    private final Set<Reference> followed = Collections.newSetFromMap(new IdentityHashMap<>());
    private int pairs;

    /** Two shapes; equal only to the same two. */
    private record Pair(Reference one, Shape other) {
        @Override
        public boolean equals(@Nullable Object that) {
            return that instanceof Pair pair && pair.one == one && pair.other == other;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(one) + System.identityHashCode(other);
        }
    }

    private Intersection(String place) {
        this.place = place;
    }

    /**
     * @param shapes at least one
     * @param place for messages
     * @throws SchemaException when there are none, or they cannot be told
     */
    static Shape of(List<Shape> shapes, String place) {
        Shape all = find(shapes, place);
        if (all == null) {
            throw new SchemaException("[%s] accepts nothing: its parts exclude each other".formatted(place));
        }
        return all;
    }

    /** Null when there are none. */
    static @Nullable Shape find(List<Shape> shapes, String place) {
        Shape all = shapes.getFirst();
        for (Shape shape : shapes.subList(1, shapes.size())) {
            all = all == null ? null : new Intersection(place).and(all, shape);
        }
        return all;
    }

    /** Null when there are none. */
    private @Nullable Shape and(Shape a, Shape b) {
        if (++pairs > MOST_PAIRS) {
            throw new SchemaException("The parts at [%s] are too many to be taken together: at most [%d] pairs"
                    .formatted(place, MOST_PAIRS));
        }
        return switch (a) {
            case Shape.Anything() -> b;
            case Reference reference -> reference(reference, b);
            case Shape.Either(List<Shape> shapes) -> either(shapes, b);
            case Fixed fixed -> b instanceof Reference || b instanceof Shape.Either ? and(b, a) : fixed(fixed, b);
            case Text text -> b instanceof Text other ? text(text, other) : isSimple(b) ? matching(text, b) : and(b, a);
            case Matching matching -> isSimple(b) ? matching(matching, b) : and(b, a);
            case Shape.Number number ->
                b instanceof Shape.Number other ? number(number, other) : isSimple(b) ? null : and(b, a);
            case Items items -> b instanceof Items other ? items(items, other) : isSimple(b) ? null : and(b, a);
            case Members members ->
                b instanceof Members other ? members(members, other) : isSimple(b) ? null : and(b, a);
        };
    }

    /** Whether a shape is of one type, and none of those that are taken apart first. */
    private static boolean isSimple(Shape shape) {
        return switch (shape) {
            case Shape.Anything anything -> false;
            case Shape.Either either -> false;
            case Reference reference -> false;
            case Fixed fixed -> false;
            case Text text -> true;
            case Matching matching -> true;
            case Shape.Number number -> true;
            case Items items -> true;
            case Members members -> true;
        };
    }

    private @Nullable Shape reference(Reference reference, Shape other) {
        Pair pair = new Pair(reference, other);
        Reference before = known.get(pair);
        if (before != null) {
            followed.add(before);
            return before;
        }
        Reference both = new Reference();
        known.put(pair, both);
        Shape target = and(reference.target(), other);
        if (target == null) {
            if (followed.contains(both)) {
                throw new SchemaException(
                        "The parts at [%s] exclude each other in a schema that contains itself, which is not supported"
                                .formatted(place));
            }
            return null;
        }
        both.resolve(target);
        return both;
    }

    private @Nullable Shape either(List<Shape> shapes, Shape other) {
        List<Shape> both = new ArrayList<>();
        for (Shape shape : shapes) {
            Shape one = and(shape, other);
            if (one != null) {
                both.add(one);
            }
        }
        return both.isEmpty() ? null : both.size() == 1 ? both.getFirst() : new Shape.Either(both);
    }

    private static @Nullable Shape fixed(Fixed fixed, Shape other) {
        List<String> both = fixed.values().stream()
                .filter(value -> Grammar.accepts(other, value))
                .toList();
        return both.isEmpty() ? null : Fixed.of(both);
    }

    private static @Nullable Shape text(Text a, Text b) {
        int least = Math.max(a.least(), b.least());
        int most = Math.min(a.most(), b.most());
        return least > most ? null : new Text(least, most);
    }

    private @Nullable Shape matching(Shape a, Shape b) {
        Automaton one = automaton(a);
        Automaton other = automaton(b);
        Automaton both = one == null || other == null ? null : one.and(other, place);
        return both == null ? null : new Matching(both);
    }

    private @Nullable Automaton automaton(Shape shape) {
        return switch (shape) {
            case Matching(Automaton automaton) -> automaton;
            case Text(int least, int most) -> {
                Automaton.requireSize(most == Integer.MAX_VALUE ? least : most, 0, place);
                yield Automaton.lengths(least, most);
            }
            default -> null;
        };
    }

    private static @Nullable Shape number(Shape.Number a, Shape.Number b) {
        boolean whole = a.whole() || b.whole();
        Range range = a.range() == null
                ? b.range()
                : b.range() == null ? a.range() : a.range().and(b.range());
        return range != null && range.isEmpty(whole) ? null : new Shape.Number(whole, range);
    }

    private @Nullable Shape items(Items a, Items b) {
        int least = Math.max(a.least(), b.least());
        int most = Math.min(a.most(), b.most());
        List<Shape> first = new ArrayList<>();
        boolean closed = false;
        int named = Math.max(a.first().size(), b.first().size());
        for (int i = 0; i < named && !closed; i++) {
            Shape item = a.has(i) && b.has(i) ? and(a.item(i), b.item(i)) : null;
            closed = item == null;
            if (item != null) {
                first.add(item);
            }
        }
        Shape rest = closed || a.rest() == null || b.rest() == null ? null : and(a.rest(), b.rest());
        return least > most || rest == null && least > first.size() ? null : new Items(first, rest, least, most);
    }

    private @Nullable Shape members(Members a, Members b) {
        Shape others = a.others() == null || b.others() == null ? null : and(a.others(), b.others());
        Map<String, Property> left = new LinkedHashMap<>();
        b.properties().forEach(property -> left.put(property.name(), property));
        List<Property> properties = new ArrayList<>();
        for (Property one : a.properties()) {
            Property two = left.remove(one.name());
            Shape other = two == null ? b.others() : two.shape();
            if (!add(one, other, two != null && two.required(), others != null, properties)) {
                return null;
            }
        }
        for (Property two : left.values()) {
            if (!add(two, a.others(), false, others != null, properties)) {
                return null;
            }
        }
        return SchemaReader.members(properties, others, false);
    }

    /**
     * Adds a property with what another shape leaves of its values.
     *
     * @param other null for nothing
     * @param open whether objects may have properties without a name of their own
     * @return false when it is required and has no value
     */
    private boolean add(
            Property property, @Nullable Shape other, boolean required, boolean open, List<Property> properties) {
        Shape both = other == null ? null : and(property.shape(), other);
        if (both != null) {
            properties.add(new Property(property.name(), both, property.required() || required));
            return true;
        }
        if (property.required() || required) {
            return false;
        }
        if (open) {
            throw new SchemaException(
                    "Property [%s] at [%s] can have no value, since its parts exclude each other: leave it out, or forbid others by [additionalProperties]"
                            .formatted(property.name(), place));
        }
        return true;
    }
}
