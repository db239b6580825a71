package dev.hone.cli;

import picocli.CommandLine.Command;

/** {@code hone tasks}: traces become tasks, and tasks datasets. */
@Command(
        name = "tasks",
        mixinStandardHelpOptions = true,
        description = "Make frozen datasets of a use case's traces, and look at them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {TasksBuildCommand.class, TasksListCommand.class, TasksShowCommand.class},
        footerHeading = "%nExamples:%n",
        footer = {"  hone tasks build --use-case support --out support.jsonl", "  hone tasks list"})
final class TasksCommand {}
