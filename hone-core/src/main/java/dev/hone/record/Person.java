package dev.hone.record;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who sees pages. Read from the store; made by {@code hone people add} or by an owner.
 *
 * @param disabled null while they may sign in
 * @param memberships by the projects' names
 */
public record Person(
        UUID id, String name, Instant created, @Nullable Instant disabled, List<Membership> memberships) {
    private static final String NAME = "[a-z0-9][a-z0-9._@-]{0,99}";

    public Person {
        memberships = List.copyOf(memberships);
    }

    /** @param role of the person in the project */
    public record Membership(UUID project, String projectName, Role role) {}

    /** @throws IllegalArgumentException when nobody can be called so */
    public static String requireName(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "Nobody can be called [%s]: use small letters, digits, [.], [_], [-] and [@], 100 at most"
                            .formatted(name));
        }
        return name;
    }

    /** Whether somebody can be called so. */
    public static boolean isName(String name) {
        return name.matches(NAME);
    }

    /** Empty in a project that they do not belong to. */
    public Optional<Membership> in(String project) {
        return memberships.stream()
                .filter(membership -> membership.projectName().equals(project))
                .findFirst();
    }
}
