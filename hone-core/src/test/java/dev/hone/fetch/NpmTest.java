package dev.hone.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpmTest {
    private static final String HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    private static final String WORLD = "486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7";
    private static final PinnedFile HELLO_FILE = file("data/hello.txt", HELLO, "package/hello.txt");
    private static final PinnedFile WORLD_FILE = file("data/world.txt", WORLD, "package/raw/world.txt");

    @TempDir
    Path temporary;

    private FakeNpm npm;
    private FileCache cache;

    @BeforeEach
    void prepare() throws IOException {
        npm = new FakeNpm(temporary.resolve("bin"));
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("package/before.bin", new byte[100_000]);
        members.put("package/raw/world.txt", "world".getBytes(UTF_8));
        members.put("package/hello.txt", "hello".getBytes(UTF_8));
        npm.holds(members);
        cache = cache(npm.npm());
    }

    private FileCache cache(Npm with) {
        HubClient unreachable =
                new HubClient(URI.create("http://127.0.0.1:1"), new EnvironmentProxy(Map.of()), Duration.ofSeconds(2));
        return new FileCache(temporary.resolve("cache"), unreachable, new Pip(Map.of(), Duration.ofSeconds(1)), with);
    }

    private static PinnedFile file(String name, String sha256, String member) {
        return new PinnedFile(name, sha256, 1_000, List.of(new Source.Npm("thing", "1.0.0", member, -1)));
    }

    @Test
    void membersOfOnePackageNeedOneDownloadAndAWarmCacheNone() throws IOException {
        List<Path> paths = cache.fetch(List.of(HELLO_FILE, WORLD_FILE), FetchListener.SILENT);
        assertEquals("hello", Files.readString(paths.get(0)));
        assertEquals("world", Files.readString(paths.get(1)));
        cache.fetch(List.of(HELLO_FILE, WORLD_FILE), FetchListener.SILENT);
        assertEquals(1, npm.calls().lines().count());
        assertEquals(
                "npm package thing@1.0.0: package/hello.txt",
                cache.stamp(HELLO_FILE).orElseThrow().origin());
        assertFalse(Files.exists(cache.folder().resolve("scratch")), "no scratch folder stays");
    }

    @Test
    void npmOnlyPacksAndRunsNoScript() throws IOException {
        cache.fetch(HELLO_FILE, FetchListener.SILENT);
        String call = npm.calls();
        assertTrue(call.startsWith("pack ") && call.contains(" --ignore-scripts "), call);
        assertTrue(call.endsWith(" thing@1.0.0\n"), call);
    }

    @Test
    void aFileWithAnotherHashNeverAppears() {
        FetchException e = refused(file("data/hello.txt", WORLD, "package/hello.txt"));
        assertTrue(e.getMessage().contains("SHA-256 is [" + HELLO + "], expected [" + WORLD + "]"), e.getMessage());
        assertFalse(Files.exists(cache.folder().resolve("data/hello.txt")));
    }

    @Test
    void whatIsNotThereOrTooLargeOrNoFileIsRefused() throws IOException {
        assertSays("no file [package/none.txt] among its [3] entries", file("x", HELLO, "package/none.txt"));
        assertSays("larger than the [1000] bytes", file("x", HELLO, "package/before.bin"));
        npm.holdsLink("package/hello.txt", "/etc/hostname");
        assertSays("[package/hello.txt] in the package is no regular file", HELLO_FILE);
    }

    @Test
    void pathsOutsideAreNeitherNamedNorWritten() throws IOException {
        assertThrows(IllegalArgumentException.class, () -> file("x", HELLO, "../../evil"));
        assertThrows(IllegalArgumentException.class, () -> new Source.Npm("-thing", "1.0.0", "package/x", -1));
        assertThrows(IllegalArgumentException.class, () -> new Source.Npm("file:/x", "1.0.0", "package/x", -1));
        assertThrows(IllegalArgumentException.class, () -> new Source.Npm("thing", "latest", "package/x", -1));
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("../../evil", new byte[1]);
        members.put("package/hello.txt", "hello".getBytes(UTF_8));
        npm.holds(members);
        cache.fetch(HELLO_FILE, FetchListener.SILENT);
        try (Stream<Path> all = Files.walk(temporary)) {
            assertTrue(all.noneMatch(path -> path.endsWith("evil")));
        }
    }

    @Test
    void aTruncatedOrForeignArchiveIsRefused() throws IOException {
        byte[] noise = new byte[200_000];
        new Random(1).nextBytes(noise);
        npm.holds(Map.of("package/before.bin", noise));
        byte[] whole = Files.readAllBytes(npm.archive);
        Files.write(npm.archive, Arrays.copyOf(whole, whole.length / 2));
        assertSays("is not a readable tar.gz", HELLO_FILE);
        Files.writeString(npm.archive, "no archive");
        assertSays("is not a readable tar.gz", HELLO_FILE);
    }

    @Test
    void anArchiveThatInflatesWithoutEndIsRefused() throws IOException {
        npm.holds(Map.of("package/before.bin", new byte[5_000_000]));
        FetchException e = assertThrows(
                FetchException.class,
                () -> new Tarball(npm.archive, 1_000_000)
                        .extract("package/hello.txt", temporary.resolve("part"), 1_000));
        assertTrue(e.getMessage().contains("holds more than [1000000] bytes"), e.getMessage());
    }

    @Test
    void noNetworkAndNoNpmAreSaid() throws IOException {
        Files.delete(npm.archive);
        assertSays("the npm registry cannot be reached: no network?", HELLO_FILE);
        Path empty = Files.createDirectories(temporary.resolve("empty"));
        cache = cache(new Npm(Map.of("PATH", empty.toString()), Duration.ofSeconds(1)));
        assertSays("no npm to download a package with: no npm on PATH [" + empty + "]; install Node.js", HELLO_FILE);
    }

    @Test
    void whatIsSaidAtTheEndIsHeard() throws IOException {
        Path loud = Files.createDirectories(temporary.resolve("loud"));
        FakePip.script(
                loud,
                "npm",
                "[ \"$1\" = --version ] && exit 0\n/usr/bin/yes | /usr/bin/head -c 1000000\necho ENOTFOUND\nexit 1\n");
        cache = cache(new Npm(Map.of("PATH", loud.toString()), Duration.ofMinutes(1)));
        assertSays("the npm registry cannot be reached: no network?", HELLO_FILE);
    }

    @Test
    void anNpmThatHangsIsGivenUp() throws IOException {
        Path slow = Files.createDirectories(temporary.resolve("slow"));
        FakePip.script(slow, "npm", "[ \"$1\" = --version ] && exit 0\n/bin/sleep 60\n");
        cache = cache(new Npm(Map.of("PATH", slow.toString()), Duration.ofMillis(300)));
        assertSays("did not end within [PT0.3S]", HELLO_FILE);
    }

    private FetchException refused(PinnedFile file) {
        return assertThrows(FetchException.class, () -> cache.fetch(file, FetchListener.SILENT));
    }

    private void assertSays(String expected, PinnedFile file) {
        String message = refused(file).getMessage();
        assertTrue(message.contains(expected), message);
    }
}
