package dev.hone.fetch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** An {@code npm} that copies an archive from a folder, and notes how it was asked to. */
final class FakeNpm {
    final Path home;
    final Path archive;

    FakeNpm(Path home) throws IOException {
        this.home = Files.createDirectories(home);
        this.archive = home.resolve("thing-1.0.0.tgz");
        FakePip.script(home, "npm", """
            if [ "$1" = "--version" ]; then echo 99; exit 0; fi
            echo "$@" >> %1$s/calls
            for word in "$@"; do case $word in --pack-destination=*) to=${word#*=};; esac; done
            [ -f %2$s ] || { echo "npm error code ENOTFOUND"; exit 1; }
            exec /bin/cp %2$s "$to"
            """.formatted(home, archive));
    }

    void holds(Map<String, byte[]> members) throws IOException {
        try (TarArchiveOutputStream tar = open()) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(member.getKey(), true);
                entry.setSize(member.getValue().length);
                put(tar, entry, member.getValue());
            }
        }
    }

    void holdsLink(String name, String target) throws IOException {
        try (TarArchiveOutputStream tar = open()) {
            TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            entry.setLinkName(target);
            put(tar, entry, new byte[0]);
        }
    }

    private TarArchiveOutputStream open() throws IOException {
        OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive));
        return new TarArchiveOutputStream(out);
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, byte[] content) throws IOException {
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    String calls() throws IOException {
        Path calls = home.resolve("calls");
        return Files.exists(calls) ? Files.readString(calls) : "";
    }

    Npm npm() {
        return new Npm(Map.of("PATH", home.toString()), Duration.ofSeconds(30));
    }
}
