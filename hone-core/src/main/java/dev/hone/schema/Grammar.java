package dev.hone.schema;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON texts of a schema's values, read from left to right. Separators are written without white space or with one space
 * after them. Positions are computed when they are first reached and kept; for one thread at a time.
 */
public final class Grammar {
    private static final Position NOWHERE = new Position(Set.of());

    private final Map<Set<@Nullable Stack>, Position> positions = new HashMap<>();
    private final Position start;

    private Grammar(Shape shape) {
        Set<@Nullable Stack> readings = new LinkedHashSet<>();
        readings.add(Stack.of(new Frame.Start(shape), null));
        start = at(readings);
    }

    /**
     * Values of a JSON Schema.
     *
     * @throws SchemaException when it is none, accepts nothing, or has a keyword that is not supported
     */
    public static Grammar ofSchema(String schema) {
        return new Grammar(SchemaReader.read(schema));
    }

    /**
     * Calls of one of some tools: {@code {"name": …, "arguments": {…}}}, in this order.
     *
     * @param tools each a JSON object in OpenAI's form
     * @throws SchemaException when one is none, or its parameters are no supported schema
     */
    public static Grammar ofCalls(List<String> tools) {
        return new Grammar(CallShapes.of(tools));
    }

    /** Whether a text is one of a shape's. */
    static boolean accepts(Shape shape, String text) {
        return new Grammar(shape).accepts(text);
    }

    /** Whether a text is one of these values. */
    public boolean accepts(String text) {
        return refusal(text).isEmpty();
    }

    /** Why a text is none of these values, which is where it stops being the beginning of one; empty for one that is. */
    public Optional<String> refusal(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Position position = start;
        for (int i = 0; i < bytes.length; i++) {
            Position next = after(position, bytes[i] & 0xff);
            if (next == null) {
                return Optional.of("After [%s] cannot come [%s]"
                        .formatted(
                                new String(bytes, 0, i, StandardCharsets.UTF_8),
                                new String(bytes, i, bytes.length - i, StandardCharsets.UTF_8)));
            }
            position = next;
        }
        return position.mayEnd() ? Optional.empty() : Optional.of("After [%s] more must come".formatted(text));
    }

    /** Before the first byte. */
    public Position start() {
        return start;
    }

    private Position at(Set<@Nullable Stack> readings) {
        return positions.computeIfAbsent(readings, Position::new);
    }

    /**
     * After a byte.
     *
     * @param b 0 to 255
     * @return null when no value goes on so
     */
    public @Nullable Position after(Position position, int b) {
        Position known = position.next[b];
        if (known == null) {
            Set<@Nullable Stack> readings = new LinkedHashSet<>();
            for (Stack stack : position.readings) {
                Stack.advance(stack, b, readings::add);
            }
            known = readings.isEmpty() ? NOWHERE : at(readings);
            position.next[b] = known;
        }
        return known == NOWHERE ? null : known;
    }

    /** A place in a text. */
    public static final class Position {
        private final Set<@Nullable Stack> readings;
        private final @Nullable Position[] next = new @Nullable Position[256];
        private final boolean mayEnd;

        private Position(Set<@Nullable Stack> readings) {
            this.readings = readings;
            this.mayEnd = readings.stream().anyMatch(Stack::mayEnd);
        }

        /** Whether the text is a whole value. */
        public boolean mayEnd() {
            return mayEnd;
        }
    }
}
