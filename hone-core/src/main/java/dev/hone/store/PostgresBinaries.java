package dev.hone.store;

import dev.hone.file.Durable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Properties;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once from the class path; the folder appears whole or not at all. */
record PostgresBinaries(Path folder) {
    /** @param home where Hone keeps things; nobody else unpacks there meanwhile */
    static PostgresBinaries unpacked(Path home) throws IOException {
        String platform = "linux-" + (System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64");
        Path folder = home.resolve("postgres").resolve(version() + "-" + platform);
        if (Files.isDirectory(folder)) {
            return new PostgresBinaries(folder);
        }
        Files.createDirectories(folder.resolveSibling(""));
        Path part = folder.resolveSibling(folder.getFileName() + ".part");
        Durable.delete(part);
        try (InputStream packed = PostgresBinaries.class.getResourceAsStream("/postgres-" + platform + ".txz")) {
            if (packed == null) {
                throw new StoreException("PostgreSQL is not bundled for [%s]: set HONE_DB_URL to a PostgreSQL of yours"
                        .formatted(platform));
            }
            unpack(packed, part);
        }
        Durable.publish(part, folder);
        return new PostgresBinaries(folder);
    }

    /** Of the bundled PostgreSQL, for instance {@code 18.1.0}. */
    static String version() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = PostgresBinaries.class.getResourceAsStream("postgres.properties")) {
            properties.load(in);
        }
        return properties.getProperty("version");
    }

    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    private static void unpack(InputStream packed, Path folder) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(packed, 1 << 16)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException(
                            "The archive has a path outside of its folder [%s]".formatted(entry.getName()));
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.resolveSibling(""));
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
                    boolean executable = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
                    if (executable || target.startsWith(folder.resolve("lib"))) {
                        Durable.force(target);
                    }
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw new IOException("The archive has [%s] twice".formatted(e.getFile()), e);
        }
    }
}
