package dev.hone.run;

import dev.hone.fetch.Hashes;
import dev.hone.record.Dataset;
import dev.hone.record.DatasetTask;
import dev.hone.record.ModelVersion;
import dev.hone.record.Split;
import dev.hone.store.Database;
import dev.hone.store.Datasets;
import dev.hone.task.DatasetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Tasks that the gate {@code retention} names, as reports know them again. */
final class EarlierTasks {
    private final Datasets datasets;

    EarlierTasks(Database database) {
        this.datasets = new Datasets(database);
    }

    /** Hashes by which a report says that it judged on some data: of a file, or of a dataset or one of its splits as a file. */
    Set<String> hashes(String name, ModelVersion version, List<String> warnings) {
        Optional<Path> file = file(name);
        try {
            if (file.isPresent()) {
                return Set.of(Hashes.sha256(file.get()));
            }
        } catch (IOException e) {
            warnings.add("the gate [retention] names the file [%s], which cannot be read: %s"
                    .formatted(name, Objects.requireNonNullElse(e.getMessage(), e.toString())));
            return Set.of();
        }
        Set<String> hashes = new HashSet<>();
        for (Dataset dataset : datasets.list(version.useCaseId())) {
            if (name.length() >= 4 && dataset.hash().startsWith(name)) {
                hashes.add(dataset.hash());
                datasets.left(dataset)
                        .ifPresentOrElse(
                                left -> {
                                    hashes.addAll(hashes(left));
                                    if (!left.id().equals(dataset.id())) {
                                        warnings.add(
                                                "the gate [retention] names the dataset [%s], of which rows were forgotten: what is left is [%s], on which both have to be judged; name it in the charter"
                                                        .formatted(name, left.hash()));
                                    }
                                },
                                () -> warnings.add(
                                        "the gate [retention] can never pass: all rows of the dataset [%s] were forgotten; take it out of the charter"
                                                .formatted(name)));
            }
        }
        if (hashes.isEmpty()) {
            warnings.add(
                    "the gate [retention] can never pass: [%s] is no file, and no dataset's hash of [%s] begins so (hone tasks list)"
                            .formatted(name, version.useCase()));
        }
        return hashes;
    }

    private Set<String> hashes(Dataset dataset) {
        Set<String> hashes = new HashSet<>(Set.of(dataset.hash()));
        List<DatasetTask> tasks = datasets.tasks(dataset.id());
        for (Split split : Split.values()) {
            if (tasks.stream().anyMatch(task -> task.split() == split)) {
                hashes.add(DatasetFiles.sha256(tasks, split));
            }
        }
        return hashes;
    }

    private static Optional<Path> file(String name) {
        try {
            return Optional.of(Path.of(name)).filter(Files::isRegularFile);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
