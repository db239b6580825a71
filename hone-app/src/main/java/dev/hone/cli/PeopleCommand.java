package dev.hone.cli;

import dev.hone.record.Person;
import dev.hone.record.Project;
import dev.hone.record.Role;
import dev.hone.store.Database;
import dev.hone.store.People;
import dev.hone.web.access.Passwords;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone people}: who may see the pages. */
@Command(
        name = "people",
        mixinStandardHelpOptions = true,
        description = "Say who may see the pages of hone serve (docs/pages.md).",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone people add ada --role owner",
            "  hone people add ada --role viewer --project shop",
            "  hone people disable ada"
        })
final class PeopleCommand {
    private static final int LONGEST_LINE = 1000;

    /** The object of {@code add --json} and {@code password --json}; a generated password is shown here and nowhere else. */
    record Let(int schemaVersion, String name, @Nullable String password) {}

    /** The object of {@code list --json}. */
    record Listed(int schemaVersion, List<Row> people) {}

    /** The object of {@code disable --json}. */
    record Disabled(int schemaVersion, String disabled) {}

    /** A person without what lets them in. */
    record Row(String name, Instant created, @Nullable Instant disabled, List<In> projects) {}

    record In(String project, String role) {}

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = {
                "Make a person, with a password that is shown once, or give one that there is a role in one more project."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  hone people add ada --role owner",
                "  hone people add ada --role viewer --project shop",
                "  pass show hone | hone people add ada --role owner --password-stdin"
            })
    int add(
            @Parameters(paramLabel = "NAME", description = "By which they sign in.") String name,
            @Option(
                            names = "--role",
                            defaultValue = "viewer",
                            paramLabel = "ROLE",
                            description = "In the project: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
                    Role role,
            @Option(
                            names = "--project",
                            defaultValue = Project.DEFAULT,
                            paramLabel = "PROJECT",
                            description = "Whose pages they see (default ${DEFAULT-VALUE}).")
                    String project,
            @Option(
                            names = "--password-stdin",
                            description = "Read the password from a line of standard input, and make none.")
                    boolean fromInput,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        Person.requireName(name);
        try (Database database = Store.open()) {
            People people = new People(database);
            if (people.credentials(name).isPresent()) {
                if (fromInput) {
                    throw new IllegalArgumentException(
                            "There is a person [%s] already: leave --password-stdin out, or change the password by hone people password"
                                    .formatted(name));
                }
                people.grant(name, project, role, who());
                return say(name, null, json);
            }
            String given = fromInput ? input() : null;
            String password = given == null ? Passwords.random() : given;
            people.add(name, Passwords.hash(password), project, role, who());
            return say(name, given == null ? password : null, json);
        }
    }

    @Command(
            name = "password",
            mixinStandardHelpOptions = true,
            description = {
                "Give a person a new password, which is shown once: their sessions end, and who was disabled may sign in again."
            },
            footerHeading = "%nExamples:%n",
            footer = {"  hone people password ada", "  pass show hone | hone people password ada --password-stdin"})
    int password(
            @Parameters(paramLabel = "NAME", description = "Of a person.") String name,
            @Option(
                            names = "--password-stdin",
                            description = "Read the password from a line of standard input, and make none.")
                    boolean fromInput,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        String given = fromInput ? input() : null;
        String password = given == null ? Passwords.random() : given;
        String hash = Passwords.hash(password);
        try (Database database = Store.open()) {
            new People(database).password(name, hash, who());
        }
        return say(name, given == null ? password : null, json);
    }

    /** Nobody's name has spaces: nobody who signs in is taken for somebody at the terminal. */
    private static String who() {
        return ModelsCommand.who() + " (command line)";
    }

    private static String input() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        StringBuilder line = new StringBuilder();
        for (int letter = in.read(); letter >= 0 && letter != '\n'; letter = in.read()) {
            if (line.length() == LONGEST_LINE) {
                throw new IllegalArgumentException("The line of standard input is too long for a password");
            }
            line.append((char) letter);
        }
        String text = line.toString();
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static int say(String name, @Nullable String password, boolean json) {
        if (json) {
            Json.print(new Let(1, name, password));
        } else if (password == null) {
            System.out.printf("[%s] may sign in%n", name);
        } else {
            System.out.printf("%s%n", password);
            System.err.println("The password of [%s]: it is not shown again".formatted(name));
        }
        return 0;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "All people, with their roles.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone people list", "  hone people list --json"})
    int list(@Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        List<Person> people;
        try (Database database = Store.open()) {
            people = new People(database).all();
        }
        if (json) {
            Json.print(new Listed(
                    1,
                    people.stream()
                            .map(person ->
                                    new Row(person.name(), person.created(), person.disabled(), projects(person)))
                            .toList()));
            return 0;
        }
        if (people.isEmpty()) {
            System.out.println("nobody; make the first person by: hone people add NAME --role owner");
        }
        for (Person person : people) {
            System.out.printf(
                    "%-32s %-40s %s%n",
                    person.name(),
                    projects(person).stream()
                            .map(in -> in.project() + ": " + in.role())
                            .collect(Collectors.joining(", ")),
                    person.disabled() == null ? "" : "disabled " + person.disabled());
        }
        return 0;
    }

    private static List<In> projects(Person person) {
        return person.memberships().stream()
                .map(membership ->
                        new In(membership.projectName(), membership.role().text()))
                .toList();
    }

    @Command(
            name = "disable",
            mixinStandardHelpOptions = true,
            description = "Let a person in no more, and end their sessions; hone people password undoes it.",
            footerHeading = "%nExamples:%n",
            footer = {"  hone people disable ada", "  hone people disable ada --json"})
    int disable(
            @Parameters(paramLabel = "NAME", description = "Of a person.") String name,
            @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).") boolean json)
            throws IOException {
        try (Database database = Store.open()) {
            new People(database).disable(name, Instant.now(), who());
        }
        if (json) {
            Json.print(new Disabled(1, name));
        } else {
            System.out.printf("disabled [%s]%n", name);
        }
        return 0;
    }
}
