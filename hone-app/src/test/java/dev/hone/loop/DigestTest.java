package dev.hone.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Interval;
import dev.hone.loop.Digest.UseCaseDay;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.Money;
import dev.hone.store.Calls;
import dev.hone.store.Database;
import dev.hone.store.Feedbacks;
import dev.hone.store.Loops;
import dev.hone.store.UseCases;
import dev.hone.store.WatchLooks;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A day of calls, feedback and a round, as people read it. */
@Timeout(300)
@ExtendWith(NotBeforeMidnight.class)
final class DigestTest {
    private static final Feedbacks.Ruling RULING = new Feedbacks.Ruling() {
        @Override
        public Optional<String> objection(Feedback feedback, @Nullable String useCase) {
            return Optional.empty();
        }

        @Override
        public void aside(Feedback feedback, String why) {
            throw new AssertionError(why);
        }
    };

    @TempDir
    Path home;

    private static CapturedCall call(Instant at, CapturedCall.End end) {
        return new CapturedCall(
                new CapturedCall.Facts(
                        Ids.next(),
                        at,
                        "/v1/chat/completions",
                        "use-case/support",
                        "support",
                        true,
                        "live",
                        new CapturedCall.Origin("default", null, null, null, Map.of(), null, null),
                        false,
                        200,
                        end,
                        null,
                        100,
                        new CallUsage(10L, null, 4L),
                        new Money(new BigDecimal("0.0025"), "USD"),
                        List.of()),
                "{}".getBytes(StandardCharsets.UTF_8),
                "{}".getBytes(StandardCharsets.UTF_8));
    }

    private static Feedback helped(UUID trace, boolean value) {
        return new Feedback(
                Ids.next(),
                "default",
                trace,
                null,
                null,
                Feedback.Kind.BOOLEAN,
                "helped",
                String.valueOf(value),
                value ? 1.0 : 0.0,
                null,
                Instant.now(),
                Instant.now(),
                null,
                "cd".repeat(32),
                null,
                true,
                null);
    }

    @Test
    void aDayIsToldAndWrittenOnce() throws IOException {
        try (Database database = Database.open(Map.of(), home, text -> {})) {
            Instant now = Instant.now();
            LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
            List<CapturedCall> calls = new ArrayList<>();
            List<Feedback> feedback = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                CapturedCall call = call(now, i == 0 ? CapturedCall.End.BROKEN : CapturedCall.End.ANSWERED);
                calls.add(call);
                feedback.add(helped(call.facts().id(), i < 8));
            }
            new Calls(database).add(UUID.randomUUID(), new Calls.Checkpoint(1, 1), calls, feedback, RULING);
            UUID useCase = new UseCases(database).require("support");
            new UseCases(database).obtain("quiet");
            Loops loops = new Loops(database);
            UUID id = Ids.next();
            loops.begin(id, useCase, "new queues | and more", "ada", home.toString());
            loops.end(id, Loops.Outcome.NOT_PASSED, "support/1 did not pass its gates: quality", 1);
            WatchLooks watch = new WatchLooks(database);
            UUID before =
                    watch.take(useCase, 1, 100, null, now, "hone", "the first").id();
            watch.add(
                    useCase,
                    before,
                    now,
                    true,
                    "{\"findings\":[{\"of\":\"inputs by cluster\",\"change\":\"new queues\",\"drifted\":true}]}");
            // The round that this began made a dataset, and with a new reference nothing has drifted.
            UUID after = watch.take(useCase, 101, 200, null, now, "hone", "a version is live")
                    .id();
            watch.add(useCase, after, now, false, "{\"findings\":[]}");
            DigestReader reader = new DigestReader(database, home, InstantSource.system());
            Digest digest = reader.read("default", null, today);
            assertEquals(
                    List.of("quiet", "support"),
                    digest.useCases().stream().map(UseCaseDay::useCase).toList());
            assertTrue(digest.useCases().getFirst().isQuiet());
            UseCaseDay day = digest.useCases().getLast();
            Digest.Traffic traffic = day.traffic().getFirst();
            assertEquals(10, traffic.calls());
            assertEquals(1, traffic.errors());
            assertEquals(Map.of("USD", "0.025"), traffic.spend());
            assertEquals(100, traffic.p50Ms(), 5);
            Digest.Quality quality = day.quality().getFirst();
            assertEquals("feedback helped, live", quality.of());
            assertEquals(0.8, quality.mean(), 1e-9);
            assertEquals(Interval.wilson(8, 10), quality.interval());
            assertEquals(2, day.rounds().size());
            assertEquals(1, day.drift().size());
            assertEquals("inputs by cluster", day.drift().getFirst().of());
            assertEquals("new queues", day.drift().getFirst().change());
            String text = DigestText.of(digest);
            assertTrue(text.startsWith("# %s, project default (so far)".formatted(today)), text);
            assertTrue(text.contains("| live | 10 | 1 | 100 | 40 | 0.025 USD |"), text);
            assertTrue(text.contains("0.800 (0.490 to 0.943)"), text);
            assertTrue(text.contains("- inputs by cluster (new queues), seen at " + today), text);
            assertTrue(text.contains("a round began (ada): new queues | and more"), text);
            assertTrue(text.contains("without a rollout: support/1 did not pass"), text);
            assertTrue(text.contains("Nothing happened in: quiet."), text);
            assertTrue(
                    assertThrows(IllegalArgumentException.class, () -> reader.read("default", null, today.plusDays(1)))
                            .getMessage()
                            .contains("has not come"));
            assertTrue(assertThrows(IllegalArgumentException.class, () -> reader.read("nobody", null, today))
                    .getMessage()
                    .contains("There is no project [nobody]"));
            DigestReader tomorrow =
                    new DigestReader(database, home, InstantSource.offset(InstantSource.system(), Duration.ofDays(1)));
            DigestFiles files = new DigestFiles(home);
            Path file = home.resolve("digests/default/" + today + ".md");
            assertEquals(List.of(file), files.writeYesterday(tomorrow));
            assertEquals(List.of(), files.writeYesterday(tomorrow), "once");
            String written = Files.readString(file);
            assertFalse(written.contains("so far"), written);
            assertTrue(Files.readString(home.resolve("digests/default/" + today + ".json"))
                    .contains("\"calls\" : 10"));
        }
    }
}
