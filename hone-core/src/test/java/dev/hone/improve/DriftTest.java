package dev.hone.improve;

import static dev.hone.improve.SixKinds.SHIFTED;
import static dev.hone.improve.SixKinds.USUAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.improve.Series.Better;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** A product whose calls are of six kinds, and what happens when their mix shifts. */
final class DriftTest {
    private final SixKinds product = new SixKinds(100);

    private List<Sight> calls(double[] mix, int count) {
        return product.calls(mix, count);
    }

    private static Look look(List<Sight> reference, List<Sight> since, double level) {
        return Drift.look(reference, since, Math.min(100, since.size()), List.of(), level, 1);
    }

    /** All looks at the first n calls have found at most what the look at all of them has: who looks once at the end has looked at all times. */
    @Test
    void theLastLookHasSeenAllBefore() {
        List<Sight> reference = calls(USUAL, 120);
        List<Sight> since = calls(USUAL, 90);
        Look half = look(reference, since.subList(0, 45), 0.1);
        Look whole = look(reference, since, 0.1);
        for (int i = 0; i < half.findings().size(); i++) {
            assertEquals(half.findings().get(i).of(), whole.findings().get(i).of());
            assertTrue(
                    half.findings().get(i).evidence() <= whole.findings().get(i).evidence());
        }
        assertEquals(whole, look(reference, since, 0.1));
    }

    /** The whole of it, corrected for all that is looked at: a hundred looks at calls that are as they were. */
    @Test
    void whatIsAsItWasAlarmsNoMoreOftenThanTheLevel() {
        int runs = 60;
        int alarms = 0;
        double level = 0.1;
        for (int run = 0; run < runs; run++) {
            alarms += look(calls(USUAL, 120), calls(USUAL, 400), level).drifted() ? 1 : 0;
        }
        assertTrue(alarms <= level * runs, "alarmed %d of %d times".formatted(alarms, runs));
    }

    /** After three hundred usual calls, three of ten are of a kind that never was: found within so many calls, at a level of a hundredth. */
    @Test
    void aShiftOfTheMixIsFound() {
        List<Integer> found = new ArrayList<>();
        int early = 0;
        for (int run = 0; run < 9; run++) {
            List<Sight> reference = calls(USUAL, 400);
            List<Sight> since = new ArrayList<>(calls(USUAL, 300));
            if (look(reference, since, 0.01).drifted()) {
                early++;
                continue;
            }
            int calls = 0;
            do {
                since.addAll(calls(SHIFTED, 10));
                calls += 10;
            } while (!look(reference, since, 0.01).drifted() && calls < 400);
            found.add(calls);
        }
        found.sort(Integer::compare);
        assertTrue(early <= 1, "false alarms: " + early);
        assertTrue(found.get(found.size() / 2) <= 80, found.toString());
        assertTrue(found.getLast() <= 150, found.toString());
    }

    @Test
    void whatIsNewIsNamed() {
        Look look = look(calls(USUAL, 300), calls(SHIFTED, 150), 0.01);
        assertTrue(look.drifted());
        assertEquals(List.of("tool-5"), look.newNames());
        assertEquals(List.of("tool-5"), look.newTools());
        assertTrue(look.novelty().found() >= 20, look.novelty().toString());
        assertEquals(
                look.novelty().found() > 20 ? 20 : look.novelty().found(),
                look.novelty().newest().size());
        assertTrue(
                look.changes().stream().anyMatch(change -> change.startsWith("answers: names ([tool-5] has ")),
                look.changes().toString());
        int then = look.regions().stream().mapToInt(Look.Region::then).sum();
        assertEquals(180, then, "three fifths of the reference");
        assertEquals(100, look.regions().stream().mapToInt(Look.Region::now).sum());
    }

    /** Scores that fall, feedback that stays. */
    @Test
    void seriesAreLookedAt() {
        double[] good =
                product.random.doubles(200).map(value -> value < 0.9 ? 1 : 0).toArray();
        double[] worse =
                product.random.doubles(200).map(value -> value < 0.6 ? 1 : 0).toArray();
        double[] same =
                product.random.doubles(200).map(value -> value < 0.9 ? 1 : 0).toArray();
        Look look = Drift.look(
                calls(USUAL, 150),
                calls(USUAL, 50),
                50,
                List.of(
                        new Series("grades: label", Better.HIGHER, good, worse, 100),
                        new Series("feedback: rating", Better.HIGHER, good, same, 100),
                        new Series("feedback: rare", Better.HIGHER, new double[5], same, 100)),
                0.01,
                1);
        assertEquals(
                List.of("grades: label"),
                look.findings().stream()
                        .filter(Finding::drifted)
                        .map(Finding::of)
                        .toList());
        assertEquals(
                List.of("grades: label", "feedback: rating"),
                look.findings().stream()
                        .map(Finding::of)
                        .filter(of -> of.startsWith("g") || of.startsWith("f"))
                        .toList());
        assertEquals(List.of("feedback: rare (5 of 20 values)"), look.few(), "what nobody looks at is named");
    }

    private double[] ones(double share, int count) {
        return product.random.doubles(count).map(value -> value < share ? 1 : 0).toArray();
    }

    /** What is found of one series, beside calls that are as they were. */
    private Finding found(Better better, double[] reference, double[] since, int window) {
        Look look = Drift.look(
                calls(USUAL, 150),
                calls(USUAL, 50),
                Math.min(50, window),
                List.of(new Series("feedback: helped", better, reference, since, window)),
                0.01,
                1);
        return look.findings().getLast();
    }

