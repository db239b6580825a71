package dev.hone.cli;

import dev.hone.promote.Command;
import dev.hone.record.ModelVersion;
import dev.hone.record.StoredRollout;
import dev.hone.record.UseCaseName;
import dev.hone.record.VersionReference;
import dev.hone.store.Database;
import dev.hone.store.ModelVersions;
import dev.hone.store.Rollouts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone canary}: versions on their way to the calls of users. */
@picocli.CommandLine.Command(
        name = "canary",
        mixinStandardHelpOptions = true,
        description = {
            "Bring a version to the calls of its use case by steps, and take it back (docs/rollout.md).",
            "hone serve carries it out; hold, resume, back and stop need no database. What no hone serve follows is stopped in the database."
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone canary start support/4",
            "  hone canary status support",
            "  hone canary promote support",
            "  hone canary stop support        # the kill switch"
        })
final class CanaryCommand {
    /** The object of {@code start --json}. */
    record Started(
            int schemaVersion,
            UUID rollout,
            String version,
            @Nullable String baseline,
            String phase) {}

    /** Who asks. */
    static final class Who {
        @Option(
                names = "--who",
                paramLabel = "NAME",
                description = "Who decides, for the history (default: the user of this terminal).")
        private @Nullable String name;

        /** Nobody's name has spaces: nobody who signs in is taken for somebody at the terminal. */
        String text() {
            String given = name == null ? ModelsCommand.who() : name.strip();
            if (given.isEmpty() || given.length() > 200 || given.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("--who is [%s]: name somebody".formatted(given));
            }
            return given + " (command line)";
        }
    }

    /** What is asked of a use case, by whom. */
    static final class Asked {
        @Parameters(paramLabel = "USE_CASE", description = "Which.")
        private String useCase = "";

        @Mixin
        private Who who = new Who();

        @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
        private boolean json;

        /** @param project whose use case, in the database; null for the only one that has it */
        private CanaryAsking of(@Nullable String project) {
            return new CanaryAsking(Store.home(), project, who.text(), json);
        }
    }

    @picocli.CommandLine.Command(
            name = "start",
            mixinStandardHelpOptions = true,
            description = "Begin with a version that passed its gates; a running hone serve finds it.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone canary start support/4", "  hone canary start support@candidate --who ada --json"})
    int start(
            @Parameters(paramLabel = "VERSION", description = "USE_CASE/NUMBER or USE_CASE@ALIAS.") String version,
            @Option(
                            names = "--charter",
                            paramLabel = "FILE",
                            description =
                                    "The charter, whose [promote] says how it is brought to calls (default: use-cases/USE_CASE.yaml).")
                    @Nullable
                    Path charter,
            @Option(
                            names = "--force",
                            description = "Begin also where no charter here says how, for a hone serve elsewhere.")
                    boolean force,
            @Mixin Who who,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        VersionReference reference = VersionReference.of(version);
        String name = who.text();
        try (Database database = Store.open()) {
            ModelVersion found = new ModelVersions(database).require(reference);
            if (!force) {
                PromoteGuard.require(database, found, charter);
            }
            StoredRollout begun = new Rollouts(database).begin(found.useCaseId(), found.id(), name);
            if (json) {
                Json.print(new Started(1, begun.id(), begun.reference(), baseline(begun), begun.phase()));
            } else {
                System.out.printf(
                        "[%s] waits for hone serve, compared with %s; next: hone canary status %s%n",
                        begun.reference(),
                        begun.baseline() == null ? "those whom the charter names" : "[" + baseline(begun) + "]",
                        begun.useCase());
            }
        }
        return 0;
    }

    static @Nullable String baseline(StoredRollout rollout) {
        StoredRollout.Baseline baseline = rollout.baseline();
        return baseline == null ? null : new VersionReference.Numbered(rollout.useCase(), baseline.number()).text();
    }

    @picocli.CommandLine.Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description =
                    "Where calls of a use case go, and the last of its versions on their way; also while the database is away.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone canary status support", "  hone canary status support --json"})
    int status(
            @Parameters(paramLabel = "USE_CASE", description = "Which.") String useCase,
            @Mixin ProjectOption project,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        new CanaryStatus(Store.home()).print(UseCaseName.require(useCase), project.name(), json);
        return 0;
    }

    @picocli.CommandLine.Command(
            name = "promote",
            mixinStandardHelpOptions = true,
            description = "Let the candidate have all calls: live moves to it, and previous to what was live.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone canary promote support --who ada"})
    int promote(@Mixin Asked asked) throws IOException, InterruptedException {
        return asked.of(null).ask(asked.useCase, Command.PROMOTE);
    }

    @picocli.CommandLine.Command(
            name = "hold",
            mixinStandardHelpOptions = true,
            description = "Let nobody but a person move the candidate on; it may still be taken back.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone canary hold support"})
    int hold(@Mixin Asked asked) throws IOException, InterruptedException {
        return asked.of(null).ask(asked.useCase, Command.HOLD);
    }

    @picocli.CommandLine.Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description =
                    "Let a candidate that is held move on again, and a live version that was stopped have its calls.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone canary resume support"})
    int resume(@Mixin Asked asked) throws IOException, InterruptedException {
        return asked.of(null).ask(asked.useCase, Command.RESUME);
    }

    @picocli.CommandLine.Command(
            name = "back",
            mixinStandardHelpOptions = true,
            description = {
                "Take the candidate's calls away. Where none is on its way, what was live before is live again, which takes the database."
            },
            footerHeading = "%nExamples:%n",
            footer = {"  hone canary back support"})
    int back(@Mixin Asked asked, @Mixin ProjectOption project) throws IOException, InterruptedException {
        return asked.of(project.name()).back(UseCaseName.require(asked.useCase));
    }

    @picocli.CommandLine.Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            description = {
                "The kill switch: the candidate gets no calls from now on, within a second, also while the database is away.",
                "With --live, what is live gets none either, and the charter's variants answer until hone canary resume."
            },
            footerHeading = "%nExamples:%n",
            footer = {"  hone canary stop support", "  hone canary stop support --live --who ada"})
    int stop(
            @Mixin Asked asked,
            @Option(names = "--live", description = "Take the live version's calls away, too.") boolean live,
            @Mixin ProjectOption project)
            throws IOException, InterruptedException {
        return asked.of(project.name()).ask(asked.useCase, live ? Command.STOP_ALL : Command.STOP);
    }
}
