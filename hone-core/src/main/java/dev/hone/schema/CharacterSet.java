package dev.hone.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A set of characters: Unicode code points without surrogates, which are no characters.
 *
 * @param spans rising, apart from each other
 */
record CharacterSet(List<Span> spans) {
    /** Between two characters, both included. */
    record Span(int low, int high) {
        boolean meets(int otherLow, int otherHigh) {
            return low <= otherHigh && otherLow <= high;
        }
    }

    private static final int LAST = 0x10FFFF;
    private static final Span SURROGATES = new Span(0xD800, 0xDFFF);

    static final CharacterSet ALL = complementOf(List.of(SURROGATES));

    static CharacterSet of(int low, int high) {
        return union(List.of(new Span(low, high)));
    }

    static CharacterSet of(String characters) {
        return union(characters.codePoints().mapToObj(one -> new Span(one, one)).toList());
    }

    /** What is in one of some spans. */
    static CharacterSet union(List<Span> spans) {
        List<Span> without = new ArrayList<>();
        for (Span span : spans) {
            if (!span.meets(SURROGATES.low, SURROGATES.high)) {
                without.add(span);
            } else {
                if (span.low < SURROGATES.low) {
                    without.add(new Span(span.low, SURROGATES.low - 1));
                }
                if (span.high > SURROGATES.high) {
                    without.add(new Span(SURROGATES.high + 1, span.high));
                }
            }
        }
        return new CharacterSet(joined(without));
    }

    private static List<Span> joined(List<Span> spans) {
        List<Span> joined = new ArrayList<>();
        for (Span span :
                spans.stream().sorted(Comparator.comparingInt(Span::low)).toList()) {
            if (!joined.isEmpty() && span.low <= joined.getLast().high + 1) {
                Span last = joined.removeLast();
                joined.add(new Span(last.low, Math.max(last.high, span.high)));
            } else {
                joined.add(span);
            }
        }
        return List.copyOf(joined);
    }

    CharacterSet complement() {
        List<Span> all = new ArrayList<>(spans);
        all.add(SURROGATES);
        return complementOf(all);
    }

    private static CharacterSet complementOf(List<Span> spans) {
        List<Span> between = new ArrayList<>();
        int next = 0;
        for (Span span : joined(spans)) {
            if (span.low > next) {
                between.add(new Span(next, span.low - 1));
            }
            next = span.high + 1;
        }
        if (next <= LAST) {
            between.add(new Span(next, LAST));
        }
        return new CharacterSet(List.copyOf(between));
    }
}
