package dev.hone.api;

import dev.hone.capture.gateway.EdgeServer;
import dev.hone.run.LoadedModel;
import dev.hone.run.PromptForm;
import dev.hone.sample.BatchLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** A model behind OpenAI's chat completions. Once it is open, the first request costs no more than the later ones. */
public final class ModelServer implements AutoCloseable {
    private static final int WARM_UP_TOKENS = 4;

    private final ServerOptions options;
    private final EdgeServer server;
    private final ModelWorker worker;

    private ModelServer(ServerOptions options, EdgeServer server, ModelWorker worker) {
        this.options = options;
        this.server = server;
        this.worker = worker;
    }

    /**
     * Takes the port, starts the worker, and answers a few requests of its own.
     *
     * @param model closed by the caller, after this
     * @param trouble hears of failures, which never hold anything of a request
     * @throws IllegalArgumentException when the port is taken, or the model does not fit into memory
     */
    public static ModelServer open(ServerOptions options, LoadedModel model, Consumer<String> trouble)
            throws IOException {
        EdgeServer server = EdgeServer.bind(options.host(), options.port(), options.drain());
        ModelServer opened = null;
        try {
            BatchLimits limits = model.batchLimits(options.mode(), options.rows(), options.context());
            ModelWorker worker = new ModelWorker(model, options.mode(), limits);
            opened = new ModelServer(options, server, worker);
            ChatHandler chat = new ChatHandler(
                    new ChatRequestReader(options.name(), options.rows()),
                    new Prompt(model, options.taught(), options.context(), options.bestOf()),
                    worker,
                    options.rows() + options.queue(),
                    trouble);
            Routes routes = new Routes(options.name(), chat, server.isLocal(), options.key(), trouble);
            server.start(routes);
            opened.warmUp();
            routes.ready();
            return opened;
        } catch (RuntimeException | Error | IOException e) {
            if (opened == null) {
                server.close();
            } else {
                opened.close();
            }
            throw e;
        }
    }

    /** Whole and in pieces, constrained and not: what a first request would pay for. */
    private void warmUp() throws IOException {
        PromptForm form = options.taught().form();
        ObjectNode whole = Example.request(options.name(), form).put("max_tokens", WARM_UP_TOKENS);
        ObjectNode pieces = whole.deepCopy().put("stream", true);
        ObjectNode constrained = Example.constrained(options.name(), form).put("max_tokens", WARM_UP_TOKENS);
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build()) {
            for (ObjectNode request : List.of(whole, pieces, constrained, whole, pieces)) {
                HttpRequest.Builder asking = HttpRequest.newBuilder(URI.create(url() + "/chat/completions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(request.toString()));
                if (options.key() != null) {
                    asking.header("Authorization", "Bearer " + options.key().text());
                }
                HttpResponse<String> response = client.send(asking.build(), HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() != 200) {
                    throw new IllegalArgumentException("[%s] cannot answer its first request (status [%d]): %s"
                            .formatted(options.name(), response.statusCode(), response.body()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while the server warmed up", e);
        }
    }

    /** Base of the API's addresses, as a client of this machine reaches it. */
    public String url() {
        return server.url() + "/v1";
    }

    /** Whether only programs of this machine can reach it. */
    public boolean isLocal() {
        return server.isLocal();
    }

    /** A request for a shell that this model can answer. */
    public String curl() {
        return "curl %s/chat/completions -H 'Content-Type: application/json' -d '%s'"
                .formatted(
                        url(), Example.request(options.name(), options.taught().form()));
    }

    /** The worker's process, which changes when it had to be started again. */
    public long workerPid() {
        return worker.pid();
    }

    /** Takes no more requests, lets those that are being answered end for a while, and ends the worker. */
    @Override
    public void close() {
        try {
            server.close();
        } finally {
            worker.close();
        }
    }
}
