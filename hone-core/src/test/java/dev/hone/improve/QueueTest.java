package dev.hone.improve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.improve.Queue.Candidate;
import dev.hone.improve.Queue.Item;
import dev.hone.improve.Sampling.Purpose;
import dev.hone.record.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class QueueTest {
    private static float[] towards(int place) {
        float[] vector = new float[16];
        vector[place] = 1;
        return vector;
    }

    private static Candidate plain(int place) {
        return new Candidate(
                Ids.next(), towards(place), null, false, null, null, false, Set.of(), Set.of(), false, false);
    }

    private static Candidate labelled(UUID trace, String... by) {
        return new Candidate(trace, towards(0), null, false, null, null, false, Set.of(by), Set.of(), false, false);
    }

    private static List<UUID> ids(List<Item> items) {
        return items.stream().map(Item::trace).toList();
    }

    /** Each reason by itself is worth more than none, and all together more than any: 1 − 0.3·0.4·0.4·0.5·0.6. */
    @Test
    void reasonsAddUp() {
        Candidate none = plain(0);
        Candidate complained =
                new Candidate(Ids.next(), towards(1), null, false, null, null, true, Set.of(), Set.of(), false, false);
        Candidate disagrees =
                new Candidate(Ids.next(), towards(2), null, true, null, null, false, Set.of(), Set.of(), false, false);
        Candidate graded =
                new Candidate(Ids.next(), towards(3), null, false, null, 0.5, false, Set.of(), Set.of(), false, false);
        Candidate novel =
                new Candidate(Ids.next(), towards(4), null, false, 1.0, null, false, Set.of(), Set.of(), false, false);
        Candidate unsure =
                new Candidate(Ids.next(), towards(5), 0.8, false, null, null, false, Set.of(), Set.of(), false, false);
        Candidate all =
                new Candidate(Ids.next(), towards(6), 0.8, true, 1.0, 0.0, true, Set.of(), Set.of(), false, false);
        List<Item> items = Queue.of(List.of(none, unsure, novel, graded, disagrees, complained, all), null, 0, 10);
        assertEquals(
                List.of(
                        all.trace(),
                        complained.trace(),
                        disagrees.trace(),
                        novel.trace(),
                        unsure.trace(),
                        graded.trace(),
                        none.trace()),
                ids(items));
        assertEquals(1 - 0.3 * 0.4 * 0.4 * 0.5 * 0.6, items.getFirst().worth(), 1e-12);
        assertEquals(
                List.of(
                        "feedback says that it was bad",
                        "another version answered otherwise",
                        "graded 0.00",
                        "like nothing before",
                        "the model was 20 % sure"),
                items.getFirst().reasons());
        assertEquals(List.of("drawn by chance"), items.getLast().reasons());
        assertEquals(2, Queue.of(List.of(none, unsure, novel), null, 0, 2).size());
    }

    @Test
    void whatIsAlmostTheSameWaitsBehindIt() {
        Candidate worse =
                new Candidate(Ids.next(), towards(1), null, false, null, 0.0, false, Set.of(), Set.of(), false, false);
        List<Candidate> candidates = new ArrayList<>(List.of(plain(1), plain(1), worse, plain(2)));
        List<Item> items = Queue.of(candidates, null, 0, 10);
        assertEquals(List.of(worse.trace(), candidates.get(3).trace()), ids(items));
        assertEquals(2, items.getFirst().alike());
    }

    @Test
    void whatIsLabelledLeaves() {
        UUID twice = Ids.next();
        while (!Sampling.isIn(twice, Purpose.SECOND_LABEL, 0.1)) {
            twice = Ids.next();
        }
        UUID once = Ids.next();
        while (Sampling.isIn(once, Purpose.SECOND_LABEL, 0.1)) {
            once = Ids.next();
        }
        List<Candidate> candidates = List.of(labelled(once, "ada"), labelled(twice, "ada"));
        assertEquals(List.of(twice), ids(Queue.of(candidates, "bob", 0.1, 10)));
        assertTrue(Queue.of(candidates, "bob", 0.1, 10).getFirst().second());
        assertEquals(List.of(), Queue.of(candidates, "ada", 0.1, 10));
        assertEquals(List.of(), Queue.of(candidates, "bob", 0, 10));
        assertEquals(List.of(), Queue.of(List.of(labelled(twice, "ada", "bob")), "eve", 0.1, 10));
        Candidate disputed = new Candidate(
                once, towards(0), null, false, null, null, false, Set.of("ada", "bob"), Set.of(), true, false);
        assertEquals(List.of(once), ids(Queue.of(List.of(disputed), "eve", 0, 10)), "two disagree");
        assertEquals(
                List.of("two who labelled it disagree"),
                Queue.of(List.of(disputed), "eve", 0, 10).getFirst().reasons());
        assertEquals(List.of(), Queue.of(List.of(disputed), "bob", 0, 10), "not of one of them");
        Candidate skipped = new Candidate(
                Ids.next(), new float[0], null, false, null, null, false, Set.of(), Set.of("ada"), false, false);
        assertEquals(List.of(), Queue.of(List.of(skipped), "ada", 0.1, 10));
        assertFalse(Queue.of(List.of(skipped), "bob", 0.1, 10).isEmpty());
    }

    /** Two who label at once are not asked the same first, and what is worth more is first for both. */
    @Test
    void eachIsAskedInTheirOwnOrder() {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            candidates.add(plain(i));
        }
        List<UUID> ada = ids(Queue.of(candidates, "ada", 0, 12));
        assertEquals(ada, ids(Queue.of(candidates, "ada", 0, 12)));
        assertEquals(Set.copyOf(ada), Set.copyOf(ids(Queue.of(candidates, "bob", 0, 12))));
        assertFalse(ada.equals(ids(Queue.of(candidates, "bob", 0, 12))));
        Candidate worse =
                new Candidate(Ids.next(), towards(13), null, false, null, 0.0, false, Set.of(), Set.of(), false, false);
        candidates.add(worse);
        for (String person : List.of("ada", "bob")) {
            assertEquals(worse.trace(), ids(Queue.of(candidates, person, 0, 12)).getFirst());
        }
    }

    private static Candidate drawn(float[] input, boolean bad, Set<String> labelledBy) {
        return new Candidate(
                Ids.next(), input, 0.9, bad, 1.0, bad ? 0.0 : null, bad, labelledBy, Set.of(), false, true);
    }

    /** Versions are judged by what was drawn: were the bad ones asked first, whoever fails on others would look good. */
    @Test
    void whatWasDrawnIsAskedWhateverItIsWorth() {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            candidates.add(drawn(towards(0), i % 4 == 0, Set.of()));
        }
        List<Item> items = Queue.of(candidates, "bob", 0, 400);
        assertEquals(400, items.size(), "what is alike does not wait behind each other");
        Set<UUID> bad = candidates.stream()
                .filter(Candidate::complained)
                .map(Candidate::trace)
                .collect(Collectors.toSet());
        long first = items.subList(0, 200).stream()
                .filter(item -> bad.contains(item.trace()))
                .count();
        assertTrue(Math.abs(first - 50) < 25, first + " of 100 bad ones are in the first half");
        assertEquals(
                Set.of(List.of("drawn by chance")),
                items.stream().map(Item::reasons).collect(Collectors.toSet()));
        List<Item> mixed = Queue.of(
                Stream.concat(
                                candidates.stream(),
                                Stream.of(new Candidate(
                                        Ids.next(),
                                        towards(1),
                                        null,
                                        false,
                                        null,
                                        null,
                                        true,
                                        Set.of(),
                                        Set.of(),
                                        false,
                                        false)))
                        .toList(),
                null,
                0,
                401);
        long before = mixed.stream()
                .takeWhile(item -> item.reasons().contains("drawn by chance"))
                .count();
        assertTrue(before > 60 && before < 200, before + " of 400 stand before what is worth 0.7");
    }

    /** What a user corrected is a label, and chosen by them: whoever is asked says it again. */
    @Test
    void whatWasDrawnWaitsUntilSomebodyWhoWasAskedHasAnswered() {
        Candidate corrected = drawn(towards(0), false, Set.of("a user"));
        assertEquals(List.of(corrected.trace()), ids(Queue.of(List.of(corrected), "ada", 0, 10)));
        assertEquals(List.of(), ids(Queue.of(List.of(drawn(towards(0), false, Set.of("ada"))), "ada", 0, 10)));
    }

    /** Who loads the page again sees the same order; over many calls each is first about as often. */
    @Test
    void thePairIsBlind() {
        int first = 0;
        int runs = 2_000;
        int same = 0;
        for (int i = 0; i < runs; i++) {
            UUID trace = Ids.next();
            assertEquals(BlindPair.liveFirst(trace, "ada"), BlindPair.liveFirst(trace, "ada"));
            first += BlindPair.liveFirst(trace, "ada") ? 1 : 0;
            same += BlindPair.liveFirst(trace, "ada") == BlindPair.liveFirst(trace, "bob") ? 1 : 0;
        }
        double spread = 4 * Math.sqrt(runs * 0.25);
        assertTrue(Math.abs(first - runs / 2.0) < spread, "" + first);
        assertTrue(Math.abs(same - runs / 2.0) < spread, "" + same);
    }
}
