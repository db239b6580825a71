package dev.hone.schema;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Whether a shape has a value that ends. */
final class Finite {
    private final Set<Shape.Reference> entered = Collections.newSetFromMap(new IdentityHashMap<>());

    private Finite() {}

    /** A shortest value enters no reference twice on its way down, so that a second entry needs no look. */
    static boolean hasValue(Shape shape) {
        return new Finite().ends(shape);
    }

    private boolean ends(Shape shape) {
        return switch (shape) {
            case Shape.Anything() -> true;
            case Shape.Fixed fixed -> !fixed.values().isEmpty();
            case Shape.Text text -> true;
            case Shape.Matching matching -> true;
            case Shape.Number number -> true;
            case Shape.Items items -> {
                for (int i = 0; i < items.least() && i <= items.first().size(); i++) {
                    if (!ends(items.item(i))) {
                        yield false;
                    }
                }
                yield true;
            }
            case Shape.Members members ->
                members.properties().stream()
                        .filter(Shape.Property::required)
                        .allMatch(property -> ends(property.shape()));
            case Shape.Either either -> either.shapes().stream().anyMatch(this::ends);
            case Shape.Reference reference -> {
                if (!entered.add(reference)) {
                    yield false;
                }
                boolean ends = ends(reference.target());
                entered.remove(reference);
                yield ends;
            }
        };
    }
}
