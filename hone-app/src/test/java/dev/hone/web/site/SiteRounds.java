package dev.hone.web.site;

import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.StoredRollout;
import dev.hone.store.Database;
import dev.hone.store.Loops;
import dev.hone.store.Rollouts;
import java.util.UUID;

/** Stores rounds of the loop, with results as {@code hone loop} writes them. */
record SiteRounds(Database database) {
    /** One that made a version, which passed. @param why it was begun @param rolledOut whether it did the last step as well @return its id */
    UUID done(ModelVersion version, String why, boolean rolledOut) {
        Loops loops = new Loops(database);
        UUID id = Ids.next();
        loops.begin(id, version.useCaseId(), why, "hone serve", "/var/lib/hone/loops/" + version.useCase());
        loops.finished(
                id,
                "dataset",
                "{\"hash\": \"4f2a\", \"labels\": 640, \"leftOut\": 2, \"train\": 1412, \"fresh\": 301, \"validation\": 96, \"test\": 171, \"retained\": 107, \"imported\": 340, \"drawn\": 60, \"chosen\": 240}",
                1.25);
        loops.finished(
                id,
                "training",
                "{\"arms\": [{\"from\": \"base\", \"rows\": 1412, \"replayed\": 0, \"steps\": 353, \"finalLoss\": 0.04, \"seconds\": 800.0, \"quality\": 0.8125}, {\"from\": \"live\", \"rows\": 602, \"replayed\": 301, \"steps\": 151, \"finalLoss\": 0.03, \"seconds\": 340.0, \"quality\": 0.875}], \"chosen\": \"live\"}",
                1_165.5);
        loops.finished(
                id,
                "registration",
                "{\"version\": \"%s\", \"number\": %d}".formatted(version.reference(), version.number()),
                0.5);
        loops.finished(
                id,
                "evaluation",
                "{\"all\": [{\"contender\": \"%1$s/1\", \"rows\": 171, \"quality\": {\"value\": 0.702, \"low\": 0.629, \"high\": 0.765}}, {\"contender\": \"%2$s\", \"rows\": 171, \"quality\": {\"value\": 0.854, \"low\": 0.793, \"high\": 0.899}}], \"fresh\": [], \"retained\": [], \"comparisons\": []}"
                        .formatted(version.useCase(), version.reference()),
                92);
        loops.finished(
                id,
                "gates",
                "{\"passed\": true, \"sentences\": [\"quality met: +15.2 points (+9.0 to +21.4); it may be worse by 5.0 points\"]}",
                0.25);
        if (!rolledOut) {
            loops.end(id, Loops.Outcome.PASSED, "No rollout was asked for", version.number());
            return id;
        }
        StoredRollout rollout = new Rollouts(database).begin(version.useCaseId(), version.id(), "hone serve");
        loops.finished(id, "rollout", "{\"rollout\": \"%s\"}".formatted(rollout.id()), 0.25);
        loops.end(id, Loops.Outcome.ROLLOUT, null, version.number());
        return id;
    }

    /** One that came to an end before its second step. */
    UUID abandoned(UUID useCase, String reason) {
        Loops loops = new Loops(database);
        UUID id = Ids.next();
        loops.begin(id, useCase, "by hand", "ada", "/var/lib/hone/loops/gone");
        loops.finished(id, "dataset", "{\"hash\": \"77\", \"train\": 44}", 1);
        loops.end(id, Loops.Outcome.ABANDONED, reason, null);
        return id;
    }

    /** One that goes on. */
    UUID going(UUID useCase) {
        UUID id = Ids.next();
        new Loops(database).begin(id, useCase, "200 new labels, of which 200 start a loop", "hone serve", "/home");
        return id;
    }
}
