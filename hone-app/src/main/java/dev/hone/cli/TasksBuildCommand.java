package dev.hone.cli;

import dev.hone.model.MiniLm;
import dev.hone.record.Dataset;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Split;
import dev.hone.store.Database;
import dev.hone.store.Datasets;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import dev.hone.task.DatasetBuilder;
import dev.hone.task.DatasetFiles;
import dev.hone.task.DatasetPlan;
import dev.hone.task.Demonstrations;
import dev.hone.task.Faults;
import dev.hone.task.FrozenDataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hone tasks build}. */
@Command(
        name = "build",
        mixinStandardHelpOptions = true,
        description = "Freeze a dataset: duplicates out, near-duplicates together, train, validation and test apart.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone tasks build --use-case support --out support.jsonl",
            "  hone tasks build --use-case support --meaning 0.9",
            "  hone tasks build --use-case support --split time --shares 70,10,20 --json"
        })
final class TasksBuildCommand implements Callable<Integer> {
    /** Of comparing meanings; shorter is not worth a word. */
    private static final double LONG_SECONDS = 60;

    @Option(names = "--use-case", required = true, paramLabel = "NAME", description = "Whose traces.")
    private String useCase = "";

    @Mixin
    private ProjectOption project = new ProjectOption();

    @Option(
            names = "--split",
            defaultValue = "stratified",
            description =
                    "stratified (every class in the same shares), grouped (by chance) or time (the latest to judge"
                            + " by) (default ${DEFAULT-VALUE}).")
    private DatasetPlan.Kind split = DatasetPlan.Kind.STRATIFIED;

    @Option(
            names = "--shares",
            defaultValue = "80,10,10",
            split = ",",
            paramLabel = "N",
            description = "Per cent for train, validation and test (default ${DEFAULT-VALUE}).")
    private List<Integer> shares = List.of();

    @Option(names = "--seed", defaultValue = "1", description = "Of order and chance (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--group-by",
            defaultValue = "",
            paramLabel = "KEY",
            description = "Metadatum whose equal values stay in one split, for instance customer.")
    private String groupBy = "";

    @Option(
            names = "--stratify-by",
            defaultValue = "",
            paramLabel = "KEY",
            description = "Metadatum to spread evenly instead of the answer.")
    private String stratifyBy = "";

    @Option(
            names = "--duplicate",
            defaultValue = "0.9",
            paramLabel = "J",
            description =
                    "Overlap (Jaccard) from which inputs with one answer are one task (default ${DEFAULT-VALUE}).")
    private double duplicate;

    @Option(
            names = "--near",
            defaultValue = "0.6",
            paramLabel = "J",
            description = "Overlap (Jaccard) from which tasks stay in one split (default ${DEFAULT-VALUE}).")
    private double near;

    @Option(
            names = "--meaning",
            defaultValue = "0",
            paramLabel = "C",
            description =
                    "Cosine of MiniLM embeddings from which tasks stay in one split too, for instance 0.9; takes a"
                            + " second for 200 tasks, and grows with their square (default: off).")
    private double meaning;

    @Option(
            names = "--out",
            paramLabel = "FILE.jsonl",
            description = "Write FILE.train.jsonl, FILE.validation.jsonl and FILE.test.jsonl, for hone train and eval.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        DatasetPlan plan = new DatasetPlan(split, shares, seed, groupBy, stratifyBy, duplicate, near, meaning);
        if (out != null) {
            DatasetFiles.names(out);
        }
        UseCases.requireName(useCase);
        try (Database database = Store.open()) {
            UUID id = new UseCases(database).require(useCase, project.name());
            Demonstrations demonstrations = Demonstrations.of(new Traces(database).labelled(id));
            if (!demonstrations.leftOut().isEmpty()) {
                System.err.printf(
                        "Left out [%d] labelled traces of which no task can be made:%n%s%n",
                        demonstrations.leftOut().size(), new Faults(demonstrations.leftOut()).shown());
            }
            List<LabelledTrace> traces = demonstrations.traces();
            double seconds = meaning > 0 ? DatasetBuilder.secondsOfMeaning(traces.size()) : 0;
            if (seconds > LONG_SECONDS) {
                System.err.printf(
                        "To compare what [%d] tasks mean, each with every other, takes about [%d] minutes: leave out --meaning if that is too long%n",
                        traces.size(), Math.round(seconds / 60));
            }
            FrozenDataset frozen =
                    (meaning > 0 ? new DatasetBuilder(plan, new MiniLm()) : new DatasetBuilder(plan)).build(traces);
            Dataset dataset = new Datasets(database)
                    .freeze(id, frozen.hash(), Json.line(plan), Json.line(frozen.counts()), frozen.tasks());
            Map<Split, Path> files = out == null ? Map.of() : DatasetFiles.write(out, frozen.tasks());
            DatasetView view = DatasetView.of(dataset, files);
            if (json) {
                Json.print(view);
            } else {
                view.print();
                if (files.isEmpty()) {
                    System.out.printf(
                            "next: hone tasks show %s --out %s.jsonl%n",
                            dataset.hash().substring(0, 12), useCase);
                } else {
                    System.out.printf("next: hone train --data %s --out runs/%s%n", files.get(Split.TRAIN), useCase);
                }
            }
        }
        return 0;
    }
}
