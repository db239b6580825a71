package dev.hone.capture.gateway;

import dev.hone.capture.route.Attempts;
import dev.hone.capture.route.Outcome;
import dev.hone.capture.route.Route;
import dev.hone.record.ApiKey;
import dev.hone.record.CapturedCall;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hc.core5.http.Header;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** One call on its way: asked of whom the route says until somebody answers, passed back, and written down. On one thread. */
final class CallRelay {
    static final String EPISODE = "x-hone-episode";
    static final String TRACE = "x-hone-trace";
    static final String VARIANT = "x-hone-variant";

    private static final int PIECE_BYTES = 16 << 10;
    private static final int MOST_REFUSAL_BYTES = 64 << 10;
    private static final int LONGEST_EPISODE = 200;

    /** Of a request, what servers may see; of an answer, what the client may. */
    private static final Set<String> FORWARDED =
            Set.of("accept", "user-agent", "traceparent", "tracestate", "x-request-id");

    private static final Set<String> RETURNED = Set.of("content-type", "x-request-id", "retry-after", "cache-control");
    private static final String OPENAI = "openai-";
    private static final String LIMITS = "x-ratelimit-";

    private final Gateway gateway;
    private final Request request;
    private final Response response;
    private final Caller caller;
    private final @Nullable ApiKey key;
    private final String path;
    private final UUID id = Ids.next();
    private final Instant started = Instant.now();
    private final long startNanos = System.nanoTime();
    private final List<CapturedCall.Attempt> made = new ArrayList<>();
    private final ByteArrayOutputStream captured = new ByteArrayOutputStream();

    private byte[] body = {};
    private @Nullable RequestHead head;
    private @Nullable Route route;
    private @Nullable Double firstByteMillis;
    private @Nullable Refused refused;

    /** What the last server said that did not answer. */
    private record Refused(int status, List<Header> headers, byte[] body) {}

    /** @param key that the client showed; null where none is asked for */
    CallRelay(Gateway gateway, Request request, Response response, Caller caller, @Nullable ApiKey key, String path) {
        this.gateway = gateway;
        this.request = request;
        this.response = response;
        this.caller = caller;
        this.key = key;
        this.path = path;
    }

    /**
     * Answers the call.
     *
     * @throws GatewayRefusal when it cannot be sent to anybody
     * @throws IOException when the client is gone
     */
    void run() throws IOException, InterruptedException {
        if (!gateway.journal().hasRoom()) {
            throw GatewayRefusal.of(503, "journal_full", "The disk of the journal is full: no call can be recorded");
        }
        body = read();
        // From here on the client waits, and may be silent for longer than while it speaks.
        request.addIdleTimeoutListener(timeout -> false);
        RequestHead asks = RequestHead.read(body);
        head = asks;
        Route taken = gateway.route(asks.model());
        route = taken;
        String episode = episode();
        Attempts attempts = new Attempts(
                taken,
                taken.choose(episode == null ? id.toString() : episode),
                gateway::breaker,
                System::nanoTime,
                ThreadLocalRandom.current());
        Outcome last = null;
        while (true) {
            Optional<Attempts.Attempt> next = attempts.next(last);
            if (next.isEmpty()) {
                giveUp(last);
                return;
            }
            if (!next.get().pause().isZero()) {
                Thread.sleep(next.get().pause());
            }
            last = attempt(next.get(), asks);
            if (last instanceof Outcome.Final) {
                return;
            }
        }
    }

    private byte[] read() throws IOException {
        int most = gateway.options().mostRequestBytes();
        if (request.getLength() > most) {
            throw tooLarge(most);
        }
        try (InputStream in = Request.asInputStream(request)) {
            byte[] read = in.readNBytes(most + 1);
            if (read.length > most) {
                throw tooLarge(most);
            }
            return read;
        }
    }

    private static GatewayRefusal tooLarge(int most) {
        return GatewayRefusal.of(
                413, "request_too_large", "The body has more than [%d] bytes: send a shorter one".formatted(most));
    }

    private @Nullable String episode() {
        String episode = request.getHeaders().get(EPISODE);
        if (episode != null && (episode.isBlank() || episode.length() > LONGEST_EPISODE)) {
            throw GatewayRefusal.of(
                    400, "invalid_value", "[%s] must have 1 to [%d] characters".formatted(EPISODE, LONGEST_EPISODE));
        }
        return episode;
    }

