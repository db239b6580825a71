package dev.hone.cli;

import dev.hone.run.Versions;
import java.util.Map;
import java.util.UUID;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.TypeConversionException;

/** {@code hone}. */
@Command(
        name = "hone",
        description = "Turns a job that a general model does into a small model of your own.",
        mixinStandardHelpOptions = true,
        versionProvider = HoneCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            CheckCommand.class,
            ImportCommand.class,
            TasksCommand.class,
            LoopCommand.class,
            DigestCommand.class,
            TrainCommand.class,
            EvalCommand.class,
            ChatCommand.class,
            ServeCommand.class,
            KeysCommand.class,
            TracesCommand.class,
            AdviseCommand.class,
            ConfigurationCommand.class,
            WatchCommand.class,
            QueueCommand.class,
            LabelsCommand.class,
            ProjectsCommand.class,
            PeopleCommand.class,
            ServeModelCommand.class,
            ModelsCommand.class,
            GateCommand.class,
            LineageCommand.class,
            ForgetCommand.class,
            CanaryCommand.class,
            ModelCommand.class,
            BenchCommand.class,
            DbCommand.class,
            DoctorCommand.class,
            HelpCommand.class,
            GenerateCompletion.class
        })
public final class HoneCommand {
    private HoneCommand() {}

    /** The line of {@code --version}. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            Map<String, String> versions = Versions.current();
            return new String[] {
                "hone %s (libtorch %s, Java %s)"
                        .formatted(versions.get("hone"), versions.get("libtorch"), versions.get("java"))
            };
        }
    }

    /** Runs a command line; returns its exit code. */
    public static int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        return new CommandLine(new HoneCommand())
                .registerConverter(UUID.class, HoneCommand::id)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(new Errors())
                .setExecutionExceptionHandler(new Errors());
    }

    private static UUID id(String text) {
        if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw new TypeConversionException(
                    "[%s] is no id; one looks like [019a2c1e-5b60-7c11-8000-0123456789ab]".formatted(text));
        }
        return UUID.fromString(text);
    }
}
