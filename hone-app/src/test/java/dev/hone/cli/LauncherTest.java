package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./hone} gives the virtual machine, as a JDK sees it that says so and does nothing. */
@Timeout(60)
final class LauncherTest {
    private static final String EXIT = "-XX:+ExitOnOutOfMemoryError";

    @TempDir
    Path folder;

    @BeforeEach
    void build() throws IOException {
        Path target = Files.createDirectories(folder.resolve("hone-app/target"));
        Files.copy(Path.of("..", "hone"), folder.resolve("hone"));
        Files.writeString(target.resolve("launcher.classpath"), "none.jar");
        Files.writeString(folder.resolve("pom.xml"), "");
        Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
        for (String program : List.of("java", "javac")) {
            Files.writeString(bin.resolve(program), "#!/bin/sh\nfor one in \"$@\"; do echo \"$one\"; done\n");
            Files.setPosixFilePermissions(bin.resolve(program), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.writeString(target.resolve("launcher.stamp"), "");
    }

    private List<String> given(String memory, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("sh", folder.resolve("hone").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().remove("HONE_SERVE_MEMORY");
        if (!memory.isEmpty()) {
            builder.environment().put("HONE_SERVE_MEMORY", memory);
        }
        Process process = builder.start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor(), lines::toString);
        int main = lines.indexOf("dev.hone.Main");
        assertEquals(List.of(arguments), lines.subList(main + 1, lines.size()), lines::toString);
        return lines.subList(0, main);
    }

    @Test
    void whatHasAGatewayInItIsBoundedAndEndsWhole() throws Exception {
        for (String[] command :
                new String[][] {{"serve"}, {"demo", "--loop"}, {"demo", "--quick", "--loop", "--json"}}) {
            assertTrue(given("", command).containsAll(List.of("-Xmn512m", "-Xmx2g", EXIT)), command[0]);
            List<String> other = given("-Xmx4g", command);
            assertTrue(other.containsAll(List.of("-Xmx4g", EXIT)) && !other.contains("-Xmx2g"), other::toString);
        }
    }

    @Test
    void othersHaveWhatTheVirtualMachineTakes() throws Exception {
        List<String> demo = given("", "demo", "--quick");
        assertTrue(demo.contains(EXIT), "its threads would wait for one that is gone");
        assertFalse(String.join(" ", demo).contains("-Xm"), demo::toString);
        for (String[] command : new String[][] {{"loop", "support"}, {"check"}, {}}) {
            List<String> other = given("", command);
            assertFalse(other.contains(EXIT) || String.join(" ", other).contains("-Xm"), other::toString);
        }
    }
}
