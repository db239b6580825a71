package dev.hone.model.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names that are known at a place of a template; those of the scopes around it shine through. */
final class Scope {
    private final @Nullable Scope around;
    private final Map<String, Value> names;

    Scope(Map<String, Value> names) {
        this(null, new HashMap<>(names));
    }

    private Scope(@Nullable Scope around, Map<String, Value> names) {
        this.around = around;
        this.names = names;
    }

    Scope inner() {
        return new Scope(this, new HashMap<>());
    }

    void set(String name, Value value) {
        names.put(name, value);
    }

    @Nullable
    Value find(String name) {
        for (Scope scope = this; scope != null; scope = scope.around) {
            Value value = scope.names.get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }
}
