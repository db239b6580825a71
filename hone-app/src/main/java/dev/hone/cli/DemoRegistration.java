package dev.hone.cli;

import dev.hone.record.StoredGrader;
import dev.hone.run.Loop;
import dev.hone.run.LoopOutcome;
import dev.hone.run.ModelRegistration;
import dev.hone.run.UseCase;
import dev.hone.store.Database;
import dev.hone.store.StoreException;
import dev.hone.tensor.ModelFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Keeps a demo's models as versions: the last one is the use case's candidate. */
final class DemoRegistration {
    private static final String ALIAS = "candidate";

    private DemoRegistration() {}

    /** A store that cannot be opened costs nobody the demo: it says what does the same later. */
    static void keep(UseCase useCase, LoopOutcome outcome, Path out) {
        String name = useCase.data().name();
        try (Database database = Store.open()) {
            ModelRegistration.Order order = new ModelRegistration.Order(
                    name,
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
                    "Not kept in the store: %s%n  later: ./hone models add %s --use-case %s --report %s --alias %s%n",
                    e.getMessage(), outcome.models().getLast(), name, out.resolve(Loop.REPORT), ALIAS);
        }
    }
}
