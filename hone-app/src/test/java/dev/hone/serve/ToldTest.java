package dev.hone.serve;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ToldTest {
    private final Told told = new Told();

    @Test
    void whatComesAndGoesBesideSomethingElseIsToldOnce() {
        assertTrue(told.isNews("job", List.of("inputs")));
        assertFalse(told.isNews("job", List.of("inputs")));
        assertTrue(told.isNews("job", List.of("inputs", "lengths")));
        assertFalse(told.isNews("job", List.of("inputs")));
        assertFalse(told.isNews("job", List.of("lengths", "inputs")));
        assertTrue(told.isNews("other", List.of("inputs")));
    }

    @Test
    void whatComesBackWhenAllWasWellIsToldAgain() {
        assertTrue(told.isNews("job", List.of("inputs")));
        assertFalse(told.isNews("job", List.of()));
        assertTrue(told.isNews("job", List.of("inputs")));
        told.forget("job");
        assertTrue(told.isNews("job", List.of("inputs")));
    }
}
