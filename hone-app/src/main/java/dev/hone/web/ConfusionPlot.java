package dev.hone.web;

import dev.hone.evaluate.Confusion;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link Confusion} as squares: the right class from above, the given one from the left.
 *
 * @param confusion with at least one class
 */
public record ConfusionPlot(Confusion confusion) {
    private static final int WIDTH = 720;
    private static final int LEFT = 250;
    private static final int TOP = 8;
    private static final int BELOW = 150;
    private static final int LONGEST = 34;

    /**
     * A square.
     *
     * @param right whether both classes are the same
     * @param opacity in (0, 1]
     * @param title what stands there
     */
    public record Cell(double x, double y, int count, boolean right, double opacity, String title) {}

    /** The side of a square. */
    public double side() {
        return Math.min(26, (WIDTH - LEFT - 10.0) / names().size());
    }

    public int width() {
        return WIDTH;
    }

    public double height() {
        return TOP + side() * names().size() + BELOW;
    }

    /** Left edge of a column. */
    public double x(int column) {
        return LEFT + column * side();
    }

    /** Upper edge of a row. */
    public double y(int row) {
        return TOP + row * side();
    }

    /** Classes, and at the end what is none of them. */
    public List<String> names() {
        List<String> names = new ArrayList<>(confusion.classes());
        names.add("other or none");
        return names;
    }

    /** A name, cut to its room. */
    public String shortened(String name) {
        return name.length() <= LONGEST ? name : name.substring(0, LONGEST - 1) + "…";
    }

    /** What happened at least once. */
    public List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        List<String> names = names();
        for (int row = 0; row < names.size(); row++) {
            int all = confusion.counts().get(row).stream()
                    .mapToInt(count -> count)
                    .sum();
            for (int column = 0; column < names.size(); column++) {
                int count = confusion.counts().get(row).get(column);
                if (count > 0) {
                    cells.add(new Cell(
                            x(column),
                            y(row),
                            count,
                            row == column && row < confusion.classes().size(),
                            0.15 + 0.85 * count / all,
                            "%s, taken for %s: %d of %d".formatted(names.get(row), names.get(column), count, all)));
                }
            }
        }
        return cells;
    }
}
