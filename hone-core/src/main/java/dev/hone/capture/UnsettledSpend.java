package dev.hone.capture;

import dev.hone.capture.access.Budgets;
import dev.hone.capture.feedback.FeedbackCodec;
import dev.hone.capture.gateway.CallCodec;
import dev.hone.capture.journal.Batch;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.record.CapturedCall.Facts;
import java.io.IOException;

/**
 * What calls cost that an earlier process wrote to the journal, and that the database may not have yet: budgets count it from the start on,
 * whether or not the database answers.
 */
public final class UnsettledSpend {
    private static final long PIECE_BYTES = 4L << 20;

    private UnsettledSpend() {}

    /** Reads all that the journal still has. What cannot be read is not counted; whoever stores it tells of it. */
    public static void recall(Journal journal, Budgets budgets) throws IOException {
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
        }
    }

    private static void recall(byte[] record, Budgets budgets, Position end) {
        try {
            Facts facts = CallCodec.decode(record).facts();
            if (facts.origin().key() != null && facts.cost() != null) {
                budgets.recall(facts.origin().key(), facts.cost(), facts.started(), end);
            }
        } catch (IllegalArgumentException e) {
            // The drain puts it aside, and says so.
        }
    }
}