    /** Asks one server. @return final where the client has its answer, or is gone */
    private Outcome attempt(Attempts.Attempt attempt, RequestHead asks) throws IOException {
        long from = System.nanoTime();
        Upstream upstream = gateway.upstream(attempt.variant().upstream());
        UpstreamClient.Asking asking = gateway.client()
                .prepare(
                        upstream,
                        Gateway.CALLS.getOrDefault(path, ""),
                        forwarded(),
                        asks.withModel(body, attempt.variant().model()),
                        attempt.left());
        gateway.watch().begin(caller, asking);
        try (UpstreamClient.Answer answer = gateway.client().ask(asking)) {
            Outcome outcome = Outcome.of(answer.status(), retryAfter(answer));
            if (outcome instanceof Outcome.Final) {
                outcome = pass(answer, attempt, from);
            } else {
                refused = new Refused(
                        answer.status(), answer.headers(), answer.body().readNBytes(MOST_REFUSAL_BYTES));
                made.add(made(attempt, answer.status(), "busy", from));
                answer.abort();
            }
            attempt.call().end(outcome.isFailure());
            return outcome;
        } catch (ClientGone e) {
            throw e;
        } catch (IOException e) {
            if (caller.isGone()) {
                made.add(made(attempt, null, "the client has gone", from));
                journal(499, CapturedCall.End.ABANDONED);
                throw e;
            }
            Outcome outcome = UpstreamClient.outcome(e, Duration.ofNanos(System.nanoTime() - from));
            attempt.call().end(outcome.isFailure());
            made.add(made(attempt, null, trouble(outcome), from));
            return outcome;
        } finally {
            gateway.watch().end(caller);
            attempt.call().abandon();
        }
    }

