package dev.hone.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.hone.api.HttpPeer.Reply;
import dev.hone.capture.access.Secret;
import dev.hone.fetch.FetchListener;
import dev.hone.record.SamplingMode;
import dev.hone.run.LoadedModel;
import dev.hone.run.PromptForm;
import dev.hone.run.Taught;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A gateway's own models answer it alone: whoever else is on the machine would pass its keys, budgets and traces by. */
@Timeout(60)
final class ModelServerKeyTest {
    private static final String ASK =
            "{\"model\":\"tiny\",\"max_tokens\":2,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    @TempDir
    Path folder;

    @Test
    void whoHasNoKeyIsNotAnswered() throws IOException {
        Secret key = Secret.random();
        ServerOptions options = new ServerOptions(
                "127.0.0.1",
                0,
                "tiny",
                SamplingMode.EXACT,
                Taught.in(PromptForm.MESSAGES),
                1,
                4,
                4,
                TinyByteModel.POSITIONS,
                Duration.ofSeconds(5),
                key);
        assertFalse(options.toString().contains(key.text()));
        List<String> trouble = new ArrayList<>();
        try (LoadedModel model = LoadedModel.open(
                        TinyByteModel.write(folder.resolve("model")).toString(), FetchListener.SILENT);
                ModelServer server = ModelServer.open(options, model, trouble::add)) {
            HttpPeer without = new HttpPeer(server.url());
            HttpPeer wrong = without.with(Secret.random().text());
            for (HttpPeer one : List.of(without, wrong)) {
                for (Reply reply : List.of(one.chat(ASK), one.get("/models"), one.get("/nowhere"))) {
                    assertEquals(401, reply.status());
                    assertEquals("invalid_api_key", reply.at("/error/code"));
                    assertEquals("authentication_error", reply.at("/error/type"));
                }
            }
            HttpPeer right = without.with(key.text());
            assertEquals(200, right.chat(ASK).status());
            assertEquals(200, right.get("/models").status());
            assertEquals(
                    200,
                    new HttpPeer(server.url().replace("/v1", "")).get("/health").status());
        }
        assertEquals(List.of(), trouble);
    }
}