    /** More of what is good is told, and is no alarm, whichever way is good; where nobody says which, it is one. */
    @Test
    void whatGotBetterIsToldAndIsNoDrift() {
        Finding better = found(Better.HIGHER, ones(0.59, 200), ones(0.99, 100), 100);
        assertFalse(better.drifted(), better.toString());
        assertTrue(
                String.valueOf(better.better())
                        .matches("mean (0\\.9\\d|1\\.0)\\d in the \\d+ since it changed, 0\\.[56]\\d\\d before"),
                better.toString());
        Finding worse = found(Better.HIGHER, ones(0.99, 200), ones(0.59, 100), 100);
        assertTrue(worse.drifted() && worse.better() == null, worse.toString());
        assertTrue(
                worse.change().matches("mean 0\\.[56]\\d\\d in the \\d+ since it changed, 0\\.9\\d\\d before"),
                worse.toString());
        assertTrue(found(Better.LOWER, ones(0.59, 200), ones(0.99, 100), 100).drifted());
        Finding fewer = found(Better.LOWER, ones(0.99, 200), ones(0.59, 100), 100);
        assertTrue(!fewer.drifted() && fewer.better() != null, fewer.toString());
        Finding unknown = found(Better.UNKNOWN, ones(0.59, 200), ones(0.99, 100), 100);
        assertTrue(unknown.drifted() && unknown.better() == null, unknown.toString());
        Finding same = found(Better.HIGHER, ones(0.9, 200), ones(0.9, 100), 100);
        assertTrue(!same.drifted() && same.better() == null, same.toString());
    }

    /** What became better and then far worse than it was has drifted: no gain hides a loss. */
    @Test
    void aFallBehindAGainIsFound() {
        double[] since = DoubleStream.concat(Arrays.stream(ones(0.99, 400)), Arrays.stream(ones(0.3, 100)))
                .toArray();
        Finding fall = found(Better.HIGHER, ones(0.6, 200), since, 100);
        assertTrue(fall.drifted(), fall.toString());
        assertTrue(fall.change().startsWith("mean 0.") && fall.better() != null, fall.toString());
        double told = Double.parseDouble(fall.change().split(" ")[1]);
        assertTrue(told < 0.5, "it is told of the calls behind the fall: " + fall);
    }

    /** A window without calls has no mean, no median and no shares; what has drifted is told of the calls that show it, however long ago they came. */
    @Test
    void anEmptyWindowIsToldAsOne() {
        double[] worse = DoubleStream.concat(Arrays.stream(ones(0.9, 150)), Arrays.stream(ones(0.3, 100)))
                .toArray();
        Look look = Drift.look(
                calls(USUAL, 300),
                calls(USUAL, 60),
                0,
                List.of(
                        new Series("feedback: helped", Better.HIGHER, ones(0.9, 200), worse, 0),
                        new Series("grades: label", Better.HIGHER, ones(0.9, 200), ones(0.9, 50), 0)),
                0.01,
                1);
        for (Finding finding : look.findings()) {
            if (finding.of().equals("feedback: helped")) {
                assertTrue(finding.drifted(), finding.toString());
                double told = Double.parseDouble(finding.change().split(" ")[1]);
                assertEquals(0.3, told, 0.2, finding.toString());
            } else {
                assertEquals("none of the window", finding.change(), finding.toString());
            }
        }
        Look moved = Drift.look(calls(USUAL, 300), calls(SHIFTED, 150), 0, List.of(), 0.01, 1);
        assertTrue(
                moved.changes().stream()
                        .anyMatch(
                                change -> change.matches(
                                        "answers: names \\(\\[tool-5\\] has [23]\\d\\.\\d % in the \\d+ since it changed, 0\\.0 % before\\)")),
                moved.changes().toString());
    }

    @Test
    void oneKindAloneIsNoFault() {
        Sight one = product.call(USUAL);
        List<Sight> same = new ArrayList<>(java.util.Collections.nCopies(150, one));
        Look look = look(same, same.subList(0, 60), 0.01);
        assertFalse(look.drifted());
        assertEquals(0, look.novelty().found());
        Look none = Drift.look(same, same.subList(0, 60), 0, List.of(), 0.01, 1);
        assertFalse(none.drifted(), "a window without calls");
    }

    @Test
    void aSmallReferenceIsRefused() {
        String told = String.valueOf(assertThrows(
                        IllegalArgumentException.class, () -> look(calls(USUAL, 99), calls(USUAL, 9), 0.01))
                .getMessage());
        assertTrue(told.contains("[99]") && told.contains("[100]"), told);
    }

    /** Vectors come back from their bytes as they were, but for a little. */
    @Test
    void vectorsAreKeptAsBytes() {
        for (Sight sight : calls(USUAL, 50)) {
            float[] back = Vectors.unpack(Vectors.pack(sight.input()));
            assertTrue(Vectors.distance(back, sight.input()) < 0.02, Arrays.toString(back));
        }
        HashedWords words = new HashedWords();
        float[] a = words.embed("Where is my parcel?");
        assertTrue(Vectors.distance(a, words.embed("where is MY parcel")) < 1e-3);
        assertTrue(Vectors.distance(a, words.embed("Refund the second order, please")) > 1);
        assertEquals(1, dev.hone.record.Embedder.cosine(words.embed(""), words.embed("")), 1e-6);
    }
}
