package dev.hone.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code hone loop} as a process of its own, on the classes of this one and at a low priority, that says what it does in {@code loops/loop.log}. */
public final class LoopProcess implements LoopStarter.Starting {
    private static final String MAIN = "dev.hone.Main";
    private static final Path NICE = Path.of("/usr/bin/nice");

    private final Path home;
    private final Path useCases;

    /** @param useCases where the charters are */
    public LoopProcess(Path home, Path useCases) {
        this.home = home;
        this.useCases = useCases;
    }

    @Override
    public Process start(String useCase, String why) throws IOException {
        Path log = Files.createDirectories(home.resolve("loops")).resolve("loop.log");
        return new ProcessBuilder(command(useCase, why))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    List<String> command(String useCase, String why) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(NICE)) {
            command.addAll(List.of(NICE.toString(), "-n", "10"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
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
