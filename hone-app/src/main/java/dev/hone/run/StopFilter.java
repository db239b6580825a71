package dev.hone.run;

import java.util.List;

/** A stream of text up to the first of some strings. What may be the beginning of one is held back until that is known. */
public final class StopFilter {
    private final List<String> stops;
    private String held = "";
    private boolean stopped;

    public StopFilter(List<String> stops) {
        this.stops = List.copyOf(stops);
    }

    /** Takes the next piece; returns what is certain now, often none. */
    public String add(String piece) {
        if (stopped) {
            return "";
        }
        held += piece;
        int at = stops.stream()
                .mapToInt(held::indexOf)
                .filter(index -> index >= 0)
                .min()
                .orElse(-1);
        stopped = at >= 0;
        return release(stopped ? at : held.length() - beginning());
    }

    /** What was held back and turned out to be no stop. */
    public String finish() {
        return stopped ? "" : release(held.length());
    }

    private String release(int length) {
        String released = held.substring(0, length);
        held = held.substring(length);
        return released;
    }

    /** Length of the longest end of the held text that begins a stop. */
    private int beginning() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(held.length(), stop.length() - 1); length > longest; length--) {
                if (held.endsWith(stop.substring(0, length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
