package dev.hone.cli;

import dev.hone.record.StoredGrader;
import dev.hone.run.Loop;
import dev.hone.run.LoopOutcome;
import dev.hone.run.ModelRegistration;
import dev.hone.run.TraceImport;
import dev.hone.run.UseCase;
import dev.hone.store.Database;
import dev.hone.store.StoreException;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import dev.hone.tensor.ModelFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Keeps a demo's rows as traces, and its models as versions: the last one is the use case's candidate. */
final class DemoRegistration {
    private static final String ALIAS = "candidate";

    private DemoRegistration() {}

    /**
     * A store that cannot be opened costs nobody the demo: it says what does the same later.
     *
     * @param rows file with the labelled calls that the demo is about
     * @param response its column with what production answered
     */
    static void keep(UseCase useCase, LoopOutcome outcome, Path rows, String response, Path out) {
        String name = useCase.data().name();
        try (Database database = Store.open()) {
            TraceImport.Result traces = new TraceImport(new UseCases(database), new Traces(database))
                    .run(name, null, rows, response, true, (stage, done, total, lines) -> {});
            System.err.printf(
                    "traces: %d of %s in the store, %d of them new; datasets: ./hone tasks build --use-case %s%n",
                    traces.traces(), name, traces.added(), name);
            ModelRegistration.Order order = new ModelRegistration.Order(
                    name,
                    null,
                    outcome.models(),
                    out.resolve(Loop.REPORT),
                    new StoredGrader("good", useCase.good().kind(), Json.line(useCase.good())),
                    ALIAS,
                    ModelsCommand.who());
            ModelRegistration.Result result = new ModelRegistration(database, Store.home()).register(order);
            System.err.printf(
                    "kept:   %s@%s is version %d, whatever becomes of the folder; see ./hone models list%n",
                    name, ALIAS, result.versions().getLast().number());
        } catch (StoreException
                | ModelFileException
                | IOException
                | UncheckedIOException
                | IllegalArgumentException e) {
            System.err.printf(
                    "Not kept in the store: %s%n  later: ./hone import %s --use-case %s --response %s --skip-bad%n         ./hone models add %s --use-case %s --report %s --alias %s%n",
                    e.getMessage(),
                    rows,
                    name,
                    response,
                    outcome.models().getLast(),
                    name,
                    out.resolve(Loop.REPORT),
                    ALIAS);
        }
    }
}
