package dev.hone.api;

import dev.hone.capture.access.Secret;
import dev.hone.capture.gateway.Fault;
import dev.hone.capture.gateway.ForeignPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Which request goes where, and how failures look. */
final class Routes extends Handler.Abstract {
    private static final String COMPLETIONS = "/v1/chat/completions";
    private static final String MODELS = "/v1/models";
    private static final String HEALTH = "/health";

    private final String model;
    private final ChatHandler chat;
    private final boolean local;
    private final byte @Nullable [] authorization;
    private final Consumer<String> trouble;
    private final long created = System.currentTimeMillis() / 1000;
    private volatile boolean ready;

    /**
     * @param local whether only programs of this machine reach it, and pages in its browsers
     * @param key that callers must show; null where none is asked for
     * @param trouble hears of faults
     */
    Routes(String model, ChatHandler chat, boolean local, @Nullable Secret key, Consumer<String> trouble) {
        this.model = model;
        this.chat = chat;
        this.local = local;
        this.authorization = key == null ? null : ("Bearer " + key.text()).getBytes(StandardCharsets.UTF_8);
        this.trouble = trouble;
    }

    /** From here on the server calls itself healthy. */
    void ready() {
        ready = true;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(request, response);
        try {
            answer(exchange);
            callback.succeeded();
            exchange.caller().answered();
        } catch (IOException e) {
            callback.failed(e);
        }
        return true;
    }

    private void answer(Exchange exchange) throws IOException {
        try {
            route(exchange);
        } catch (Refusal refusal) {
            refuse(exchange, refusal);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refuse(exchange, Refusal.failed(503, "The server is ending"));
        } catch (RuntimeException | Error e) {
            trouble.accept(Fault.told(e));
            refuse(exchange, Refusal.failed(500, "A fault in the server; its terminal says where"));
        }
    }

    private static void refuse(Exchange exchange, Refusal refusal) throws IOException {
        if (exchange.begun()) {
            exchange.breakEvents(refusal);
        } else {
            exchange.refuse(refusal);
        }
    }

    private void route(Exchange exchange) throws IOException, InterruptedException {
        if (!exchange.path().equals(HEALTH)) {
            requireNoPage(exchange.request());
            requireKey(exchange.request());
        }
        switch (exchange.path()) {
            case COMPLETIONS -> {
                requireMethod(exchange, "POST");
                byte[] body = exchange.body();
                // From here on the caller waits, and may be silent for longer than while it speaks.
                exchange.request().addIdleTimeoutListener(timeout -> false);
                chat.answer(body, exchange);
            }
            case MODELS -> {
                requireMethod(exchange, "GET");
                exchange.json(200, Replies.models(model, created));
            }
            case HEALTH -> {
                requireMethod(exchange, "GET");
                exchange.json(ready ? 200 : 503, Replies.health(ready ? "ok" : "starting", model, chat.requests()));
            }
            case String path
            when path.equals(MODELS + "/" + model) -> {
                requireMethod(exchange, "GET");
                exchange.json(200, Replies.model(model, created));
            }
            case String path ->
                throw Refusal.of(
                        404,
                        null,
                        path.startsWith(MODELS + "/") ? "model_not_found" : "unknown_url",
                        "There is nothing at [%s %s]; there are [POST %s], [GET %s] with [%s], and [GET %s]"
                                .formatted(exchange.method(), path, COMPLETIONS, MODELS, model, HEALTH));
        }
    }

    private void requireKey(Request request) {
        String shown = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (authorization != null
                && (shown == null || !MessageDigest.isEqual(shown.getBytes(StandardCharsets.UTF_8), authorization))) {
            throw Refusal.unauthorized("This server answers the gateway that started it, and nobody else: call that");
        }
    }

    /** Without a key anybody may ask, so a page of somebody else must not be answered; where others reach it, it has names that nobody can know here. */
    private void requireNoPage(Request request) {
        ForeignPage name = local ? ForeignPage.byName(request) : null;
        if (name != null) {
            throw Refusal.forbidden(name.code(), name.reason() + ": call [localhost] or the address");
        }
        ForeignPage page = ForeignPage.byOrigin(request);
        if (page != null) {
            throw Refusal.forbidden(
                    page.code(), page.reason() + ": programs are answered, and pages by way of hone serve with keys");
        }
    }

    private static void requireMethod(Exchange exchange, String method) {
        if (!exchange.method().equals(method)) {
            exchange.response().getHeaders().put(HttpHeader.ALLOW, method);
            throw Refusal.of(
                    405,
                    null,
                    "method_not_allowed",
                    "[%s] takes [%s], not [%s]".formatted(exchange.path(), method, exchange.method()));
        }
    }
}
