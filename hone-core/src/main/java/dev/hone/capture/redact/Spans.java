package dev.hone.capture.redact;

import dev.hone.capture.redact.Finder.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Places that several finders found in one text. */
final class Spans {
    private static final Comparator<Span> FIRST_AND_LONGEST =
            Comparator.comparingInt(Span::start).thenComparing(span -> -span.end());

    private Spans() {}

    /** The same from the first on, none overlapping another; what overlaps an earlier one is added to it, so nothing stays. */
    static List<Span> apart(List<Span> spans) {
        List<Span> sorted = spans.stream().sorted(FIRST_AND_LONGEST).toList();
        List<Span> apart = new ArrayList<>();
        for (Span span : sorted) {
            Span last = apart.isEmpty() ? null : apart.getLast();
            if (last == null || span.start() >= last.end()) {
                apart.add(span);
            } else if (span.end() > last.end()) {
                apart.set(apart.size() - 1, new Span(last.start(), span.end(), last.kind(), last.same() + span.same()));
            }
        }
        return apart;
    }
}
