package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.run.LoopStage;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DemoCourseTest {
    private static final Map<LoopStage, Duration> PLAN = Map.of(
            LoopStage.FINE_TUNING,
            Duration.ofMinutes(8),
            LoopStage.ASKING_OTHERS,
            Duration.ofMinutes(2),
            LoopStage.ASKING_TRAINED,
            Duration.ofMinutes(4));

    private long now;
    private final DemoCourse course = new DemoCourse(Duration.ofMinutes(20), () -> now);

    private void after(int seconds) {
        now += Duration.ofSeconds(seconds).toNanos();
    }

    private static long minutes(int count) {
        return Duration.ofMinutes(count).toNanos();
    }

    @Test
    void allStagesStandInALineWithTheOneThatIsOnInBrackets() {
        assertFalse(course.isOn());
        course.begin(LoopStage.FETCHING);
        assertTrue(course.isOn());
        assertEquals(
                "[fetch] > split and check > measure > fine-tune > reinforce > judge others > judge the trained; all ~20m00s",
                course.line());
        after(90);
        course.begin(LoopStage.PREPARING);
        after(3);
        course.begin(LoopStage.MEASURING);
        after(9);
        course.expect(PLAN);
        course.begin(LoopStage.FINE_TUNING);
        assertEquals(
                "fetch 1m30s > split and check 3s > measure 9s > [fine-tune ~8m00s] > judge others ~2m00s > judge the trained ~4m00s; all ~14m00s",
                course.line());
        after(480);
        course.begin(LoopStage.ASKING_OTHERS);
        assertEquals(
                "fetch 1m30s > split and check 3s > measure 9s > fine-tune 8m00s > [judge others ~2m00s] > judge the trained ~4m00s; all ~6m00s",
                course.line());
    }

    /** The time that it was given, less what is gone of it. */
    @Test
    void beforeThereIsAPlanTheTimeThatItWasGivenCounts() {
        course.begin(LoopStage.FETCHING);
        after(600);
        assertEquals("all ~20m00s", course.left(-1), "downloads are not in it");
        course.begin(LoopStage.PREPARING);
        after(60);
        assertEquals("all ~19m00s", course.left(-1));
        course.begin(LoopStage.FINE_TUNING);
        after(30 * 60);
        assertEquals("all ~5m00s", course.left(minutes(5)), "longer than it was given");
    }

    @Test
    void aTrainingIsToldByItsPace() {
        course.begin(LoopStage.PREPARING);
        course.expect(PLAN);
        course.begin(LoopStage.FINE_TUNING);
        after(60);
        assertEquals("all ~13m00s", course.left(-1));
        assertEquals("all ~18m00s", course.left(minutes(12)), "slower than planned");
        assertEquals("all ~7m00s", course.left(minutes(1)), "faster");
    }

    /** After the bar of a contender come those of others. */
    @Test
    void judgingIsNotOverWithAContender() {
        course.begin(LoopStage.PREPARING);
        course.expect(PLAN);
        course.begin(LoopStage.ASKING_TRAINED);
        after(60);
        assertEquals("all ~3m00s", course.left(minutes(1)));
        assertEquals("all ~9m00s", course.left(minutes(9)));
        after(600);
        assertEquals("all ~0s", course.left(-1));
    }

    @Test
    void laterFoldsAreOfTheWhole() {
        course.fold(1, 4);
        course.begin(LoopStage.PREPARING);
        course.expect(PLAN);
        course.begin(LoopStage.ASKING_TRAINED);
        assertEquals("all ~44m00s", course.left(-1));
        course.fold(2, 4);
        course.begin(LoopStage.PREPARING);
        assertEquals(
                "[split and check] > measure > fine-tune > reinforce > judge others > judge the trained; all ~40m00s",
                course.line());
    }
}
