package dev.hone.capture.gateway;

import dev.hone.capture.access.Budgets;
import dev.hone.capture.access.RateLimits;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.capture.upstream.Upstream;
import dev.hone.capture.upstream.UpstreamClient;
import dev.hone.file.Durable;
import dev.hone.file.TemporaryFolders;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Sends calls through a gateway of its own to a server of its own, until the machine has read and compiled what a call needs: the first
 * call of a product does not wait for that. Nothing of it is kept.
 */
public final class WarmUp {
    private static final int CALLS = 300;
    private static final String WHOLE =
            "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"warm\"}}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}";
    private static final String EVENTS =
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"warm\"}}]}\n\ndata: [DONE]\n\n";

    private WarmUp() {}

    /** Takes about a second. */
    public static void run() throws IOException {
        Path folder = TemporaryFolders.make("warm-up");
        try (EdgeServer model = EdgeServer.bind("127.0.0.1", 0, Duration.ZERO);
                Journal journal = Journal.open(folder, new Journal.Options(1 << 20, Duration.ofMillis(20), 0))) {
            model.start(new Answers());
            Upstream upstream = upstream("warm", model.url());
            Configuration configuration = new Configuration(
                    new GatewayOptions(1 << 20, 1 << 20, false, Duration.ofMinutes(1)),
                    "USD",
                    List.of(upstream),
                    List.of(),
                    "0".repeat(64));
            Budgets budgets =
                    new Budgets(month -> Map.of(), () -> Position.START, InstantSource.system(), ignored -> {});
            try (Gateway gateway = new Gateway(
                            configuration,
                            journal,
                            new Admission(null, budgets, new RateLimits(System::nanoTime)),
                            new EndUsers(new byte[] {1}));
                    EdgeServer edge = EdgeServer.bind("127.0.0.1", 0, Duration.ZERO);
                    UpstreamClient client = new UpstreamClient(upstream("edge", edge.url()))) {
                edge.start(new GatewayHandler(gateway, ignored -> {}));
                for (int i = 0; i < CALLS; i++) {
                    call(client, i % 2 == 0);
                }
            }
        } finally {
            Durable.delete(folder);
        }
    }

    private static Upstream upstream(String name, String url) {
        return new Upstream(
                name,
                URI.create(url + "/v1"),
                null,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                true,
                true,
                Map.of());
    }

    private static void call(UpstreamClient client, boolean stream) throws IOException {
        byte[] body = "{\"model\":\"warm/model\",\"stream\":%s,\"messages\":[]}"
                .formatted(stream)
                .getBytes(StandardCharsets.UTF_8);
        UpstreamClient.Asking asking =
                client.prepare("/chat/completions", Map.of("x-hone-episode", "warm"), body, Duration.ofSeconds(5));
        try (UpstreamClient.Answer answer = client.ask(asking);
                InputStream in = answer.body()) {
            in.readAllBytes();
        }
    }

    private static final class Answers extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws IOException {
            String asked;
            try (InputStream in = Request.asInputStream(request)) {
                asked = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            boolean stream = asked.contains("\"stream\":true");
            response.getHeaders().put("content-type", stream ? "text/event-stream" : "application/json");
            Content.Sink.write(
                    response, true, ByteBuffer.wrap((stream ? EVENTS : WHOLE).getBytes(StandardCharsets.UTF_8)));
            callback.succeeded();
            return true;
        }
    }
}
