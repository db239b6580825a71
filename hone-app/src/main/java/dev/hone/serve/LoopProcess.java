package dev.hone.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code hone loop} as a process of its own, on the classes of this one, at a low priority and with the home and the database of this one. It says what it does in
 * {@code loops/loop.log}.
 */
public final class LoopProcess implements LoopStarter.Starting {
    private static final String MAIN = "dev.hone.Main";
    private static final Path NICE = Path.of("/usr/bin/nice");

    /** Its trainings and answers are computed by workers, which have their own. */
    private static final String HEAP = "-Xmx2g";

    private static final String DATABASE = "HONE_DB_";

    /** Beyond that the log begins anew, beside the one before. */
    private static final long LONGEST_LOG = 8 << 20;

    private final Path home;
    private final Path useCases;
    private final Map<String, String> environment;

    /**
     * @param useCases where the charters are
     * @param environment which says where the database is
     */
    public LoopProcess(Path home, Path useCases, Map<String, String> environment) {
        this.home = home;
        this.useCases = useCases;
        this.environment = Map.copyOf(environment);
    }

    /** What rounds that were begun here say. */
    public static Path log(Path home) {
        return home.resolve("loops").resolve("loop.log");
    }

    @Override
    public Process start(String useCase, String why) throws IOException {
        Path log = log(home);
        Files.createDirectories(log.resolveSibling(""));
        if (Files.exists(log) && Files.size(log) > LONGEST_LOG) {
            Files.move(log, log.resolveSibling("loop.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        ProcessBuilder builder = new ProcessBuilder(command(useCase, why))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        settle(builder.environment());
        return builder.start();
    }

    /** Where it finds what this process has. @param own of the process that begins */
    void settle(Map<String, String> own) {
        own.put("HONE_HOME", home.toAbsolutePath().toString());
        own.keySet().removeIf(name -> name.startsWith(DATABASE));
        environment.forEach((name, value) -> {
            if (name.startsWith(DATABASE)) {
                own.put(name, value);
            }
        });
    }

    List<String> command(String useCase, String why) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(NICE)) {
            command.addAll(List.of(NICE.toString(), "-n", "10"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                HEAP,
                "-Dfile.encoding=UTF-8",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                MAIN,
                "loop",
                useCase,
                "--use-cases",
                useCases.toAbsolutePath().toString(),
                "--unattended",
                "--why",
                why));
        return command;
    }
}
