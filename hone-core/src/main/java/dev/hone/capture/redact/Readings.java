package dev.hone.capture.redact;

import dev.hone.capture.redact.Finder.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text as it stands, and as it reads where it is JSON within JSON, however deep. In all of these readings something may be found that must
 * go; an escape is never cut.
 *
 * @param text as it stands
 * @param steps from each reading to the next
 */
record Readings(String text, List<Unescaped> steps) {
    static Readings of(String text) {
        List<Unescaped> steps = new ArrayList<>();
        for (Unescaped next = Unescaped.of(text); next != null; next = Unescaped.of(next.text())) {
            steps.add(next);
        }
        return new Readings(text, steps);
    }

    private String reading(int level) {
        return level == 0 ? text : steps.get(level - 1).text();
    }

    /** What must go, none overlapping another. */
    List<Span> spans(List<Finder> finders) {
        List<Span> deepest = new ArrayList<>();
        for (int level = steps.size(); level >= 0; level--) {
            List<Span> found = new ArrayList<>();
            for (Finder finder : finders) {
                found.addAll(finder.find(reading(level)));
            }
            List<Span> known = List.copyOf(deepest);
            for (Span span : found) {
                Span mapped = inDeepest(span, level, known);
                if (mapped != null) {
                    deepest.add(mapped);
                }
            }
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
    private @Nullable Span inDeepest(Span span, int level, List<Span> known) {
        int start = span.start();
        int end = span.end();
        int rest = start;
        for (Unescaped step : steps.subList(level, steps.size())) {
            int of = step.character(rest);
            rest = step.place(of) < rest ? of + 1 : of;
            start = step.character(start);
            end = step.character(end);
        }
        int from = rest;
        int to = end;
        if (start >= end
                || start < rest && known.stream().anyMatch(other -> other.start() == from && other.end() >= to)) {
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
