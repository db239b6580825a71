package dev.hone.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.demo.Story;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Numbers of events do not stand on each other, nor on the legend. */
final class EventLabelsTest {
    /** A letter of thirteen pixels in DejaVu Sans Bold, which is wider than most: the widest of the digits and the dash. */
    private static final double LETTER = 13 * 0.696;

    /** Of the toy's story of 27 November 2026. */
    private static final List<Double> TOY = List.of(
            0.452, 42.350, 69.737, 69.738, 84.808, 159.757, 159.757, 247.293, 258.363, 265.202, 280.883, 294.260,
            319.011, 327.647, 334.122, 336.7, 337.08);

    private static final double TOY_SECONDS = 337.084;

    /** Of the real job's. */
    private static final List<Double> REAL = List.of(
            0.3, 216.6, 300.8, 388.7, 502.5, 503.3, 988.3, 1001.3, 1039.1, 1160.7, 1274.0, 1384.7, 1400.1, 1451.5,
            1614.7, 1650.4);

    private static final Pattern TEXT = Pattern.compile(
            "<text(?: class=\"([a-z]+)\")? x=\"([0-9.]+)\" y=\"([0-9.]+)\"(?: text-anchor=\"([a-z]+)\")?>([^<]*)</text>");

    private record Box(String text, String style, double left, double right, double top, double bottom) {
        boolean overlaps(Box other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }
    }

    private static Story story(List<Double> seconds, double all) {
        List<Story.Event> events = new ArrayList<>();
        for (double second : seconds) {
            events.add(new Story.Event(second, "kind", "words"));
        }
        return new Story(
                Story.SCHEMA,
                "letters",
                "tiny",
                true,
                1,
                List.of(),
                Map.of(),
                List.of(),
                List.of(),
                events,
                List.of(),
                List.of(),
                List.of(),
                new Story.Began("hone serve", "drift", true),
                null,
                List.of(),
                new Story.Rolled("", "", 0, 0, List.of()),
                new Story.Rolled("", "", 0, 0, List.of()),
                0,
                all,
                Map.of());
    }

    private static List<Box> boxes(String svg) {
        List<Box> boxes = new ArrayList<>();
        Matcher text = TEXT.matcher(svg);
        while (text.find()) {
            double width = LETTER * text.group(5).length();
            double x = Double.parseDouble(text.group(2));
            double left = switch (text.group(4) == null ? "" : text.group(4)) {
                case "middle" -> x - width / 2;
                case "end" -> x - width;
                default -> x;
            };
            double y = Double.parseDouble(text.group(3));
            boxes.add(new Box(
                    text.group(5), text.group(1) == null ? "" : text.group(1), left, left + width, y - 11, y + 3));
        }
        return boxes;
    }

    private static List<String> read(List<Double> seconds, double all) {
        List<Box> boxes = boxes(LoopPlot.svg(story(seconds, all)));
        for (int i = 0; i < boxes.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertFalse(boxes.get(i).overlaps(boxes.get(j)), boxes.get(i) + " stands on " + boxes.get(j));
            }
            Box box = boxes.get(i);
            assertTrue(
                    !box.style().equals("number") || box.left() > -1 && box.right() < 1001 && box.top() >= 0,
                    () -> box + " stands out");
        }
        return boxes.stream()
                .filter(box -> box.style().equals("number"))
                .map(Box::text)
                .toList();
    }

    /** All events have a number, or stand between two that a label has. */
    private static void requireAll(List<String> texts, int events) {
        int next = 1;
        for (String text : texts) {
            String[] ends = text.split("–");
            assertEquals(next, Integer.parseInt(ends[0]), texts::toString);
            next = Integer.parseInt(ends[ends.length - 1]) + 1;
        }
        assertEquals(events + 1, next, texts::toString);
    }

    @Test
    void realStoriesCanBeRead() {
        List<String> toy = read(TOY, TOY_SECONDS);
        requireAll(toy, TOY.size());
        assertTrue(toy.containsAll(List.of("3–4", "6–7", "16–17", "13", "14", "15")), toy::toString);
        List<String> real = read(REAL, 1650.4);
        requireAll(real, REAL.size());
        assertTrue(real.containsAll(List.of("5–6", "12", "13")), real::toString);
    }

    @Test
    void whereverEventsAreTheyCanBeRead() {
        Random random = new Random(4);
        for (int i = 0; i < 300; i++) {
            int events = 1 + random.nextInt(120);
            double crowd = Math.pow(10, -3 * random.nextDouble());
            List<Double> seconds = random.doubles(events)
                    .map(share -> 600 * (1 - crowd * share))
                    .sorted()
                    .boxed()
                    .toList();
            requireAll(read(seconds, 600), events);
        }
        requireAll(read(List.of(), 600), 0);
    }
}
