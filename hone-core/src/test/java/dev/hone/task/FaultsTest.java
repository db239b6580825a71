package dev.hone.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FaultsTest {
    private static List<LineFault> faults(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> i % 4 == 0
                        ? new LineFault(i, "is empty")
                        : ChatFile.BadRow.of("has [%s] at [%04x]: mend it", "a%s" + i, i)
                                .at(i))
                .toList();
    }

    @Test
    void theFirstTenAreNamedAndTheOthersCounted() {
        List<String> lines = new Faults(faults(17)).shown().lines().toList();
        assertEquals(11, lines.size());
        assertEquals("  line 1: has [a%s1] at [0001]: mend it", lines.getFirst());
        assertEquals("  line 10: has [a%s10] at [000a]: mend it", lines.get(9));
        assertEquals("  and 7 more: 5 × has […] at […]: mend it; 2 × is empty", lines.getLast());
    }

    @Test
    void tenAreAllNamed() {
        List<String> lines = new Faults(faults(10)).shown().lines().toList();
        assertEquals(10, lines.size());
        assertEquals("", new Faults(List.of()).shown());
    }

    @Test
    void allAreCounted() {
        assertEquals(Map.of("has […] at […]: mend it", 13, "is empty", 4), new Faults(faults(17)).byKind());
    }
}
