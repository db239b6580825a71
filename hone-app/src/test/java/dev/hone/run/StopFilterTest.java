package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class StopFilterTest {
    @Test
    void holdsBackWhatMayBeginAStop() {
        StopFilter filter = new StopFilter(List.of("END"));
        assertEquals("a", filter.add("aE"));
        assertEquals("", filter.add("N"));
        assertEquals("ENx", filter.add("x"));
        assertEquals("", filter.add("EN"));
        assertEquals("", filter.add("D more"));
        assertEquals("", filter.add("never"));
        assertEquals("", filter.finish());
    }

    @Test
    void givesWhatWasNoStopAtTheEnd() {
        StopFilter filter = new StopFilter(List.of("END"));
        assertEquals("", filter.add("EN"));
        assertEquals("EN", filter.finish());
    }

    /** The first piece with which a stop is whole ends the text; of several that are whole then, the first one counts. */
    @Test
    void isTheTextBeforeTheStopHoweverItComes() {
        Random random = new Random(5);
        int stopped = 0;
        for (int round = 0; round < 20_000; round++) {
            List<String> pieces = texts(random, random.nextInt(12), 0);
            List<String> stops = texts(random, 1 + random.nextInt(3), 1);
            String expected = before(pieces, stops);
            assertEquals(expected, filtered(pieces, stops), pieces + " " + stops);
            stopped += expected.equals(String.join("", pieces)) ? 0 : 1;
        }
        assertTrue(stopped > 5_000 && stopped < 19_000, stopped + " were stopped");
    }

    private static List<String> texts(Random random, int count, int shortest) {
        return IntStream.range(0, count)
                .mapToObj(i -> random.ints(shortest + random.nextInt(4), 'a', 'd')
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining()))
                .toList();
    }

    private static String filtered(List<String> pieces, List<String> stops) {
        StopFilter filter = new StopFilter(stops);
        StringBuilder shown = new StringBuilder();
        pieces.forEach(piece -> shown.append(filter.add(piece)));
        return shown.append(filter.finish()).toString();
    }

    private static String before(List<String> pieces, List<String> stops) {
        String text = "";
        for (String piece : pieces) {
            text += piece;
            if (stops.stream().anyMatch(text::contains)) {
                return text.substring(
                        0,
                        stops.stream()
                                .mapToInt(text::indexOf)
                                .filter(index -> index >= 0)
                                .min()
                                .orElseThrow());
            }
        }
        return text;
    }
}
