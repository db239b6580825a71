package dev.hone.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose use case it is that {@code --use-case} names. */
final class ProjectOption {
    @Option(
            names = "--project",
            paramLabel = "NAME",
            description = "Whose use case, where several projects have one of that name.")
    private @Nullable String project;

    /** Null for the only one that has it. */
    @Nullable
    String name() {
        return project;
    }
}
