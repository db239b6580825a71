package dev.hone.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A {@code pip} that copies a wheel from a folder, and counts how often it was asked to. */
final class FakePip {
    final Path home;
    final Path wheel;

    /** While this file exists, a download is not at its end. */
    final Path gate;

    FakePip(Path home) throws IOException {
        this.home = Files.createDirectories(home);
        this.wheel = home.resolve("thing-1.0-py3-none-any.whl");
        this.gate = home.resolve("gate");
        script("pip", """
            if [ "$1" = "--version" ]; then echo pip 99; exit 0; fi
            echo "$@" >> %1$s/calls
            while [ "$1" != "--dest" ]; do shift; done
            [ -f %2$s ] || { echo "ERROR: No matching distribution: NameResolutionError"; exit 1; }
            /bin/sleep 0.2
            while [ -e %3$s ]; do /bin/sleep 0.05; done
            exec /bin/cp %2$s "$2"
            """.formatted(home, wheel, gate));
    }

    void script(String name, String body) throws IOException {
        script(home, name, body);
    }

    static void script(Path home, String name, String body) throws IOException {
        Path script = Files.writeString(home.resolve(name), "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    void holds(Map<String, byte[]> members) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                zip.putNextEntry(new ZipEntry(member.getKey()));
                zip.write(member.getValue());
            }
        }
    }

    long calls() throws IOException {
        Path calls = home.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    Pip pip() {
        return new Pip(Map.of("PATH", home.toString()), Duration.ofSeconds(30));
    }
}
