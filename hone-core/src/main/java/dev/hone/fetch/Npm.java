package dev.hone.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Downloads packages by the user's own npm, which also verifies them. Never installs, and runs no script of a package. */
final class Npm {
    private static final PackageClient.Program NPM = new PackageClient.Program(
            "npm",
            List.of(List.of("npm")),
            "package",
            ".tgz",
            "the npm registry",
            "Node.js with its npm",
            List.of("ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN", "ENETUNREACH"));

    private final PackageClient client;

    /**
     * @param environment of the child process; its {@code PATH} is where npm is looked for
     * @param patience after which a download is given up
     */
    Npm(Map<String, String> environment, Duration patience) {
        client = new PackageClient(NPM, environment, patience);
    }

    /**
     * Downloads one package's archive.
     *
     * @param source which; progress is told its size, if that is known
     * @param room an empty folder for it, and for all else that npm writes
     */
    Path download(Source.Npm source, Path room, Part.Progress progress) throws IOException {
        Path folder = Files.createDirectory(room.resolve("package"));
        List<String> arguments = List.of(
                "pack",
                "--loglevel=error",
                "--ignore-scripts",
                "--no-update-notifier",
                "--prefix=" + room,
                "--cache=" + room.resolve("cache"),
                "--pack-destination=" + folder,
                source.requirement());
        return client.download(new PackageClient.Download(arguments, folder, source.bytes()), room, progress);
    }
}
