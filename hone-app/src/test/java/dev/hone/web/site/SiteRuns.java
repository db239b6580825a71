package dev.hone.web.site;

import dev.hone.record.FinishedRun;
import dev.hone.record.RunLog;
import dev.hone.store.Database;
import dev.hone.store.EvaluationList;
import dev.hone.store.Evaluations;
import dev.hone.store.ModelVersions;
import dev.hone.store.RunList;
import dev.hone.store.StoreFixture;
import dev.hone.store.UseCases;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Stores a run and an evaluation of the main job (its files are beside this class, shortened) in a project. */
record SiteRuns(Database database, UUID project) {
    static String resource(String name) {
        try (InputStream in = SiteRuns.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private UUID useCase(String name) {
        UUID id = new UseCases(database).obtain(name);
        StoreFixture.change(database, "UPDATE use_case SET project = ? WHERE id = ?", project, id);
        return id;
    }

    /** @param digit of all its hashes */
    UUID run(String useCase, String digit) {
        List<RunLog.Metric> metrics = resource("metrics.jsonl")
                .lines()
                .map(RunFolders::parse)
                .map(step -> new RunLog.Metric(step.path("step").asLong(), step.toString()))
                .toList();
        List<RunLog.Tried> tried = resource("samples.jsonl")
                .lines()
                .map(RunFolders::parse)
                .map(one -> new RunLog.Tried(
                        one.path("step").asLong(),
                        one.path("task").asString(),
                        one.path("output").asString(),
                        one.path("reward").asDouble(),
                        one.path("reason").asString(),
                        one.path("tokens").asInt(),
                        one.path("end").asString()))
                .toList();
        FinishedRun run = new FinishedRun(
                digit.repeat(64),
                digit.repeat(64),
                659,
                "smollm2-135m-instruct",
                digit.repeat(64),
                "{\"learningRate\": 0.001, \"rank\": 16}",
                "{\"steps\": 592, \"finalLoss\": 0.0312}",
                "{}",
                Instant.parse("2026-11-26T03:23:00Z"));
        new ModelVersions(database)
                .add(
                        useCase(useCase),
                        new ModelVersions.Candidate(
                                run, new RunLog(metrics, tried), null, digit.repeat(64), null, "here"));
        return new RunList(database)
                .all(project, 100).stream()
                        .filter(one -> one.dataHash().equals(digit.repeat(64)))
                        .findFirst()
                        .orElseThrow()
                        .id();
    }

    UUID evaluation(String useCase, String report) {
        new Evaluations(database).add(useCase(useCase), report, "0".repeat(64), 1, null, List.of());
        return new EvaluationList(database).all(project, 1).getFirst().id();
    }
}
