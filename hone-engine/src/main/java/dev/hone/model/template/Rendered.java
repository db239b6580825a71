package dev.hone.model.template;

import java.util.List;

/**
 * What a template made of its variables. Made by {@link Template}, consumed by the loss mask.
 *
 * @param text the whole text
 * @param generated what stood in {@code {% generation %}} blocks, in order
 * @param generatedElsewhere whether such a block also stood in a macro or a captured block, where its place in the text
 *     is not known
 */
public record Rendered(String text, List<Span> generated, boolean generatedElsewhere) {
    /**
     * A part of the text.
     *
     * @param start index of its first {@code char}
     * @param end index after its last {@code char}
     */
    public record Span(int start, int end) {}

    public Rendered {
        generated = List.copyOf(generated);
    }
}
