package dev.hone.web;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of what, from the left to the right.
 *
 * @param title what is seen
 * @param boxes in the order of their columns, each column from above
 * @param arrows between boxes
 */
public record LineagePlot(String title, List<Box> boxes, List<Arrow> arrows) {
    public static final int WIDTH = 1000;
    public static final int BOX_WIDTH = 164;
    public static final int BOX_HEIGHT = 42;
    private static final int STEP = BOX_HEIGHT + 12;
    private static final int MARGIN = 6;
    private static final int LONGEST = 23;

    public LineagePlot {
        boxes = List.copyOf(boxes);
        arrows = List.copyOf(arrows);
    }

    /**
     * A thing.
     *
     * @param kind what it is
     * @param name which one
     * @param detail what is known of it
     * @param path where more is said; null where nothing is
     * @param series number of its colour
     */
    public record Item(
            String kind,
            String name,
            String detail,
            @Nullable String path,
            int series) {}

    /** A thing in its place. */
    public record Box(Item item, int x, int y) {
        /** What is written in it, cut to its room. */
        public String shortName() {
            return cut(item.name());
        }

        public String shortDetail() {
            return cut(item.kind() + (item.detail().isEmpty() ? "" : ": " + item.detail()));
        }

        /** All of it. */
        public String whole() {
            return "%s %s%s".formatted(item.kind(), item.name(), item.detail().isEmpty() ? "" : ", " + item.detail());
        }

        private static String cut(String text) {
            return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
        }
    }

    /** From the right of one box to the left of another. */
    public record Arrow(int fromX, int fromY, int toX, int toY) {
        /** As SVG's path has it. */
        public String path() {
            int middle = (fromX + toX) / 2;
            return "M%d %dC%d %d %d %d %d %d".formatted(fromX, fromY, middle, fromY, middle, toY, toX, toY);
        }
    }

    /** A connection of two things by their columns and places in these. */
    public record Link(int column, int place, int toColumn, int toPlace) {}

    /**
     * Puts things into places: each column in the middle of the height.
     *
     * @param columns from the left, each from above
     */
    public static LineagePlot of(String title, List<List<Item>> columns, List<Link> links) {
        int rows = columns.stream().mapToInt(List::size).max().orElse(0);
        List<List<Box>> placed = new ArrayList<>();
        for (int column = 0; column < columns.size(); column++) {
            List<Item> items = columns.get(column);
            int x = columns.size() == 1 ? 0 : column * (WIDTH - BOX_WIDTH - 2 * MARGIN) / (columns.size() - 1);
            List<Box> boxes = new ArrayList<>();
            for (int place = 0; place < items.size(); place++) {
                int y = (rows - items.size()) * STEP / 2 + place * STEP;
                boxes.add(new Box(items.get(place), MARGIN + x, MARGIN + y));
            }
            placed.add(boxes);
        }
        List<Arrow> arrows = links.stream()
                .map(link -> arrow(
                        placed.get(link.column()).get(link.place()),
                        placed.get(link.toColumn()).get(link.toPlace())))
                .toList();
        return new LineagePlot(title, placed.stream().flatMap(List::stream).toList(), arrows);
    }

    private static Arrow arrow(Box from, Box to) {
        return new Arrow(from.x() + BOX_WIDTH, from.y() + BOX_HEIGHT / 2, to.x(), to.y() + BOX_HEIGHT / 2);
    }

    public int height() {
        return boxes.stream().mapToInt(Box::y).max().orElse(0) + BOX_HEIGHT + MARGIN;
    }

    /** The same for who does not see it: what, which, and what is known of it. */
    public List<List<String>> values() {
        return boxes.stream()
                .map(box ->
                        List.of(box.item().kind(), box.item().name(), box.item().detail()))
                .toList();
    }
}
