package dev.hone.web.site;

import dev.hone.record.Dataset;
import dev.hone.record.DatasetTask;
import dev.hone.record.FinishedRun;
import dev.hone.record.Ids;
import dev.hone.record.LabelledTrace;
import dev.hone.record.ModelVersion;
import dev.hone.record.RunLog;
import dev.hone.record.Split;
import dev.hone.record.Trace;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.Datasets;
import dev.hone.store.Evaluations;
import dev.hone.store.GateVerdicts;
import dev.hone.store.ModelVersions;
import dev.hone.store.StoreFixture;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Stores model versions of use cases of a project. */
record SiteVersions(Database database, UUID project) {
    UUID useCase(String name) {
        UUID id = new UseCases(database).obtain(name);
        StoreFixture.change(database, "UPDATE use_case SET project = ? WHERE id = ?", project, id);
        return id;
    }

    /** @param digits two, of all its hashes */
    ModelVersion version(
            UUID useCase, String digits, String base, @Nullable Dataset dataset, @Nullable ModelVersion parent) {
        FinishedRun run = new FinishedRun(
                digits.repeat(32),
                digits.repeat(32),
                659,
                base,
                digits.repeat(32),
                "{\"learningRate\": 0.001, \"rank\": 16}",
                "{\"steps\": 592, \"finalLoss\": 0.0312}",
                "{}",
                Instant.parse("2026-11-26T03:23:00Z"));
        return new ModelVersions(database)
                .add(
                        useCase,
                        new ModelVersions.Candidate(
                                run,
                                new RunLog(List.of(), List.of()),
                                dataset == null ? null : dataset.id(),
                                digits.repeat(32),
                                parent == null ? null : parent.id(),
                                "here"))
                .version();
    }

    private Dataset dataset(UUID useCase) {
        List<LabelledTrace> rows = IntStream.range(0, 12)
                .mapToObj(i -> new LabelledTrace(
                        new Trace(
                                Ids.next(),
                                "row " + i,
                                "{\"messages\":[]}",
                                "",
                                Map.of(),
                                null,
                                "%064x".formatted(i + 1),
                                "rows.jsonl",
                                i + 1),
                        "{\"role\":\"assistant\",\"content\":\"yes\"}"))
                .toList();
        new Traces(database).add(useCase, rows);
        List<DatasetTask> tasks = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Split split = i < 8 ? Split.TRAIN : i < 10 ? Split.VALIDATION : Split.TEST;
            tasks.add(new DatasetTask(
                    rows.get(i).trace().id(),
                    split,
                    i < 8 ? i : i < 10 ? i - 8 : i - 10,
                    "{}",
                    "{}",
                    Map.of(),
                    "%064x".formatted(i + 1)));
        }
        return new Datasets(database).freeze(useCase, "4f2a81".repeat(10) + "4f2a", "{}", "{}", tasks);
    }

    /** Two versions, the second of which was trained on from the first, judged, and made live after it had not passed first. */
    List<ModelVersion> story(String name, String sentence) {
        UUID useCase = useCase(name);
        ModelVersion one = version(useCase, "a1", "smollm2-135m-instruct", dataset(useCase), null);
        ModelVersion two = version(useCase, "a2", name + "/1", null, one);
        new Evaluations(database)
                .add(useCase, SiteRuns.resource("report.json"), "0".repeat(64), 1, null, List.of(one.id(), two.id()));
        GateVerdicts verdicts = new GateVerdicts(database);
        String evidence = "{\"lines\": [{\"gate\": \"quality\", \"state\": \"%s\", \"sentence\": \"%s\"}]}";
        verdicts.add(two, null, false, evidence.formatted("not met", "on so few tasks it cannot be shown"), "ann");
        verdicts.add(two, null, true, evidence.formatted("met", sentence), "ann");
        verdicts.add(one, null, false, "{\"lines\": []}", "ann");
        Aliases aliases = new Aliases(database);
        aliases.set(new VersionReference.Numbered(name, 1), "live", "ann");
        aliases.set(new VersionReference.Numbered(name, 2), "live", "ann");
        aliases.set(new VersionReference.Numbered(name, 1), "previous", "ann");
        return List.of(one, two);
    }
}
