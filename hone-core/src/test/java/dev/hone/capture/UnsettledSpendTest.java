package dev.hone.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.access.Budgets;
import dev.hone.capture.gateway.CallCodec;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.record.ApiKey;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.Ids;
import dev.hone.record.Money;
import dev.hone.record.Project;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new start without the database forgets nothing of what this machine has spent. */
final class UnsettledSpendTest {
    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-11-26T10:00:00Z");
    private Position drained = Position.START;
    private boolean down = true;
    private final UUID key = Ids.next();

    private byte[] call(Instant started, String cost) {
        return call(started, new Money(new BigDecimal(cost), "USD"), null);
    }

    private byte[] call(Instant started, @Nullable Money cost, @Nullable Money estimate) {
        return CallCodec.encode(new CapturedCall(
                new CapturedCall.Facts(
                        Ids.next(),
                        started,
                        "/v1/chat/completions",
                        "use-case/job",
                        "job",
                        true,
                        "v",
                        new CapturedCall.Origin(Project.DEFAULT, key, null, null, Map.of(), null, null),
                        false,
                        200,
                        CapturedCall.End.ANSWERED,
                        1.5,
                        2.5,
                        CallUsage.UNKNOWN,
                        cost,
                        List.of(),
                        estimate),
                new byte[10],
                new byte[10]));
    }

    @Test
    void whatIsInTheJournalCountsUntilTheDatabaseHasIt() throws Exception {
        try (Journal before = Journal.open(folder, Journal.Options.STANDARD)) {
            before.append(call(now, "1.5"));
            before.append(new byte[] {'x'});
            before.append(call(now.minusSeconds(40 * 86_400), "7"));
            before.append(call(now.minusSeconds(60), "1.25"));
            before.append(call(now.minusSeconds(50), null, new Money(BigDecimal.ONE, "USD")));
        }
        ApiKey bounded = new ApiKey(
                key,
                "key",
                "0".repeat(64),
                "hone_…",
                Set.of(ApiKey.Scope.CALL),
                Project.DEFAULT,
                new ApiKey.Bounds(new BigDecimal("10"), null),
                "me",
                Instant.EPOCH,
                null,
                null);
        List<String> troubles = new ArrayList<>();
        try (Journal journal = Journal.open(folder, Journal.Options.STANDARD)) {
            Budgets budgets = new Budgets(
                    month -> {
                        if (down) {
                            throw new IllegalStateException("no database");
                        }
                        return Map.of(key, new BigDecimal("3.75"));
                    },
                    () -> drained,
                    () -> now,
                    troubles::add);
            List<String> notices = new ArrayList<>();
            UnsettledSpend.recall(journal, budgets, notices::add);
            assertEquals(List.of(), notices, "what is soon done is not spoken of");
            assertEquals(
                    0, new BigDecimal("6.25").compareTo(budgets.left(bounded)), "of this month, without the database");
            down = false;
            drained = journal.end();
            now = now.plusSeconds(6);
            assertEquals(0, new BigDecimal("6.25").compareTo(budgets.left(bounded)), "once, when it is settled");
        }
    }

    /** A start that takes long says what it does, and how far it is. */
    @Test
    void whatTakesLongSaysHowFarItIs() throws Exception {
        try (Journal before = Journal.open(folder, Journal.Options.STANDARD)) {
            for (int i = 0; i < 3; i++) {
                before.append(new byte[5 << 20]);
            }
        }
        List<String> notices = new ArrayList<>();
        try (Journal journal = Journal.open(folder, Journal.Options.STANDARD)) {
            Budgets budgets = new Budgets(month -> Map.of(), () -> drained, () -> now, notices::add);
            UnsettledSpend.recall(journal, budgets, notices::add, Duration.ZERO);
        }
        assertEquals(3, notices.size(), notices.toString());
        assertTrue(notices.getFirst().contains("[5] of [15 MiB]"), notices.toString());
        assertTrue(notices.getLast().contains("[15] of [15 MiB]"), notices.toString());
    }
}
