package dev.hone.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCacheTest {
    private static final String HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    private static final String WORLD = "486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7";

    @TempDir
    Path temporary;

    private FakePip pip;
    private FileCache cache;
    private final List<String> notices = new ArrayList<>();
    private final FetchListener listener = new FetchListener() {
        @Override
        public void notice(String message) {
            notices.add(message);
        }
    };

    @BeforeEach
    void prepare() throws IOException {
        pip = new FakePip(temporary.resolve("bin"));
        pip.holds(Map.of("a/hello.txt", "hello".getBytes(UTF_8), "a/world.txt", "world".getBytes(UTF_8)));
        cache = cache(pip.pip());
    }

    private FileCache cache(Pip with) {
        HubClient unreachable =
                new HubClient(URI.create("http://127.0.0.1:1"), new EnvironmentProxy(Map.of()), Duration.ofSeconds(2));
        Npm none = new Npm(Map.of(), Duration.ofSeconds(1));
        return new FileCache(temporary.resolve("cache"), unreachable, with, none);
    }

    private static PinnedFile wheel(String name, String sha256, String member) {
        return new PinnedFile(name, sha256, List.of(new Source.Wheel("thing", "1.0", member)));
    }

    private static final PinnedFile HELLO_FILE = wheel("data/hello.txt", HELLO, "a/hello.txt");
    private static final PinnedFile WORLD_FILE = wheel("data/world.txt", WORLD, "a/world.txt");

    @Test
    void membersOfOneWheelNeedOneDownloadAndAWarmCacheNone() throws IOException {
        List<Path> paths = cache.fetch(List.of(HELLO_FILE, WORLD_FILE), listener);
        assertEquals("hello", Files.readString(paths.get(0)));
        assertEquals("world", Files.readString(paths.get(1)));
        assertEquals(1, pip.calls());
        assertEquals(paths, cache.fetch(List.of(HELLO_FILE, WORLD_FILE), listener));
        assertEquals(1, pip.calls());
        assertEquals(
                "PyPI wheel thing==1.0: a/hello.txt",
                cache.stamp(HELLO_FILE).orElseThrow().origin());
        try (Stream<Path> left = Files.list(cache.folder())) {
            assertEquals(
                    List.of(".lock", "data"),
                    left.map(path -> path.getFileName().toString()).sorted().toList(),
                    "no scratch folder stays");
        }
    }

    @Test
    void pipNeverBuildsNorInstalls() throws IOException {
        cache.fetch(HELLO_FILE, listener);
        String call = Files.readString(pip.home.resolve("calls"));
        assertTrue(call.startsWith("download ") && call.contains("--no-deps --only-binary=:all:"), call);
    }

    @Test
    void aFileWithAnotherHashNeverAppears() {
        PinnedFile wrong = wheel("data/hello.txt", WORLD, "a/hello.txt");
        FetchException e = assertThrows(FetchException.class, () -> cache.fetch(wrong, listener));
        assertTrue(e.getMessage().contains("SHA-256 is [" + HELLO + "], expected [" + WORLD + "]"), e.getMessage());
        assertTrue(e.getMessage().contains("put the file at [" + cache.path(wrong) + "] by hand"), e.getMessage());
        assertFalse(Files.exists(cache.path(wrong)));
        assertFalse(Files.exists(cache.folder().resolve("data/hello.txt.part")));
    }

    @Test
    void aDamagedFileIsNamedAndFetchedAgain() throws IOException {
        Path path = cache.fetch(HELLO_FILE, listener);
        Files.writeString(path, "jello");
        assertTrue(cache.stamp(HELLO_FILE).isEmpty());
        cache.fetch(HELLO_FILE, listener);
        assertEquals("hello", Files.readString(path));
        assertEquals(2, pip.calls());
        assertTrue(notices.getFirst().contains("[" + path + "] is damaged"), notices.toString());
    }

    @Test
    void aTruncatedFileIsFetchedAgain() throws IOException {
        Path path = cache.fetch(HELLO_FILE, listener);
        Files.writeString(path, "hell");
        cache.fetch(HELLO_FILE, listener);
        assertEquals("hello", Files.readString(path));
    }

    @Test
    void aStampSparesHashingWhileSizeAndTimeAgree() throws IOException {
        Path path = cache.fetch(HELLO_FILE, listener);
        FileTime time = Files.getLastModifiedTime(path);
        Files.writeString(path, "jello", StandardOpenOption.WRITE);
        Files.setLastModifiedTime(path, time);
        cache.fetch(HELLO_FILE, listener);
        assertEquals("jello", Files.readString(path), "same size and time: trusted without reading it");
    }

    @Test
    void aFilePutByHandIsTaken() throws IOException {
        Path path = cache.path(HELLO_FILE);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "hello");
        assertEquals(path, cache.fetch(HELLO_FILE, listener));
        assertEquals(0, pip.calls());
        assertEquals("put there by hand", cache.stamp(HELLO_FILE).orElseThrow().origin());
    }

    @Test
    void theFirstFetchOfAnUnknownHashBindsTheLaterOnes() throws IOException {
        List<Source> sources = List.of(new Source.Wheel("thing", "1.0", "a/hello.txt"));
        PinnedFile open = new PinnedFile("m/hello.txt", null, 100, sources);
        Path path = cache.fetch(open, listener);
        assertEquals(HELLO, cache.stamp(open).orElseThrow().sha256());
        Files.delete(path);
        pip.holds(Map.of("a/hello.txt", "jello".getBytes(UTF_8)));
        FetchException e = assertThrows(FetchException.class, () -> cache.fetch(open, listener));
        assertTrue(e.getMessage().contains("the first fetch had [" + HELLO + "]"), e.getMessage());
        assertFalse(Files.exists(path));
    }

    @Test
    void sourcesAreTriedInOrderAndAllFailuresAreTold() throws IOException {
        Source hub = new Source.Hub("a/b", "main", "hello.txt");
        Source none = new Source.Wheel("thing", "1.0", "a/none.txt");
        Source good = new Source.Wheel("thing", "1.0", "a/hello.txt");
        assertEquals(
                "hello", Files.readString(cache.fetch(new PinnedFile("x", HELLO, List.of(hub, none, good)), listener)));
        FetchException e = assertThrows(
                FetchException.class, () -> cache.fetch(new PinnedFile("y", HELLO, List.of(hub, none)), listener));
        assertTrue(e.getMessage().contains("[127.0.0.1] cannot be reached: no network?"), e.getMessage());
        assertTrue(e.getMessage().contains("no file [a/none.txt] among its [2] entries"), e.getMessage());
    }

    @Test
    void membersOutsideTheFolderAreNeitherNamedNorWritten() throws IOException {
        assertThrows(IllegalArgumentException.class, () -> wheel("data/hello.txt", HELLO, "../../evil"));
        assertThrows(IllegalArgumentException.class, () -> wheel("../evil", HELLO, "a/hello.txt"));
        assertThrows(IllegalArgumentException.class, () -> wheel("/evil", HELLO, "a/hello.txt"));
        pip.holds(Map.of("../../evil", new byte[1], "a/hello.txt", "hello".getBytes(UTF_8)));
        cache.fetch(HELLO_FILE, listener);
        try (Stream<Path> all = Files.walk(temporary)) {
            assertTrue(all.noneMatch(path -> path.endsWith("evil")));
        }
    }

    @Test
    void aMemberThatIsTooLargeIsRefused() throws IOException {
        pip.holds(Map.of("a/hello.txt", new byte[5_000_000]));
        PinnedFile small = new PinnedFile(
                "data/hello.txt", HELLO, 1_000, List.of(new Source.Wheel("thing", "1.0", "a/hello.txt")));
        FetchException e = assertThrows(FetchException.class, () -> cache.fetch(small, listener));
        assertTrue(e.getMessage().contains("larger than the [1000] bytes"), e.getMessage());
    }

    @Test
    void aTruncatedWheelIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(pip.wheel);
        Files.write(pip.wheel, Arrays.copyOf(whole, whole.length / 2));
        FetchException e = assertThrows(FetchException.class, () -> cache.fetch(HELLO_FILE, listener));
        assertTrue(e.getMessage().contains("is not a readable zip"), e.getMessage());
    }

    @Test
    void noNetworkForPipIsSaidAndEndsTheFetch() throws IOException {
        Files.delete(pip.wheel);
        FetchException e =
                assertThrows(FetchException.class, () -> cache.fetch(List.of(HELLO_FILE, WORLD_FILE), listener));
        assertTrue(e.getMessage().contains("PyPI cannot be reached: no network?"), e.getMessage());
        assertEquals(1, pip.calls());
    }

    @Test
    void aFullDiskIsSaidWithWhereItIs() throws IOException {
        FakePip full = new FakePip(temporary.resolve("full"));
        full.script(
                "pip",
                "[ \"$1\" = --version ] && exit 0\necho 'ERROR: [Errno 28] No space left on device: wheel'\nexit 1\n");
        FetchException e =
                assertThrows(FetchException.class, () -> cache(full.pip()).fetch(HELLO_FILE, listener));
        assertTrue(e.getMessage().contains("cache/scratch"), e.getMessage());
        assertTrue(e.getMessage().contains("is full: make room, or set HONE_HOME to another folder)"), e.getMessage());
    }

    @Test
    void aWheelOfKnownSizeShowsHowFarItIs() throws IOException {
        long bytes = Files.size(pip.wheel);
        PinnedFile file = new PinnedFile(
                "data/hello.txt", HELLO, 1_000, List.of(new Source.Wheel("thing", "1.0", "a/hello.txt", bytes)));
        List<Long> seen = new ArrayList<>();
        Files.createFile(pip.gate);
        cache.fetch(file, new FetchListener() {
            @Override
            public void progress(PinnedFile of, long soFar, long total) {
                assertEquals(bytes, total);
                seen.add(soFar);
                open(pip.gate);
            }
        });
        assertEquals(bytes, seen.getLast());
        assertTrue(seen.size() > 1 && seen.getFirst() < bytes, seen.toString());
    }

    private static void open(Path gate) {
        try {
            Files.deleteIfExists(gate);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void withoutPipItSaysWhatItLookedFor() throws IOException {
        Path bin = temporary.resolve("none");
        FakePip broken = new FakePip(bin);
        Files.delete(bin.resolve("pip"));
        broken.script("python3", "exit 1\n");
        FetchException e =
                assertThrows(FetchException.class, () -> cache(broken.pip()).fetch(HELLO_FILE, listener));
        String expected = "no pip, no pip3, %s/python3 -m pip --version fails on PATH [%s]; install Python's pip"
                .formatted(bin, bin);
        assertTrue(e.getMessage().contains(expected), e.getMessage());
    }

    @Test
    void pipAsAModuleOfPythonServesToo() throws IOException {
        FakePip module = new FakePip(temporary.resolve("module"));
        Files.copy(pip.wheel, module.wheel);
        Files.move(module.home.resolve("pip"), module.home.resolve("real"));
        module.script("python3", "shift 2\nexec " + module.home.resolve("real") + " \"$@\"\n");
        assertEquals("hello", Files.readString(cache(module.pip()).fetch(HELLO_FILE, listener)));
    }

    @Test
    void aPipThatHangsIsGivenUpWithItsChildren() throws IOException {
        FakePip slow = new FakePip(temporary.resolve("slow"));
        slow.script("pip", "[ \"$1\" = --version ] && exit 0\n/bin/sleep 60\n");
        Pip impatient = new Pip(Map.of("PATH", slow.home.toString()), Duration.ofMillis(300));
        FetchException e =
                assertThrows(FetchException.class, () -> cache(impatient).fetch(HELLO_FILE, listener));
        assertTrue(e.getMessage().contains("did not end within [PT0.3S]"), e.getMessage());
    }

    @Test
    void manyAtOnceFetchOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Callable<Path> fetch = () -> cache(pip.pip()).fetch(HELLO_FILE, FetchListener.SILENT);
            for (Future<Path> done : threads.invokeAll(List.of(fetch, fetch, fetch, fetch))) {
                assertEquals("hello", Files.readString(done.get()));
            }
        }
        assertEquals(1, pip.calls());
    }

    @Test
    void manyProcessesAtOnceFetchOnce() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Path log = temporary.resolve("log" + i);
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            FetchProcess.class.getName(),
                            temporary.resolve("cache").toString(),
                            pip.home.toString(),
                            HELLO)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start());
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(0, processes.get(i).waitFor(), Files.readString(temporary.resolve("log" + i)));
        }
        assertEquals(1, pip.calls());
        assertEquals("hello", Files.readString(cache.path(HELLO_FILE)));
    }

    /** A process that fetches one file. */
    static final class FetchProcess {
        private FetchProcess() {}

        public static void main(String[] arguments) throws IOException {
            FileCache cache = new FileCache(
                    Path.of(arguments[0]),
                    new HubClient(
                            URI.create("http://127.0.0.1:1"), new EnvironmentProxy(Map.of()), Duration.ofSeconds(2)),
                    new Pip(Map.of("PATH", arguments[1]), Duration.ofSeconds(30)),
                    new Npm(Map.of(), Duration.ofSeconds(1)));
            cache.fetch(wheel("data/hello.txt", arguments[2], "a/hello.txt"), FetchListener.SILENT);
        }
    }

    @Test
    void whatAKilledProcessLeftIsCleared() throws IOException {
        Path left = Files.createDirectories(cache.folder().resolve("scratch/wheel1/wheel"));
        Files.writeString(left.resolve("half.whl"), "x");
        cache.fetch(HELLO_FILE, listener);
        assertFalse(Files.exists(cache.folder().resolve("scratch")));
    }

    @Test
    void theEnvironmentNamesTheFolder() {
        assertEquals(
                temporary,
                FileCache.of(Map.of("HONE_HOME", temporary.toString())).folder());
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> FileCache.of(Map.of("HF_ENDPOINT", "hub.example")));
        assertTrue(e.getMessage().contains("HF_ENDPOINT is [hub.example]; expected"), e.getMessage());
        assertTrue(FileCache.of(Map.of("HF_ENDPOINT", "http://[::1]:80/x"))
                .folder()
                .isAbsolute());
        assertTrue(FileCache.of(Map.of()).folder().endsWith(Path.of(".cache", "hone")));
    }
}
