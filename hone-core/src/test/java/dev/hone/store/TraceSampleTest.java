package dev.hone.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CapturedCall;
import dev.hone.record.StoredTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TraceSampleTest {
    private static final UUID JOURNAL = UUID.randomUUID();

    private final Database database = TestDatabase.database();
    private final TraceSample sample = new TraceSample(database);

    private UUID add(String project, Instant at, @Nullable UUID shadowOf) {
        CapturedCall call = MadeCall.of("sampled")
                .at(at)
                .in(project, null)
                .shadowOf(shadowOf)
                .call();
        new Calls(database).add(JOURNAL, new Calls.Checkpoint(1, 1), List.of(call));
        return call.facts().id();
    }

    /** What was drawn. */
    private static final class Drawn implements TraceSample.Taker {
        private final List<UUID> ids = new ArrayList<>();
        private long whole = -1;
        private int said = -1;

        @Override
        public void begin(long there, int drawn) {
            whole = there;
            said = drawn;
        }

        @Override
        public void take(StoredTrace trace) {
            assertTrue(trace.request() != null && said >= 0);
            ids.add(trace.id());
        }
    }

    private Drawn draw(String project, Instant from, Instant to, int most, long seed) throws Exception {
        Drawn drawn = new Drawn();
        sample.draw(project, from, to, most, seed, drawn);
        assertEquals(drawn.said, drawn.ids.size());
        assertEquals(
                drawn.ids.stream()
                        .sorted(java.util.Comparator.comparing(UUID::toString))
                        .toList(),
                drawn.ids);
        return drawn;
    }

    @Test
    void theSameSeedDrawsTheSameOfThisProjectAndTimeAlone() throws Exception {
        String project = new Projects(database).add("sampled").name();
        String other = new Projects(database).add("sampled-other").name();
        Instant now = Instant.now();
        List<UUID> mine = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            mine.add(add(project, now.minus(Duration.ofMinutes(40 - i)), null));
        }
        add(other, now.minusSeconds(60), null);
        add(project, now.minus(Duration.ofDays(3)), null);
        add(project, now.minusSeconds(60), mine.getFirst());
        Instant from = now.minus(Duration.ofDays(1));
        Drawn all = draw(project, from, now, 1_000, 1);
        assertEquals(mine, all.ids);
        assertEquals(40, all.whole);
        Drawn ten = draw(project, from, now, 10, 1);
        assertEquals(40, ten.whole);
        assertEquals(10, ten.ids.size());
        assertEquals(ten.ids, draw(project, from, now, 10, 1).ids);
        assertNotEquals(ten.ids, draw(project, from, now, 10, 2).ids);
        assertNotEquals(mine.subList(0, 10), ten.ids);
        assertNotEquals(mine.subList(30, 40), ten.ids);
        assertEquals(0, draw(project, now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(8)), 10, 1).whole);
        assertThrows(IllegalArgumentException.class, () -> draw("nowhere", from, now, 10, 1));
    }

    /** Each is drawn about as often as any other. */
    @Test
    void everyTraceIsAsLikely() throws Exception {
        String project = new Projects(database).add("sampled-evenly").name();
        Instant now = Instant.now();
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(add(project, now.minus(Duration.ofMinutes(20 - i)), null));
        }
        int[] drawn = new int[20];
        int times = 200;
        for (int seed = 0; seed < times; seed++) {
            draw(project, now.minus(Duration.ofDays(1)), now, 5, seed).ids.forEach(id -> drawn[ids.indexOf(id)]++);
        }
        for (int count : drawn) {
            assertTrue(Math.abs(count - times / 4.0) < 4.5 * Math.sqrt(times * 0.25 * 0.75), "drawn " + count);
        }
    }

    @Test
    void demonstrationsAreCountedByUseCase() {
        new UseCases(database).obtain("sampled-shown");
        UUID useCase = new UseCases(database).obtain("sampled-shown");
        new Traces(database)
                .add(
                        useCase,
                        List.of(SampleTraces.labelled("shown one", "{}"), SampleTraces.labelled("shown two", "{}")));
        assertEquals(
                new TraceSample.Demonstrated(0, 2),
                sample.demonstrations("default").get("sampled-shown"));
        assertEquals(Map.of(), sample.demonstrations("nowhere"));
    }

    @Test
    void theNewestAdviceOfAProjectIsKept() {
        UUID mine = new Projects(database).add("advised").id();
        UUID other = new Projects(database).add("advised-not").id();
        AdviceList kept = new AdviceList(database);
        assertTrue(kept.newest(mine).isEmpty());
        kept.add(mine, "{\"a\": 1}");
        kept.add(mine, "{\"a\": 2.50}");
        assertEquals("{\"a\": 2.50}", kept.newest(mine).orElseThrow());
        assertTrue(kept.newest(other).isEmpty());
        assertThrows(StoreException.class, () -> kept.add(mine, "no JSON"));
    }
}
