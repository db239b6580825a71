package dev.hone.load;

import dev.hone.Main;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How {@code ./hone} starts the command line: with the options that stand in it, on the classes of this build. */
final class Launcher {
    private static final String BEGINNING = "exec \"$jdk/bin/java\"";

    private Launcher() {}

    /** The project's folder, of which this class is. */
    private static Path project() {
        Path classes;
        try {
            classes = Path.of(Launcher.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        for (Path folder = classes; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("hone"))) {
                return folder;
            }
        }
        throw new IllegalStateException("[%s] is not in the project".formatted(classes));
    }

    /** The virtual machine's options in the launcher, for one of its commands. */
    static List<String> options(String command) throws IOException {
        String text = Files.readString(project().resolve("hone"));
        int from = text.lastIndexOf(BEGINNING);
        int to = text.indexOf("-cp ", from);
        Matcher memory = Pattern.compile("(?m)^ *%s\\) memory=\".*:-(-.*)}(.*)\" ;;$".formatted(command))
                .matcher(text);
        if (from < 0 || to < 0 || !text.contains("memory=")) {
            throw new IllegalStateException("The launcher does not start java as it did: [%s]".formatted(BEGINNING));
        }
        return List.of(text.substring(from + BEGINNING.length(), to)
                .replace("$memory", memory.find() ? memory.group(1) + memory.group(2) : "")
                .replace("\\\n", " ")
                .strip()
                .split("\\s+"));
    }

    /** A command of Hone as a process. */
    static List<String> command(List<String> more, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options(arguments[0]));
        command.addAll(more);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
