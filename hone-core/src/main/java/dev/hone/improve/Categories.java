package dev.hone.improve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which part of [0, 1] belongs to each of some categories, so that {@link Evidence} can be found on them: the unseen ones first, then from the rarest to the most frequent,
 * each as wide as its share was. Beyond {@value #MOST} the rarest have one part together, since to bet on each of hundreds of parts takes several times as long, and some
 * tens show as much. All of it follows from counts alone that nothing else is made of, so that bets stay fair.
 */
final class Categories {
    /** With a part of their own. */
    static final int MOST = 30;

    private final double[] widths;
    private final double[] values;

    private Categories(double[] widths, double[] values) {
        this.widths = widths;
        this.values = values;
    }

    /** @param counts of each category, of calls that are looked at for nothing else */
    static Categories of(int[] counts) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                order.add(i);
            }
        }
        order.sort((a, b) -> counts[a] == counts[b] ? Integer.compare(a, b) : Integer.compare(counts[a], counts[b]));
        int rare = order.size() > MOST ? order.size() - MOST : 0;
        int parts = order.size() - rare + (rare > 0 ? 1 : 0);
        double[] seen = new double[parts];
        double[] values = new double[counts.length];
        Arrays.fill(values, parts);
        for (int i = 0; i < order.size(); i++) {
            int part = rare == 0 ? i : Math.max(0, i - rare + 1);
            seen[part] += counts[order.get(i)];
            values[order.get(i)] = parts - 1 - part;
        }
        double all = Arrays.stream(seen).sum() + 0.5 * (parts + 1);
        double[] widths = new double[parts + 1];
        widths[0] = 0.5 / all;
        for (int i = 0; i < parts; i++) {
            widths[i + 1] = (seen[i] + 0.5) / all;
        }
        return new Categories(widths, values);
    }

    /** Of the parts, from 0 on. */
    double[] widths() {
        return widths.clone();
    }

    /** What stands for a category: the higher, the nearer to 0 its part is. */
    double value(int category) {
        return values[category];
    }
}
