package dev.hone.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.api.TinyByteModel;
import dev.hone.fetch.FetchListener;
import dev.hone.promote.Promotion;
import dev.hone.promote.Served;
import dev.hone.record.SamplingMode;
import dev.hone.record.Task;
import dev.hone.run.Artifacts;
import dev.hone.run.LoadedModel;
import dev.hone.run.SmallJobs;
import dev.hone.run.UseCase;
import dev.hone.task.ChatJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A registered version, as the gateway's traffic meets it. */
@Timeout(120)
final class VersionServerTest {
    @TempDir
    Path home;

    /** The product sends what it sends to the general model today: its own instruction with all classes, and no word of a format. */
    @Test
    void aVersionOfLabelsAnswersAsItWasTaught() throws Exception {
        UseCase labels = SmallJobs.labels();
        Path run = SmallJobs.learned(labels, TinyByteModel.write(home.resolve("tiny")), home.resolve("run"));
        Served version = new Served("labels", new UUID(1, 1), 1, SmallJobs.kept(home, run));
        OwnVersions.Starting starting = VersionServer.starting(
                new Artifacts(home), folder -> LoadedModel.open(folder.toString(), FetchListener.SILENT), text -> {});
        Task task = labels.data().tasks().getFirst();
        try (OwnVersions.Running running = starting.start(version, new Promotion.Computed(SamplingMode.EXACT, 1, 2))) {
            String label = ask(
                    running,
                    ChatJson.of(labels.product(task))
                            .put("model", version.reference())
                            .toString());
            assertTrue(SmallJobs.LABELS.containsKey(label), label);
        }
    }

    private static String ask(OwnVersions.Running running, String body) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create(running.base() + "/chat/completions"))
                            .header("Content-Type", "application/json")
                            .header("Authorization", "Bearer " + running.key().text())
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, response.statusCode(), response.body());
            return JsonMapper.shared()
                    .readTree(response.body())
                    .at("/choices/0/message/content")
                    .asString();
        }
    }
}
