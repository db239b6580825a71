package dev.hone.cli;

import dev.hone.charter.Charter;
import dev.hone.improve.Agreement;
import dev.hone.store.Database;
import dev.hone.store.Labels;
import dev.hone.watch.Subject;
import dev.hone.watch.WatchState;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hone labels}: whether those who label agree. */
@Command(
        name = "labels",
        mixinStandardHelpOptions = true,
        description =
                "Who labelled how much of a use case, and how far they agree beyond chance: an expert who answers at random is near 0 (docs/improve.md).",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {"  hone labels support", "  hone labels support --json"})
final class LabelsCommand implements Callable<Integer> {
    @Mixin
    private UseCaseArguments useCase = new UseCaseArguments();

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    private record View(int schemaVersion, String useCase, int labels, Agreement.Result agreement) {}

    @Override
    public Integer call() throws IOException {
        Charter charter = useCase.charter();
        try (Database database = Store.open()) {
            Subject subject = UseCaseArguments.subject(database, charter);
            int labels = new Labels(database).standing(subject.useCase()).size();
            Agreement.Result agreement = WatchState.agreement(database, subject);
            if (json) {
                Json.print(new View(1, subject.name(), labels, agreement));
                return 0;
            }
            System.out.printf("labels       %d%n", labels);
            System.out.printf("all          alpha %s%n", degree(agreement.alpha()));
            for (Agreement.Person person : agreement.people()) {
                System.out.printf(
                        "%-12s %d labels, alpha %s: %s%n",
                        person.name(), person.labels(), degree(person.alpha()), person.says());
            }
            for (Agreement.Pair pair : agreement.pairs()) {
                System.out.printf("%s, %s: kappa %s%n", pair.first(), pair.second(), degree(pair.kappa()));
            }
        }
        return 0;
    }

    private static String degree(Agreement.Degree degree) {
        return degree.items() == 0
                ? "not known: nothing was labelled by two"
                : String.format(
                        Locale.ROOT,
                        "%.2f (%.2f to %.2f) on %d items",
                        degree.value(),
                        degree.low(),
                        degree.high(),
                        degree.items());
    }
}
