package dev.hone.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands one after the other in one process, with a home of its own: a virtual machine starts slowly. */
public final class HoneScript {
    private static final String THEN = "--then";
    private static final String EXIT = "== exit ";

    private HoneScript() {}

    public static void main(String[] arguments) {
        List<String> command = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.equals(THEN)) {
                System.out.println(EXIT + HoneCommand.run(command.toArray(String[]::new)));
                command.clear();
            } else {
                command.add(argument);
            }
        }
    }

    /**
     * What a command did.
     *
     * @param out standard output
     */
    public record Outcome(int exit, String out) {
        /** The object of {@code --json}. */
        public String last() {
            return out.lines().reduce((a, b) -> b).orElse("");
        }
    }

    /** Starts commands; standard error goes to a file. */
    public static Process start(Path home, Path errors, List<List<String>> commands) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                HoneScript.class.getName()));
        for (List<String> command : commands) {
            line.addAll(command);
            line.add(THEN);
        }
        ProcessBuilder builder = new ProcessBuilder(line).redirectError(errors.toFile());
        builder.environment().put("HONE_HOME", home.toString());
        builder.environment().remove("HONE_DB_URL");
        return builder.start();
    }

    /** What a started process did, command by command. */
    public static List<Outcome> outcomes(Process process) throws IOException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<Outcome> outcomes = new ArrayList<>();
        StringBuilder out = new StringBuilder();
        for (String line : output.lines().toList()) {
            if (line.startsWith(EXIT)) {
                outcomes.add(new Outcome(Integer.parseInt(line.substring(EXIT.length())), out.toString()));
                out.setLength(0);
            } else {
                out.append(line).append('\n');
            }
        }
        return outcomes;
    }

    /** Runs commands to their ends. */
    public static List<Outcome> run(Path home, Path errors, List<List<String>> commands) throws IOException {
        List<Outcome> outcomes = outcomes(start(home, errors, commands));
        if (outcomes.size() != commands.size()) {
            throw new IOException("[%d] of [%d] commands ended: %s"
                    .formatted(outcomes.size(), commands.size(), Files.readString(errors)));
        }
        return outcomes;
    }
}
