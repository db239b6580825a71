package dev.hone.loop;

import dev.hone.fetch.Hashes;
import dev.hone.record.Dataset;
import dev.hone.record.DatasetTask;
import dev.hone.record.ModelVersion;
import dev.hone.record.Split;
import dev.hone.store.Database;
import dev.hone.store.Datasets;
import dev.hone.store.Loops;
import dev.hone.store.ModelVersions;
import dev.hone.store.RecordedAnswers;
import dev.hone.task.AnswerText;
import dev.hone.task.Demonstrations;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a round works on, as the store has it: the rows that were frozen, never the labels that they were made of, which people go on giving and taking back. */
final class RoundData {
    private final UUID useCase;
    private final String name;
    private final Loops loops;
    private final Datasets datasets;
    private final ModelVersions versions;
    private final RecordedAnswers recorded;

    RoundData(Database database, UUID useCase, String name) {
        this.useCase = useCase;
        this.name = name;
        this.loops = new Loops(database);
        this.datasets = new Datasets(database);
        this.versions = new ModelVersions(database);
        this.recorded = new RecordedAnswers(database);
    }

    /**
     * The tasks of a frozen dataset.
     *
     * @throws CannotGoOn when it is gone, or not whole any more
     */
    List<DatasetTask> tasks(String hash) {
        requireWhole(hash);
        Dataset dataset = datasets.list(useCase).stream()
                .filter(one -> one.hash().equals(hash))
                .findFirst()
                .orElseThrow(() -> new CannotGoOn(
                        "The dataset [%s] that it was begun with is gone".formatted(Hashes.shortened(hash))));
        return datasets.tasks(dataset.id());
    }

    /** @throws CannotGoOn when rows of a dataset were forgotten: what follows would be made of them */
    void requireWhole(String hash) {
        if (datasets.forgotten(useCase, hash).isPresent()) {
            throw new CannotGoOn("Rows of the dataset [%s] that it was begun with were forgotten meanwhile"
                    .formatted(Hashes.shortened(hash)));
        }
    }

    /** @throws CannotGoOn when the store calls a round ended, whose steps are not done: somebody gave it up elsewhere */
    void requireGoing(UUID round) {
        loops.find(round).filter(one -> one.ended() != null).ifPresent(one -> {
            throw new CannotGoOn(one.reason() == null ? "It was ended elsewhere" : one.reason());
        });
    }

    /** @throws CannotGoOn when it was deleted */
    ModelVersion version(int number) {
        return versions.list(useCase).stream()
                .filter(one -> one.number() == number)
                .findFirst()
                .orElseThrow(() -> new CannotGoOn(
                        "The version [%s/%d] that it goes on with was deleted meanwhile".formatted(name, number)));
    }

    /** What production answered to the tasks that versions are judged by, by trace; tasks without are missing. */
    Map<String, String> recorded(List<DatasetTask> tasks) {
        Map<String, String> outputs = new HashMap<>();
        recorded.of(tasks.stream()
                        .filter(task -> task.split() == Split.TEST)
                        .map(DatasetTask::trace)
                        .toList())
                .forEach((trace, answer) -> {
                    String message = answer.imported() ? answer.response() : Demonstrations.answer(answer.response());
                    if (!message.isEmpty()) {
                        outputs.put(trace.toString(), AnswerText.of(message));
                    }
                });
        return outputs;
    }
}
