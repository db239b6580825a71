package dev.hone.capture;

import dev.hone.capture.access.Budgets;
import dev.hone.capture.feedback.FeedbackCodec;
import dev.hone.capture.gateway.CallCodec;
import dev.hone.capture.journal.Batch;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.record.CapturedCall.Facts;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What calls cost that an earlier process wrote to the journal, and that the database may not have yet: budgets count it from the start on,
 * whether or not the database answers.
 */
public final class UnsettledSpend {
    private static final long PIECE_BYTES = 4L << 20;

    /** Between two notices of how far it is. */
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private UnsettledSpend() {}

    /**
     * Reads all that the journal still has. What cannot be read is not counted; whoever stores it tells of it.
     *
     * @param notices hears how far it is, where that takes long
     */
    public static void recall(Journal journal, Budgets budgets, Consumer<String> notices) throws IOException {
        recall(journal, budgets, notices, INTERVAL);
    }

    static void recall(Journal journal, Budgets budgets, Consumer<String> notices, Duration interval)
            throws IOException {
        long all = journal.bytesFrom(Position.START);
        long told = System.nanoTime();
        Position at = Position.START;
        while (true) {
            Batch batch = journal.read(at, PIECE_BYTES);
            if (batch.next().equals(at)) {
                return;
            }
            for (byte[] record : batch.records()) {
                if (!FeedbackCodec.isFeedback(record)) {
                    recall(record, budgets, batch.next());
                }
            }
            at = batch.next();
            if (System.nanoTime() - told >= interval.toNanos()) {
                told = System.nanoTime();
                notices.accept(
                        "Adding up what the calls cost that wait in the journal, before others are taken: [%d] of [%d MiB]"
                                .formatted((all - journal.bytesFrom(at)) >> 20, all >> 20));
            }
        }
    }

    private static void recall(byte[] record, Budgets budgets, Position end) {
        try {
            Facts facts = CallCodec.facts(record);
            if (facts.origin().key() != null && facts.booked() != null) {
                budgets.recall(facts.origin().key(), facts.booked(), facts.started(), end);
            }
        } catch (IllegalArgumentException e) {
            // The drain puts it aside, and says so.
        }
    }
}
