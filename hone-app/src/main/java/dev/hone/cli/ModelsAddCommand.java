package dev.hone.cli;

import dev.hone.record.AliasChange;
import dev.hone.record.VersionReference;
import dev.hone.run.ModelRegistration;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.ModelVersions;
import dev.hone.store.Rollouts;
import dev.hone.store.UseCases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone models add}. */
@Command(
        name = "add",
        mixinStandardHelpOptions = true,
        description =
                "Make versions of finished runs: their models are copied with all that they stand on, and stay usable"
                        + " whatever becomes of the folders. The same again adds nothing.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone models add runs/support --use-case support --alias candidate",
            "  hone models add demo/model demo/reinforced --use-case assistant-actions --report demo/report.json"
        })
final class ModelsAddCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "RUN_FOLDER",
            arity = "1..*",
            description = "Of finished runs, the last is the result. What a run began with is added before it.")
    private List<Path> runs = List.of();

    @Option(
            names = "--use-case",
            required = true,
            paramLabel = "NAME",
            description = "The job that the model does; made when it is new.")
    private String useCase = "";

    @Mixin
    private ProjectOption project = new ProjectOption();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "The report.json that judges these runs (docs/report.md).")
    private @Nullable Path report;

    @Option(names = "--alias", paramLabel = "NAME", description = "Point this alias at the last version.")
    private @Nullable String alias;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    record Result(
            int schemaVersion,
            List<VersionView> versions,
            List<String> added,
            boolean reportAdded,
            ModelsCommand.@Nullable AliasResult alias) {}

    @Override
    public Integer call() throws IOException {
        UseCases.requireName(useCase);
        if (alias != null) {
            Aliases.requireName(alias);
        }
        ModelRegistration.Order order = new ModelRegistration.Order(
                useCase, project.name(), runs, report, null, isLive() ? null : alias, ModelsCommand.who());
        try (Database database = Store.open()) {
            ModelRegistration.Result result = new ModelRegistration(database, Store.home()).register(order);
            print(isLive() ? live(database, result) : result);
        }
        return 0;
    }

    private boolean isLive() {
        return Rollouts.LIVE.equals(alias);
    }

    /** What has the traffic is decided when it is registered, and its gates could have judged it. */
    private ModelRegistration.Result live(Database database, ModelRegistration.Result result) throws IOException {
        VersionReference last = new VersionReference.Numbered(
                project.name(), useCase, result.versions().getLast().number());
        new LiveGuard(database, null).check(last, Rollouts.LIVE, false);
        AliasChange change = new Aliases(database).set(last, Rollouts.LIVE, ModelsCommand.who());
        ModelVersions versions = new ModelVersions(database);
        return new ModelRegistration.Result(
                result.versions().stream()
                        .map(version -> versions.of(version.useCaseId(), version.number()))
                        .toList(),
                result.fresh(),
                result.reportAdded(),
                change);
    }

    private void print(ModelRegistration.Result result) {
        List<VersionView> views =
                result.versions().stream().map(VersionView::of).toList();
        if (json) {
            Json.print(new Result(
                    1,
                    views,
                    result.fresh(),
                    result.reportAdded(),
                    result.alias() == null ? null : ModelsCommand.AliasResult.of(result.alias())));
            return;
        }
        System.out.println(result.fresh().isEmpty() ? "nothing new" : "added " + String.join(", ", result.fresh()));
        views.forEach(view -> view.printLine(null));
        if (result.reportAdded()) {
            System.out.printf("[%s] is kept with them%n", report);
        }
        if (result.alias() != null) {
            System.out.println(VersionView.sentence(result.alias()));
        }
        VersionView last = views.getLast();
        System.out.printf(
                "next: hone chat --model %s%n", alias == null ? last.version() : last.useCase() + "@" + alias);
    }
}
