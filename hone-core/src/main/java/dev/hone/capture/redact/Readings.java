package dev.hone.capture.redact;

import dev.hone.capture.redact.Finder.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A text as it stands, and as it reads where it is JSON within JSON. In all of these readings something may be found that must go; an escape
 * is never cut. What has escapes in more readings than are looked through must go as a whole.
 *
 * @param text as it stands
 * @param steps from each reading to the next
 * @param isWhole whether the last reading has no escapes, so that nothing is hidden in it
 */
record Readings(String text, List<Unescaped> steps, boolean isWhole) {
    /** Its tokens' name, of a text that goes as a whole. */
    static final String KIND = "ESCAPED";

    /** Readings after the first. JSON within JSON doubles its backslashes each time: nobody means to write more. */
    static final int MOST_STEPS = 12;

    /** Of all readings of one text together: two of the longest request that may be sent. */
    private static final int MOST_CHARACTERS = 64 << 20;

    static Readings of(String text) {
        List<Unescaped> steps = new ArrayList<>();
        long characters = text.length();
        for (Unescaped next = Unescaped.of(text); next != null; next = Unescaped.of(next.text())) {
            characters += next.text().length();
            if (steps.size() == MOST_STEPS || characters > MOST_CHARACTERS) {
                return new Readings(text, steps, false);
            }
            steps.add(next);
        }
        return new Readings(text, steps, true);
    }

    private String reading(int level) {
        return level == 0 ? text : steps.get(level - 1).text();
    }

    /** What must go, none overlapping another. */
    List<Span> spans(List<Finder> finders) {
        if (!isWhole) {
            return List.of(new Span(0, text.length(), KIND, text));
        }
        List<Span> deepest = new ArrayList<>();
        // By where they begin, how far what is known reaches.
        Map<Integer, Integer> known = new HashMap<>();
        for (int level = steps.size(); level >= 0; level--) {
            List<Span> found = new ArrayList<>();
            for (Finder finder : finders) {
                found.addAll(finder.find(reading(level)));
            }
            List<Span> mapped = new ArrayList<>();
            for (Span span : found) {
                Span there = inDeepest(span, level, known);
                if (there != null) {
                    mapped.add(there);
                }
            }
            mapped.forEach(span -> known.merge(span.start(), span.end(), Math::max));
            deepest.addAll(mapped);
        }
        List<Span> spans = new ArrayList<>();
        for (Span span : Spans.apart(deepest)) {
            spans.add(steps.isEmpty() ? span : asItStands(span));
        }
        return spans;
    }

    /**
     * Where something is in the deepest reading. An escape whose letter was taken for the first of what was found belongs to it, unless the
     * rest alone is known from deeper readings; one that it ends in does not.
     */
    private @Nullable Span inDeepest(Span span, int level, Map<Integer, Integer> known) {
        int start = span.start();
        int end = span.end();
        int rest = start;
        for (Unescaped step : steps.subList(level, steps.size())) {
            int of = step.character(rest);
            rest = step.place(of) < rest ? of + 1 : of;
            start = step.character(start);
            end = step.character(end);
        }
        if (start >= end || start < rest && known.getOrDefault(rest, 0) >= end) {
            return null;
        }
        boolean asFound = level == 0 && start == rest;
        return new Span(
                start,
                end,
                span.kind(),
                span.same(),
                asFound ? span.text(text) : reading(steps.size()).substring(start, end));
    }

    private Span asItStands(Span span) {
        int start = span.start();
        int end = span.end();
        for (Unescaped step : steps.reversed()) {
            start = step.place(start);
            end = step.place(end);
        }
        // Of several that were put together nothing is written down.
        return new Span(start, end, span.kind(), span.same(), span.text(reading(steps.size())));
    }
}
