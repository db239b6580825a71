package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SparklineTest {
    private static String line(int width, double... values) {
        Sparkline sparkline = new Sparkline(width);
        for (double value : values) {
            sparkline.add(value);
        }
        return sparkline.line();
    }

    @Test
    void spansFromTheLeastToTheMost() {
        assertEquals("█▅▁", line(8, 3, 2.2, 1));
        assertEquals(
                "▁▂▃▄▅▆▇█", line(8, IntStream.range(0, 800).mapToDouble(i -> i).toArray()));
    }

    @Test
    void oneValueOrNoneHasNoCourse() {
        assertEquals("", line(8));
        assertEquals("", line(8, 1));
        assertEquals("", line(8, 1, Double.NaN));
        assertEquals("▅▅", line(8, 1, 1));
    }
}
