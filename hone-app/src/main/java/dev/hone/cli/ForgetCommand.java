package dev.hone.cli;

import dev.hone.capture.gateway.EndUsers;
import dev.hone.fetch.Hashes;
import dev.hone.record.Forgetting;
import dev.hone.record.Project;
import dev.hone.record.Split;
import dev.hone.record.Whose;
import dev.hone.serve.EndUserSecret;
import dev.hone.store.Database;
import dev.hone.store.TraceForgetting;
import dev.hone.task.DatasetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hone forget}. */
@Command(
        name = "forget",
        mixinStandardHelpOptions = true,
        description =
                "Remove somebody's traces and all that was made of them; datasets are rebuilt without them, and versions that saw them are named. Without --yes it only says what would go.",
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone forget --end-user ann@example.com         # what would go",
            "  hone forget --end-user ann@example.com --yes",
            "  hone forget --trace 019a5c1e-7d2b-7000-8a11-2f6d1c0e9b34 --yes --json",
            "  hone forget --episode chat-4711 --project shop --yes"
        })
final class ForgetCommand implements Callable<Integer> {
    /** Whose, in one of three ways. */
    static final class Which {
        @Option(
                names = "--end-user",
                paramLabel = "NAME",
                description = "All calls of a user, by the name that the product says in x-hone-user.")
        private @Nullable String endUser;

        @Option(names = "--trace", paramLabel = "ID", description = "One trace, with its copies for shadows.")
        private @Nullable UUID trace;

        @Option(names = "--episode", paramLabel = "ID", description = "All calls of an episode.")
        private @Nullable String episode;
    }

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Which which = new Which();

    @Option(
            names = "--project",
            defaultValue = Project.DEFAULT,
            paramLabel = "NAME",
            description = "Whose user or episode (default ${DEFAULT-VALUE}).")
    private String project = Project.DEFAULT;

    @Option(names = "--yes", description = "Do it. What goes does not come back.")
    private boolean yes;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    /** The object of {@code --json}. */
    record Result(int schemaVersion, boolean dryRun, Forgetting forgetting, List<String> notReached) {}

    @Override
    public Integer call() throws IOException {
        Whose whose = whose();
        Forgetting forgetting;
        try (Database database = Store.open()) {
            TraceForgetting forget = new TraceForgetting(database, tasks -> DatasetFiles.sha256(tasks, Split.TRAIN));
            forgetting = yes ? forget.carryOut(whose, ModelsCommand.who()) : forget.plan(whose);
        }
        List<String> notReached = notReached(Store.home());
        if (json) {
            Json.print(new Result(1, !yes, forgetting, notReached));
        } else {
            print(forgetting, notReached);
        }
        return 0;
    }

    private Whose whose() throws IOException {
        if (which.trace != null) {
            return new Whose.OfTrace(which.trace);
        }
        if (which.episode != null) {
            return new Whose.OfEpisode(project, require("--episode", which.episode));
        }
        String name = require("--end-user", which.endUser == null ? "" : which.endUser);
        byte[] secret = EndUserSecret.read(Store.home())
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no [%s], by which users of products are told apart: no gateway has run with this HONE_HOME; set it to the one of the gateway, or forget by --trace or --episode"
                                .formatted(EndUserSecret.file(Store.home()))));
        return new Whose.OfEndUser(project, new EndUsers(secret).hash(project, name.strip()));
    }

    private static String require(String option, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("%s is empty: give the name as the product says it".formatted(option));
        }
        return value;
    }

    /** What has rows of traces and is no part of the database's tables. */
    private static List<String> notReached(Path home) throws IOException {
        Path journal = home.resolve("journal");
        return List.of(
                "calls that are still on their way through the journal [%s]: %s; run this again when they are in the database"
                        .formatted(journal, files(journal)),
                "records that were put aside in [%s]: %s; delete those files, or what they hold of this person, by hand"
                        .formatted(journal.resolve("rejected"), files(journal.resolve("rejected"))),
                "files outside: exports, datasets written by --out, folders of runs and demos with their answers, back-ups",
                "reports, where they quote a row that a grader failed on, and answers that runs tried to questions known by other names",
                "weights of the versions that saw rows: train anew on the rebuilt dataset, and hone models delete the old one",
                "the audit log, which has ids, and texts that somebody looked for");
    }

    private static String files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return "none";
        }
        try (Stream<Path> files = Files.list(folder)) {
            long count = files.filter(Files::isRegularFile).count();
            return count == 0 ? "none" : count == 1 ? "1 file" : count + " files";
        }
    }

    private void print(Forgetting forgetting, List<String> notReached) {
        String verb = yes ? "went" : "would go";
        System.out.printf(
                "%d traces %s, with %d contents, %d attempts, %d pieces of feedback, %d tasks and %d tried answers%n",
                forgetting.traces(),
                verb,
                forgetting.contents(),
                forgetting.attempts(),
                forgetting.feedback(),
                forgetting.tasks(),
                forgetting.samples());
        for (Forgetting.Held held : forgetting.datasets()) {
            System.out.printf(
                    "dataset %s of %s: %d rows to learn from, %d to choose by and %d to judge by %s; %s%n",
                    Hashes.shortened(held.hash()),
                    held.useCase(),
                    held.train(),
                    held.validation(),
                    held.test(),
                    verb,
                    held.left() == 0
                            ? "nothing is left"
                            : held.rebuilt() == null
                                    ? "%d are left as another dataset".formatted(held.left())
                                    : "the other %d are dataset %s"
                                            .formatted(held.left(), Hashes.shortened(held.rebuilt())));
        }
        forgetting
                .versions()
                .forEach(saw -> System.out.println("saw these rows and stays as it is: " + LineageTree.line(saw)));
        if (forgetting.traces() == 0) {
            System.out.println("nothing of this person is in the database");
        }
        System.out.println("not reached:");
        notReached.forEach(one -> System.out.println("  " + one));
        if (!yes && forgetting.traces() > 0) {
            System.out.println("nothing was removed; --yes does it");
        }
    }
}
