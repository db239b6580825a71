package dev.hone.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.TrustedProxies;
import dev.hone.store.Database;
import dev.hone.web.site.Pages;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Records that the database did not take say what calls say: where {@code hone serve} keeps calls for a month, it keeps these no longer. */
@Timeout(120)
final class RejectedRetentionTest {
    @TempDir
    Path folder;

    private final List<String> notices = new CopyOnWriteArrayList<>();

    private void aside(String name, int days) throws IOException {
        Path rejected = Files.createDirectories(folder.resolve("home/journal/rejected"));
        Path file = Files.writeString(rejected.resolve(name + ".record"), "a call");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(days))));
    }

    private List<String> aside() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("home/journal/rejected"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Database open() {
        return Database.open(Map.of(), folder.resolve("home"), text -> {});
    }

    private static String metrics(Production production) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(
                                            URI.create(production.server().url())
                                                    .resolve("/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void whatWasPutAsideStaysNoLongerThanWhatCallsSay() throws Exception {
        Files.writeString(
                folder.resolve("hone.yaml"),
                "port: 0\nupstreams: {house: {url: 'http://127.0.0.1:1/v1'}}\nretention: {content: 30d, facts: 400d}\n");
        aside("older", 31);
        aside("younger", 29);
        try (Production production = new Production(
                new ServeFiles(folder.resolve("hone.yaml"), folder.resolve("use-cases"), Map.of(), new OwnPlaces()),
                folder.resolve("home"),
                this::open,
                (version, database) -> {
                    throw new IllegalStateException("no model is asked for");
                },
                new Pages(
                                folder.resolve("runs"),
                                () -> new Pages.Declared(List.of(), Map.of(), TrustedProxies.NONE),
                                InstantSource.system(),
                                notices::add)
                        .handler(),
                notices::add)) {
            for (int i = 0; i < 3_000 && aside().size() > 1; i++) {
                Thread.sleep(20);
            }
            assertEquals(List.of("younger.record"), aside(), notices.toString());
            // It is counted when all that is to go has gone.
            String metrics = metrics(production);
            for (int i = 0; i < 1_500 && !metrics.contains("\nhone_aside_removed 1.0"); i++) {
                Thread.sleep(20);
                metrics = metrics(production);
            }
            assertTrue(metrics.contains("\nhone_aside_removed 1.0"), metrics);
        }
    }
}
