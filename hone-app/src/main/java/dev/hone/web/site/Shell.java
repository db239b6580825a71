package dev.hone.web.site;

import dev.hone.record.Person.Membership;
import dev.hone.record.Role;
import dev.hone.web.access.Visitor;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What stands around a page.
 *
 * @param section of the navigation that it belongs to
 * @param theme {@code light}, {@code dark}, or empty for what the system says
 * @param shortcuts whether single keys do something
 * @param visitor null where nobody is signed in
 * @param in the project, and what the visitor is there; null outside of projects
 * @param address of the page
 */
public record Shell(
        String title,
        String section,
        Assets assets,
        String theme,
        boolean shortcuts,
        @Nullable Visitor visitor,
        @Nullable Membership in,
        String address) {

    /** @param key that goes there, after {@code g} */
    public record Section(String name, String label, String path, String key) {}

    /** The navigation. */
    public List<Section> sections() {
        return Stream.of(
                        new Section("overview", "Overview", "", "o"),
                        new Section("use-cases", "Use cases", "/use-cases", "u"),
                        new Section("traces", "Traces", "/traces", "t"),
                        new Section("label", "Label", "/label", "l"),
                        new Section("rounds", "Rounds", "/rounds", "n"),
                        new Section("runs", "Runs", "/runs", "r"),
                        new Section("evals", "Evaluations", "/evals", "e"),
                        new Section("versions", "Versions", "/versions", "v"),
                        new Section("rollouts", "Rollouts", "/rollouts", "c"),
                        new Section("advise", "Advise", "/advise", "a"),
                        new Section("settings", "Settings", "/settings", "s"))
                .filter(section -> !section.name().equals("label") || may(Role.EXPERT))
                .toList();
    }

    /** Address below the project. */
    public String at(String path) {
        return "/p/" + Objects.requireNonNull(in).projectName() + path;
    }

    /** What a form carries. */
    public String token() {
        return Objects.requireNonNull(visitor).token();
    }

    public boolean may(Role role) {
        return in != null && in.role().covers(role);
    }

    /** The other theme. */
    public String next() {
        return switch (theme) {
            case "light" -> "dark";
            case "dark" -> "system";
            default -> "light";
        };
    }
}
