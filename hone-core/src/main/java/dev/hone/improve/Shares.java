package dev.hone.improve;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** How shares are told. */
final class Shares {
    private Shares() {}

    /** Names that are a word and a number from 1 on. */
    static List<String> numbered(String word, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> word + " " + i).toList();
    }

    /** The share that has moved most. @param where the later ones are, in words */
    static String moved(List<String> names, int[] then, int[] now, String where) {
        int first = Arrays.stream(then).sum();
        int second = Arrays.stream(now).sum();
        int at = 0;
        double most = -1;
        for (int i = 0; i < then.length; i++) {
            double moved = Math.abs((double) then[i] / Math.max(1, first) - (double) now[i] / Math.max(1, second));
            if (moved > most) {
                most = moved;
                at = i;
            }
        }
        return "[%s] has %s%s, %s before"
                .formatted(names.get(at), percent(now[at], second), where, percent(then[at], first));
    }

    static String percent(int part, int whole) {
        return whole == 0 ? "nothing" : percent((double) part / whole);
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
