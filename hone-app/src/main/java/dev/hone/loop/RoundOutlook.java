package dev.hone.loop;

import dev.hone.charter.Charter;
import dev.hone.promote.GateOutlook;
import dev.hone.promote.Gates;
import dev.hone.record.Dataset;
import dev.hone.record.DatasetTask;
import dev.hone.record.ModelVersion;
import dev.hone.record.Split;
import dev.hone.store.Database;
import dev.hone.store.Datasets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a charter's gates can say of the version that a round would make: by the tasks that it would be judged by, and by who would answer them beside it. */
final class RoundOutlook {
    private static final GateOutlook NOTHING = new GateOutlook(List.of(), List.of());

    private final Charter charter;
    private final UUID useCase;
    private final RoundData data;
    private final Datasets datasets;

    RoundOutlook(Database database, UUID useCase, Charter charter) {
        this.charter = charter;
        this.useCase = useCase;
        this.data = new RoundData(database, useCase, charter.name());
        this.datasets = new Datasets(database);
    }

    /** @param live null where none is */
    GateOutlook of(DatasetStep.Built built, @Nullable ModelVersion live) {
        Gates gates = charter.gates();
        if (gates == null) {
            return NOTHING;
        }
        List<DatasetTask> test = built.frozen().of(Split.TEST);
        String baseline = gates.baseline();
        boolean beside = live != null && (baseline == null || baseline.equals(live.reference()));
        int recorded = live == null && baseline == null || EvaluationStep.RECORDED.equals(baseline)
                ? data.recorded(test).size()
                : 0;
        List<String> unlikely = new ArrayList<>();
        if (recorded > 0 && 2 * recorded < test.size() && gates.compare()) {
            unlikely.add(
                    "production's answers are recorded for %d of the %d tasks to judge by, fewer than half: where that stays so, no version is compared with them, and what compares is not met"
                            .formatted(recorded, test.size()));
        }
        GateOutlook outlook = GateOutlook.of(
                gates,
                new GateOutlook.Tasks(
                        test.size(), beside ? test.size() : recorded, earlier(gates.retention(), beside, unlikely)));
        unlikely.addAll(outlook.unlikely());
        return new GateOutlook(outlook.impossible(), unlikely);
    }

    /** As far as counting tells: there are no more tasks than labels that versions may be judged by; what the gate {@code retention} names is judged by, however it was labelled. */
    static GateOutlook atMost(@Nullable Gates gates, long judgeable, long labelled) {
        if (gates == null) {
            return NOTHING;
        }
        int most = Math.toIntExact(gates.retention().isEmpty() ? judgeable : labelled);
        return GateOutlook.of(gates, new GateOutlook.Tasks(most, most, Map.of()));
    }

    /** Tasks of the sets that the gate {@code retention} names; of a file nobody knows here whether a report of its own will be given. */
    private Map<String, Integer> earlier(List<String> names, boolean beside, List<String> unlikely) {
        Map<String, Integer> earlier = new HashMap<>();
        for (String name : names) {
            int most = 0;
            for (Dataset dataset : datasets.list(useCase)) {
                if (dataset.hash().startsWith(name)) {
                    most = Math.max(
                            most, datasets.left(dataset).map(this::judged).orElse(0));
                }
            }
            if (most == 0 && isFile(name)) {
                unlikely.add(
                        "[retention] names the file [%s], which a round lets nobody answer: freeze it as a dataset (hone tasks build), and name the beginning of its hash"
                                .formatted(name));
            } else {
                earlier.put(name, beside ? most : 0);
            }
        }
        return earlier;
    }

    private int judged(Dataset dataset) {
        return (int) datasets.tasks(dataset.id()).stream()
                .filter(task -> task.split() == Split.TEST)
                .count();
    }

    private static boolean isFile(String name) {
        try {
            return Files.isRegularFile(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** @throws IllegalArgumentException when no version could pass, whatever it answered */
    static void requirePossible(Charter charter, GateOutlook outlook) {
        if (!outlook.impossible().isEmpty()) {
            throw new IllegalArgumentException(
                    "No version of [%s] could pass its gates, so that nothing is trained: %s. Or train and judge alone, by --no-rollout"
                            .formatted(charter.name(), String.join("; ", outlook.impossible())));
        }
    }
}
