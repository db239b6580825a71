package dev.hone.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.api.TinyByteModel;
import dev.hone.capture.ConfigurationCodec;
import dev.hone.capture.TrustedProxies;
import dev.hone.capture.gateway.CallCodec;
import dev.hone.capture.gateway.EdgePages;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.fetch.FetchListener;
import dev.hone.record.CapturedCall;
import dev.hone.record.ConfigurationText;
import dev.hone.run.LoadedModel;
import dev.hone.store.Database;
import dev.hone.web.site.Pages;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All that {@code hone serve} runs, but for a database: that one is away. */
@Timeout(60)
final class ProductionTest {
    private static final String CHARTER = """
            name: job
            owner: Ada
            job: Answers.
            good: {kind: string_check, operation: eq}
            viewers: [everyone]
            variants: {live: {upstream: tiny, model: %s}}
            """;

    @TempDir
    Path folder;

    private final List<String> notices = new CopyOnWriteArrayList<>();
    private final List<CapturedCall.Facts> calls = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private Production production;

    @BeforeEach
    void open() throws Exception {
        Path model = TinyByteModel.write(folder.resolve("model"));
        Files.writeString(
                folder.resolve("hone.yaml"),
                "port: 0\nmodels: {tiny: {version: '%s', rows: 4}, gone: {version: nowhere}}\n".formatted(model));
        Files.createDirectories(folder.resolve("use-cases"));
        charter("other");
        production = new Production(
                new ServeFiles(folder.resolve("hone.yaml"), folder.resolve("use-cases"), Map.of(), new OwnPlaces()),
                folder.resolve("home"),
                ProductionTest::away,
                (version, database) -> LoadedModel.open(version, FetchListener.SILENT),
                pages(),
                notices::add);
        production.observe(calls::add);
    }

    @AfterEach
    void close() throws IOException {
        production.close();
        http.close();
    }

    private EdgePages pages() {
        return new Pages(
                        folder.resolve("runs"),
                        () -> new Pages.Declared(List.of(), Map.of(), TrustedProxies.NONE),
                        InstantSource.system(),
                        notices::add)
                .handler();
    }

    private static Database away() {
        throw new IllegalStateException("nobody is there");
    }

    private void charter(String model) throws IOException {
        Files.writeString(folder.resolve("use-cases/job.yaml"), CHARTER.formatted(model));
    }

    private void await(BooleanSupplier what) throws InterruptedException {
        for (int i = 0; i < 1500 && !what.getAsBoolean(); i++) {
            Thread.sleep(20);
        }
        assertTrue(what.getAsBoolean(), notices.toString());
    }

    private HttpResponse<String> ask() throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(production.server().url() + "/chat/completions"))
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"model\":\"use-case/job\",\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private boolean told(String what) {
        return notices.stream().anyMatch(notice -> notice.contains(what));
    }

    /** A model of Hone's own answers, files that change are followed, and a database that is away is told once and waited for. */
    @Test
    void itServesItsOwnModelsAndFollowsItsFilesWithoutADatabase() throws Exception {
        await(() -> told("[tiny] answers"));
        await(() -> told("[gone] of [nowhere] cannot be served"));
        await(production::isReady);
        assertEquals(404, ask().statusCode(), "the model's name there is another");
        charter("tiny");
        await(() -> told("followed from here on"));
        HttpResponse<String> answer = ask();
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(4, calls.getLast().usage().completion());
        assertTrue(!calls.getFirst()
                .origin()
                .configuration()
                .equals(calls.getLast().origin().configuration()));
        Files.writeString(folder.resolve("use-cases/job.yaml"), "name: [");
        await(() -> told("cannot be followed"));
        assertEquals(200, ask().statusCode(), "what the files said before goes on");
        assertEquals(3, calls.size());
        assertEquals(
                1,
                notices.stream()
                        .filter(notice -> notice.contains("nobody is there"))
                        .count());
        assertTrue(figure("hone_journal_undrained_bytes") > 500, "three calls wait in the journal");
        assertTrue(figure("hone_journal_behind_seconds") > 0.01);
    }

    /** What the files say, and say later, is in the journal before the calls that follow it, without what is a secret. */
    @Test
    void whatTheFilesSayGoesTheWayOfTheCalls() throws Exception {
        await(production::isReady);
        String secret = "sk-" + "a1B2".repeat(8);
        Files.writeString(
                folder.resolve("use-cases/job.yaml"), CHARTER.formatted("tiny") + "# was %s\n".formatted(secret));
        await(() -> told("followed from here on"));
        assertEquals(200, ask().statusCode());
        production.close();
        List<byte[]> records;
        try (Journal journal = Journal.open(folder.resolve("home/journal"), Journal.Options.STANDARD)) {
            records = journal.read(Position.START, Long.MAX_VALUE).records();
        }
        assertEquals(3, records.size());
        ConfigurationText begun = ConfigurationCodec.decode(records.getFirst());
        ConfigurationText then = ConfigurationCodec.decode(records.get(1));
        CapturedCall.Facts facts = CallCodec.decode(records.getLast()).facts();
        assertEquals(facts.origin().configuration(), then.hash());
        assertEquals(production.begun().configuration().hash(), begun.hash());
        assertEquals(
                List.of("hone.yaml", "job.yaml"),
                then.files().stream().map(ConfigurationText.File::name).toList());
        assertEquals(CHARTER.formatted("other"), begun.files().getLast().text());
        assertEquals(
                CHARTER.formatted("tiny") + "# was <SECRET_1>\n",
                then.files().getLast().text());
    }

    private double figure(String name) throws Exception {
        String metrics = http.send(
                        HttpRequest.newBuilder(
                                        URI.create(production.server().url()).resolve("/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(metrics));
    }

    @Test
    void aPortThatIsTakenIsSaidAndNothingIsLeftOpen() throws Exception {
        int port = URI.create(production.server().url()).getPort();
        Files.writeString(folder.resolve("hone.yaml"), "port: %d\nmodels: {tiny: {version: x}}\n".formatted(port));
        charter("tiny");
        ServeFiles files =
                new ServeFiles(folder.resolve("hone.yaml"), folder.resolve("use-cases"), Map.of(), new OwnPlaces());
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new Production(
                                files,
                                folder.resolve("second"),
                                ProductionTest::away,
                                (version, database) -> LoadedModel.open(version, FetchListener.SILENT),
                                pages(),
                                notices::add))
                .getMessage();
        assertTrue(message.contains(String.valueOf(port)), message);
    }
}
