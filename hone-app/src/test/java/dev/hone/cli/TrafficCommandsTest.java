package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.Dataset;
import dev.hone.record.FinishedRun;
import dev.hone.record.Ids;
import dev.hone.record.ModelVersion;
import dev.hone.record.RolloutDecision;
import dev.hone.record.RunLog;
import dev.hone.record.StoredRollout;
import dev.hone.store.Calls;
import dev.hone.store.Database;
import dev.hone.store.Datasets;
import dev.hone.store.GateVerdicts;
import dev.hone.store.ModelVersions;
import dev.hone.store.Rollouts;
import dev.hone.store.UseCases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What came back, what was forced, what was taken back and what was answered, as somebody asks for it. */
final class TrafficCommandsTest {
    private static final String WHY = "the canary has to catch it";

    /** In the middle of a day: what is of today does not become what was of yesterday. */
    private static final Instant NOON =
            LocalDate.now(ZoneOffset.UTC).atTime(12, 0).toInstant(ZoneOffset.UTC);

    @TempDir
    Path folder;

    private List<HoneScript.Outcome> run(List<List<String>> commands) throws IOException {
        return HoneScript.run(folder.resolve("home"), folder.resolve("errors"), commands);
    }

    private static JsonNode json(HoneScript.Outcome outcome) {
        return JsonMapper.shared().readTree(outcome.last());
    }

    private static ModelVersion version(Database database, Dataset dataset) {
        return new ModelVersions(database)
                .add(
                        new UseCases(database).require("support"),
                        new ModelVersions.Candidate(
                                new FinishedRun(
                                        "a1".repeat(32),
                                        "data",
                                        10,
                                        "smollm2-135m-instruct",
                                        "",
                                        "{}",
                                        "{}",
                                        "{}",
                                        NOON),
                                new RunLog(List.of(), List.of()),
                                dataset.id(),
                                "a1".repeat(32),
                                null,
                                "runs/x"))
                .version();
    }

    private static CapturedCall call(@Nullable UUID shadowOf, Attempt... attempts) {
        Attempt last = attempts[attempts.length - 1];
        return new CapturedCall(
                new CapturedCall.Facts(
                        Ids.of(NOON, UUID.randomUUID().toString()),
                        NOON,
                        "/v1/chat/completions",
                        "use-case/support",
                        "support",
                        true,
                        last.variant(),
                        new CapturedCall.Origin("default", null, null, null, Map.of(), null, shadowOf),
                        false,
                        200,
                        CapturedCall.End.ANSWERED,
                        null,
                        100,
                        CallUsage.UNKNOWN,
                        null,
                        List.of(attempts)),
                "{}".getBytes(StandardCharsets.UTF_8),
                "{}".getBytes(StandardCharsets.UTF_8));
    }

    private static Attempt attempt(int number, String variant, String model, @Nullable String trouble) {
        return new Attempt(number, variant, model, model, trouble == null ? 200 : 503, trouble, 5, null);
    }

    private static void rolledBack(Database database, ModelVersion version) {
        Rollouts rollouts = new Rollouts(database);
        StoredRollout rollout = rollouts.begin(version.useCaseId(), version.id(), "ann");
        rollouts.record(
                new RolloutDecision(
                        Ids.next(),
                        rollout.id(),
                        Instant.now(),
                        "rolled-back",
                        0,
                        "roll-back",
                        RolloutDecision.NOBODY,
                        "worse",
                        "{}"),
                new Rollouts.Place("rolled-back", 0, false, Instant.now(), "[]"));
    }

