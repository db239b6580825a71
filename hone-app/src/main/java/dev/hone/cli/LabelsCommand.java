package dev.hone.cli;

import dev.hone.charter.Charter;
import dev.hone.improve.Agreement;
import dev.hone.store.Database;
import dev.hone.store.Labels;
import dev.hone.store.Traces;
import dev.hone.task.Demonstrations;
import dev.hone.watch.Agreements;
import dev.hone.watch.Subject;
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
    private record View(
            int schemaVersion,
            String useCase,
            int labels,
            Labels.Votes votes,
            int disagreed,
            Agreement.Result agreement) {}

    @Override
    public Integer call() throws IOException {
        Charter charter = useCase.charter();
        try (Database database = Store.open()) {
            Subject subject = UseCaseArguments.subject(database, charter);
            Labels stored = new Labels(database);
            int labels = stored.standing(subject.useCase()).size();
            Labels.Votes votes = stored.votes(subject.useCase());
            int disagreed = Demonstrations.of(new Traces(database).labelled(subject.useCase()))
                    .disagreed();
            Agreement.Result agreement = new Agreements(database).of(subject);
            if (json) {
                Json.print(new View(1, subject.name(), labels, votes, disagreed, agreement));
                return 0;
            }
            System.out.printf("labels       %d%n", labels);
            System.out.printf(
                    "votes        %d for the live version's answer, %d for another's, %d for none%n",
                    votes.live(), votes.other(), votes.none());
            System.out.printf("disagreed    %d calls, which nobody learns from%n", disagreed);
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
