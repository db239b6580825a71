package dev.hone.cli;

import dev.hone.record.Dataset;
import dev.hone.store.Database;
import dev.hone.store.Datasets;
import dev.hone.store.UseCases;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hone tasks list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "The datasets, the newest first.",
        footerHeading = "%nExamples:%n",
        footer = {"  hone tasks list", "  hone tasks list --use-case support --json"})
final class TasksListCommand implements Callable<Integer> {
    @Option(names = "--use-case", paramLabel = "NAME", description = "Only those of one use case.")
    private @Nullable String useCase;

    @Mixin
    private ProjectOption project = new ProjectOption();

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    record Result(int schemaVersion, List<DatasetView> datasets) {}

    @Override
    public Integer call() {
        try (Database database = Store.open()) {
            Datasets datasets = new Datasets(database);
            List<Dataset> found = useCase == null
                    ? datasets.list()
                    : datasets.list(new UseCases(database).require(useCase, project.name()));
            List<DatasetView> views = found.stream()
                    .map(dataset -> DatasetView.of(dataset, Map.of()))
                    .toList();
            if (json) {
                Json.print(new Result(1, views));
            } else if (views.isEmpty()) {
                System.out.println("no datasets yet; next: hone tasks build --use-case NAME");
            } else {
                views.forEach(DatasetView::printLine);
            }
        }
        return 0;
    }
}