    private static String trouble(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Unreachable unreachable -> unreachable.reason();
            case Outcome.TimedOut timedOut ->
                "silent for %d ms".formatted(timedOut.after().toMillis());
            case Outcome.Busy busy -> "status %d".formatted(busy.status());
            case Outcome.Final ignored -> "";
        };
    }

    private CapturedCall.Attempt made(
            Attempts.Attempt attempt, @Nullable Integer status, @Nullable String trouble, long from) {
        return new CapturedCall.Attempt(
                attempt.number(),
                attempt.variant().name(),
                attempt.variant().upstream(),
                attempt.variant().model(),
                status,
                trouble,
                millisSince(from),
                null);
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    private Map<String, String> forwarded() {
        Map<String, String> headers = new HashMap<>();
        for (HttpField field : request.getHeaders()) {
            String name = field.getLowerCaseName();
            if (field.getValue() != null && (FORWARDED.contains(name) || name.startsWith(OPENAI))) {
                headers.put(name, field.getValue());
            }
        }
        return headers;
    }

    private static @Nullable Duration retryAfter(UpstreamClient.Answer answer) {
        String seconds = answer.header("retry-after");
        return seconds != null && seconds.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(seconds)) : null;
    }

    /**
     * Passes an answer back. As long as nothing has left, a server that stops is one that did not answer; after that the client
     * is told.
     */
    private Outcome pass(UpstreamClient.Answer answer, Attempts.Attempt attempt, long from) throws IOException {
        String type = answer.header("content-type");
        boolean events = type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
        InputStream in = answer.body();
        captured.reset();
        byte[] piece = new byte[PIECE_BYTES];
        int length = in.read(piece);
        firstByteMillis = millisSince(startNanos);
        StreamEnd end = new StreamEnd();
        String broken = null;
        while (length >= 0) {
            capture(piece, length);
            byte[] may = events ? end.pass(piece, length) : new byte[0];
            if (may.length > 0) {
                begin(answer.status(), answer.headers(), attempt.variant().name());
                write(may, answer, attempt, from);
            }
            try {
                length = in.read(piece);
            } catch (IOException e) {
                if (!response.isCommitted() || caller.isGone()) {
                    throw e;
                }
                broken = e.getClass().getSimpleName() + ": " + e.getMessage();
                length = -1;
            }
        }
        made.add(made(attempt, answer.status(), broken, from));
        begin(answer.status(), answer.headers(), attempt.variant().name());
        last(ended(answer.status(), broken, events ? end.held() : captured.toByteArray()));
        return new Outcome.Final(answer.status());
    }

    /** What an answer ends with once it is recorded, or that it broke, or could not be recorded. */
    private byte[] ended(int status, @Nullable String broken, byte[] rest) {
        CapturedCall.End whole = status < 400 ? CapturedCall.End.ANSWERED : CapturedCall.End.REFUSED;
        try {
            journal(status, broken == null ? whole : CapturedCall.End.BROKEN);
        } catch (IOException e) {
            if (!response.isCommitted()) {
                throw GatewayRefusal.of(503, "not_recorded", "The call could not be recorded: " + e.getMessage());
            }
            return Replies.event(503, "server_error", "not_recorded", "The call could not be recorded");
        }
        return broken == null
                ? rest
                : Replies.event(
                        502,
                        "server_error",
                        "upstream_broken",
                        "The model's server stopped in the middle of its answer");
    }

    /** Nothing follows, and nothing is asked again: what is written here is recorded. */
    private void last(byte[] bytes) throws ClientGone {
        try {
            Content.Sink.write(response, true, ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw new ClientGone(e);
        }
    }

    private void capture(byte[] piece, int length) {
        int most = gateway.options().mostAnswerBytes();
        if (captured.size() + length > most) {
            throw GatewayRefusal.of(502, "answer_too_large", "The answer has more than [%d] bytes".formatted(most));
        }
        captured.write(piece, 0, length);
    }

    private void begin(int status, List<Header> headers, String variant) {
        if (response.isCommitted()) {
            return;
        }
        response.setStatus(status);
        for (Header header : headers) {
            String name = header.getName().toLowerCase(Locale.ROOT);
            if (RETURNED.contains(name) || name.startsWith(OPENAI) || name.startsWith(LIMITS)) {
                response.getHeaders().put(header.getName(), header.getValue());
            }
        }
        response.getHeaders().put(TRACE, id.toString());
        response.getHeaders().put(VARIANT, variant);
    }

    /** @throws IOException when the client is gone, which is written down */
    private void write(byte[] bytes, UpstreamClient.Answer answer, Attempts.Attempt attempt, long from)
            throws IOException {
        try {
            Content.Sink.write(response, false, ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            answer.abort();
            made.add(made(attempt, answer.status(), "the client has gone", from));
            journal(answer.status(), CapturedCall.End.ABANDONED);
            throw new ClientGone(e);
        }
    }

    /** The client went away; everything is written down. */
    static final class ClientGone extends IOException {
        private static final long serialVersionUID = 1;

        ClientGone(IOException cause) {
            super("The client has gone", cause);
        }
    }

    /** Nobody answers: the last refusal is the call's, or else what went wrong. */
    private void giveUp(@Nullable Outcome last) throws IOException {
        Refused said = refused;
        if (said != null && last instanceof Outcome.Busy) {
            captured.writeBytes(said.body());
            begin(said.status(), said.headers(), made.getLast().variant());
            journal(said.status(), CapturedCall.End.REFUSED);
            last(said.body());
            return;
        }
        int status = last instanceof Outcome.TimedOut ? 504 : last == null ? 503 : 502;
        GatewayRefusal refusal = GatewayRefusal.of(
                status,
                status == 504 ? "upstream_timeout" : "upstream_unavailable",
                last == null
                        ? "No server of [%s] takes calls now: all of them failed lately".formatted(name())
                        : "No server of [%s] answered: %s".formatted(name(), trouble(last)));
        captured.writeBytes(Replies.error(refusal));
        journal(status, CapturedCall.End.REFUSED);
        response.getHeaders().put(TRACE, id.toString());
        throw refusal;
    }

    private String name() {
        return route == null ? "" : route.name();
    }

    private void journal(int status, CapturedCall.End end) throws IOException {
        RequestHead asks = head;
        byte[] answer = captured.toByteArray();
        CapturedCall.Facts facts = new CapturedCall.Facts(
                id,
                started,
                path,
                asks == null ? "" : asks.model(),
                name(),
                route != null && gateway.isUseCase(route),
                made.isEmpty() ? "" : made.getLast().variant(),
                new CapturedCall.Origin(
                        key == null ? Project.DEFAULT : key.project(),
                        key == null ? null : key.id(),
                        request.getHeaders().get(EPISODE),
                        null,
                        Map.of(),
                        null,
                        null),
                asks != null && asks.stream(),
                status,
                end,
                firstByteMillis,
                millisSince(startNanos),
                UsageReader.find(answer),
                null,
                made);
        gateway.record(new CapturedCall(facts, body, answer));
    }
}
