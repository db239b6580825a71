package dev.hone.cli;

import dev.hone.record.Project;
import dev.hone.store.Database;
import dev.hone.store.Projects;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone projects}: the parts of an installation that do not see each other's rows. */
@Command(
        name = "projects",
        mixinStandardHelpOptions = true,
        description =
                "Make and list projects: use cases, keys and traces belong to one, and no other sees them (docs/gateway.md).",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {"  hone projects add labs", "  hone projects list"})
final class ProjectsCommand {
    /** A project, and the object of {@code add --json}. */
    record Row(int schemaVersion, String name, Instant created) {
        Row(Project project) {
            this(1, project.name(), project.created());
        }
    }

    /** The object of {@code list --json}. */
    record Listed(int schemaVersion, List<Row> projects) {}

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Make a project.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone projects add labs", "  hone projects add labs --json"})
    int add(
            @Parameters(paramLabel = "NAME", description = "Small letters, digits and [-].") String name,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        Project made;
        try (Database database = Store.open()) {
            made = new Projects(database).add(name);
        }
        if (json) {
            Json.print(new Row(made));
        } else {
            System.out.printf("made [%s]; a key for it: hone keys add NAME --project %s%n", made.name(), made.name());
        }
        return 0;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "All projects.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone projects list", "  hone projects list --json"})
    int list(@Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        List<Project> projects;
        try (Database database = Store.open()) {
            projects = new Projects(database).all();
        }
        if (json) {
            Json.print(new Listed(1, projects.stream().map(Row::new).toList()));
        } else {
            projects.forEach(project -> System.out.printf("%-32s since %s%n", project.name(), project.created()));
        }
        return 0;
    }
}