    @Test
    void theChainIsToldFromFeedbackToTraffic() throws IOException {
        Files.createDirectory(folder.resolve("home"));
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            rows.append("{\"id\": \"r-%d\", \"input\": \"question %s\", \"output\": \"answer %d\"}\n"
                    .formatted(i, Long.toString(1_000_003L * (i + 7) * (i + 13) * 7_919, 36), i % 2));
        }
        Path file = Files.writeString(folder.resolve("rows.jsonl"), rows);
        try (Database held = Database.open(Map.of(), folder.resolve("home"), text -> {})) {
            List<HoneScript.Outcome> made = run(List.of(
                    List.of("import", "--use-case", "support", file.toString(), "--json"),
                    List.of("tasks", "build", "--use-case", "support", "--split", "grouped", "--json")));
            Dataset dataset =
                    new Datasets(held).require(json(made.get(1)).path("hash").asString());
            ModelVersion version = version(held, dataset);
            new GateVerdicts(held)
                    .add(version, null, true, "{\"forced\": \"%s\", \"lines\": []}".formatted(WHY), null, null, "demo");
            rolledBack(held, version);
            String own = version.reference();
            new Calls(held)
                    .add(List.of(
                            call(null, attempt(1, "candidate", own, null)),
                            call(null, attempt(1, "candidate", own, null)),
                            call(null, attempt(1, "candidate", own, "busy"), attempt(2, "incumbent", "gpt", null)),
                            call(Ids.next(), attempt(1, "candidate", own, null))));
            UUID trace = new Datasets(held).tasks(dataset.id()).getFirst().trace();
            List<HoneScript.Outcome> done = run(List.of(
                    List.of("lineage", own),
                    List.of("lineage", own, "--json"),
                    List.of("lineage", dataset.hash().substring(0, 8)),
                    List.of("lineage", dataset.hash().substring(0, 8), "--json"),
                    List.of("lineage", trace.toString()),
                    List.of("models", "list"),
                    List.of("models", "list", "--json"),
                    List.of("models", "show", own),
                    List.of("models", "show", own, "--json"),
                    List.of("models", "card", own),
                    List.of("models", "card", own, "--json"),
                    List.of("digest", "support")));
            done.forEach(one -> assertEquals(0, one.exit(), one.out()));
            String tree = done.get(0).out();
            assertTrue(tree.contains("feedback: 20 on 20 of these traces (demonstration 20)"), tree);
            assertTrue(tree.contains("gates FORCED, ") && tree.contains("by demo: " + WHY), tree);
            assertTrue(!tree.contains("gates passed") && tree.contains(": rolled-back, by ann"), tree);
            String day = NOON.toString().substring(0, 10);
            assertTrue(
                    tree.contains(
                            "traffic: it answered 2 calls of users (0 as live, 2 as candidate) and 1 copies for nobody, on "
                                    + day),
                    tree);
            assertTrue(tree.contains(day + ": 0 as live, 2 as candidate, 1 copies"), tree);
            JsonNode version1 = json(done.get(1));
            assertEquals(
                    20,
                    version1.path("feedback")
                            .path("kinds")
                            .path("demonstration")
                            .asInt());
            assertEquals(WHY, version1.path("verdicts").path(0).path("forced").asString());
            assertEquals(2, version1.path("traffic").path("candidate").asInt());
            assertEquals(
                    day,
                    version1.path("traffic").path("days").path(0).path("day").asString());
            assertTrue(
                    done.get(2).out().contains("feedback: 20 on 20"),
                    done.get(2).out());
            assertTrue(
                    done.get(2).out().contains("support/1 @candidate (rollout: rolled-back) learned from it")
                            || done.get(2).out().contains("support/1 (rollout: rolled-back) learned from it"),
                    done.get(2).out());
            assertEquals(20, json(done.get(3)).path("feedback").path("traces").asInt());
            assertEquals(
                    "rolled-back",
                    json(done.get(3)).path("versions").path(0).path("rollout").asString());
            assertTrue(
                    done.get(4).out().contains("(rollout: rolled-back)"),
                    done.get(4).out());
            assertTrue(
                    done.get(5).out().contains("rollout: rolled-back"),
                    done.get(5).out());
            assertEquals(
                    "rolled-back", json(done.get(6)).path("rollouts").path(own).asString());
            assertTrue(done.get(7).out().contains("FORCED: " + WHY), done.get(7).out());
            assertEquals(
                    WHY,
                    json(done.get(8)).path("verdicts").path(0).path("forced").asString());
            assertTrue(
                    done.get(9).out().contains("- **forced**: ")
                            && done.get(9).out().contains("  - why: " + WHY),
                    done.get(9).out());
            assertEquals(
                    WHY,
                    json(done.get(10)).path("verdicts").path(0).path("forced").asString());
            assertTrue(
                    done.get(11).out().contains("support/1 was forced past its gates by demo: " + WHY),
                    done.get(11).out());
        }
    }
}
