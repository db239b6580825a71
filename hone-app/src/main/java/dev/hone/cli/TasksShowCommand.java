package dev.hone.cli;

import dev.hone.record.Dataset;
import dev.hone.record.DatasetTask;
import dev.hone.record.Split;
import dev.hone.store.Database;
import dev.hone.store.Datasets;
import dev.hone.task.DatasetFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone tasks show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "What a dataset is made of; write it to files.",
        footerHeading = "%nExamples:%n",
        footer = {"  hone tasks show 4f2a81", "  hone tasks show 4f2a81 --out support.jsonl"})
final class TasksShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "HASH", description = "Its hash, or the beginning of it.")
    private String hash = "";

    @Option(
            names = "--out",
            paramLabel = "FILE.jsonl",
            description = "Write FILE.train.jsonl, FILE.validation.jsonl and FILE.test.jsonl, for hone train and eval.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (out != null) {
            DatasetFiles.names(out);
        }
        try (Database database = Store.open()) {
            Datasets datasets = new Datasets(database);
            Dataset dataset = datasets.require(hash);
            List<DatasetTask> tasks = out == null ? List.of() : datasets.tasks(dataset.id());
            Map<Split, Path> files = out == null ? Map.of() : DatasetFiles.write(out, tasks);
            DatasetView view = DatasetView.of(dataset, files);
            if (json) {
                Json.print(view);
            } else {
                view.print();
            }
        }
        return 0;
    }
}
