package dev.hone.capture.gateway;

import dev.hone.capture.Serving;
import dev.hone.capture.journal.Journal;
import dev.hone.capture.journal.Position;
import dev.hone.capture.redact.Redaction;
import dev.hone.capture.route.Breaker;
import dev.hone.capture.route.Retries;
import dev.hone.capture.route.Variant;
import dev.hone.capture.upstream.Upstream;
import dev.hone.capture.upstream.UpstreamClient;
import dev.hone.record.ApiKey;
import dev.hone.record.CapturedCall;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** What calls share: the configuration, servers with their breakers and connections, the journal, and who may call. */
public final class Gateway implements AutoCloseable {
    /** The API's paths for calls, with what they are on a server. */
    static final Map<String, String> CALLS = Map.of(
            "/v1/chat/completions", "/chat/completions",
            "/v1/completions", "/completions",
            "/v1/embeddings", "/embeddings",
            "/v1/responses", "/responses");

    /** Where clients may wait for events. */
    private static final String EMBEDDINGS = "/v1/embeddings";

    private final Map<Upstream, UpstreamClient> clients = new ConcurrentHashMap<>();
    private final Breakers breakers = new Breakers();
    private final UpstreamPlaces places = new UpstreamPlaces();
    private final NamedModels named = new NamedModels();
    private final CallWatch watch = new CallWatch();
    private final Redactor redactor = new Redactor(this::fault);
    private final ShadowCalls shadows = new ShadowCalls(this);
    private final BegunEpisodes begun = new BegunEpisodes(System::nanoTime);
    private final GatewayMetrics metrics;
    private final Admission admission;
    private final EndUsers endUsers;
    private final CallMemory memory;
    private final Journal journal;
    private volatile Configuration configuration;
    private volatile Consumer<CapturedCall.Facts> observer = facts -> {};
    private volatile Consumer<String> trouble = said -> {};

    /** @param journal closed by the caller, after this */
    public Gateway(Configuration configuration, Journal journal, Admission admission, EndUsers endUsers) {
        this(configuration, journal, admission, endUsers, CallMemory.standard());
    }

    Gateway(Configuration configuration, Journal journal, Admission admission, EndUsers endUsers, CallMemory memory) {
        this.memory = memory;
        this.configuration = configuration;
        this.journal = journal;
        this.admission = admission;
        this.endUsers = endUsers;
        this.metrics = new GatewayMetrics(watch::size, shadows::leftOut, redactor::forgotten);
    }

    /** Calls from here on follow another configuration; those that are being answered keep to theirs. */
    public void configure(Configuration next) {
        Duration longest = longest(configuration);
        Configuration before = configuration;
        configuration = next;
        breakers.forget(upstream -> !before.hasSame(next, upstream));
        for (Upstream upstream : clients.keySet()) {
            if (!next.upstreams().contains(upstream)) {
                UpstreamClient gone = clients.remove(upstream);
                if (gone != null) {
                    retire(gone, longest);
                }
            }
        }
    }

    private static Duration longest(Configuration configuration) {
        return configuration.servings().stream()
                .map(serving -> serving.route().retries().total())
                .max(Duration::compareTo)
                .orElse(Retries.STANDARD.total());
    }

    /** Closes a server's connections when no call can use them any more. */
    private static void retire(UpstreamClient client, Duration after) {
        Thread.ofVirtual().name("hone-retire").start(() -> {
            try (client) {
                Thread.sleep(after);
            } catch (InterruptedException | IOException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** @param calls hears of each call when it has been written down */
    public void observe(Consumer<CapturedCall.Facts> calls) {
        observer = calls;
    }

    /** @param trouble hears of faults in the middle of calls, never of what stands in one */
    public void tell(Consumer<String> trouble) {
        this.trouble = trouble;
    }

    /** Something of ours went wrong in a call. */
    void fault(Throwable fault) {
        trouble.accept(Fault.told(fault));
    }

    public Configuration configuration() {
        return configuration;
    }

    UpstreamClient client(Upstream upstream) {
        return clients.computeIfAbsent(upstream, UpstreamClient::new);
    }

    Admission admission() {
        return admission;
    }

    Journal journal() {
        return journal;
    }

    public GatewayMetrics metrics() {
        return metrics;
    }

    CallMemory memory() {
        return memory;
    }

    Redactor redactor() {
        return redactor;
    }

    ShadowCalls shadows() {
        return shadows;
    }

    Breaker breaker(Variant variant) {
        return breakers.of(variant);
    }

    /** Whether calls are kept away from a server's model, since it fails. */
    public boolean isKeptAway(Variant variant) {
        return breakers.of(variant).isOpen();
    }

    /** Who is asked first. */
    Variant choose(IncomingCall call) {
        return call.origin().episode() == null
                ? call.serving().route().choose(call.stickiness())
                : begun.choose(call.serving().route(), call.stickiness());
    }

    NamedModels named() {
        return named;
    }

    UpstreamPlaces places() {
        return places;
    }

    /** Reads a call from a request and answers it. */
    void answer(Request request, Response response, Caller caller, String path)
            throws IOException, InterruptedException {
        if (!journal.hasRoom()) {
            throw GatewayRefusal.of(503, "journal_full", "The disk of the journal is full: no call can be recorded");
        }
        Configuration current = configuration;
        @Nullable ApiKey key = admission.key(request, ApiKey.Scope.CALL);
        admission.admit(key);
        try (CallMemory.Share share = memory.share()) {
            IncomingCall call = new CallReader(current, redactor, endUsers).read(request, path, key, share);
            Admission.requirePrices(key, call);
            answer(call, request, response, caller, share);
        }
    }

    private void answer(IncomingCall call, Request request, Response response, Caller caller, CallMemory.Share share)
            throws IOException, InterruptedException {
        // From here on the client waits, and may be silent for longer than while it speaks.
        request.addIdleTimeoutListener(timeout -> false);
        ClientAnswer client = new ClientAnswer(
                response,
                call.id(),
                call.head().stream() && !call.path().equals(EMBEDDINGS),
                call.configuration().options().heartbeat());
        WatchedCall watched = new WatchedCall(
                caller,
                client,
                call.startNanos(),
                call.serving().route().retries().total());
        watch.begin(watched);
        try {
            new CallRelay(this, call, client, watched, share).run();
        } catch (GatewayRefusal refusal) {
            // What comes here could not be written down.
            metrics.refused(refusal);
            client.refuse(refusal, false);
        } finally {
            watch.end(watched);
        }
    }

    /** Writes a call down, without what its use case does not store. After that it survives the process. */
    void record(CapturedCall whole, IncomingCall call) throws IOException {
        CapturedCall kept = call.serving().redaction().isEmpty() ? whole : redacted(whole, call);
        Position end = journal.append(CallCodec.encode(kept));
        if (configuration.options().strict()) {
            journal.force(end);
        }
        admission.book(whole, end);
        metrics.ended(whole.facts());
    }

    /** Tells of a call that is written down, which it stays whatever goes wrong with that. */
    void recorded(CapturedCall.Facts facts) {
        try {
            observer.accept(facts);
        } catch (RuntimeException | Error e) {
            fault(e);
        }
    }

    /** A fault of ours takes nothing from the record of a call but what it says. */
    private CapturedCall redacted(CapturedCall whole, IncomingCall call) throws IOException {
        try {
            return redactor.redacted(whole, call.serving().redaction(), call.pseudonyms());
        } catch (RuntimeException | StackOverflowError e) {
            fault(e);
            return Redactor.without(whole);
        }
    }

    /**
     * Writes down a call that somebody told about, without what its use case does not store.
     *
     * @param current which decides on it
     * @param serving of the use case; null where the files do not say
     * @return whether it was; a record has a largest size
     */
    boolean recordTold(Configuration current, CapturedCall told, @Nullable Serving serving) throws IOException {
        Redaction redaction = serving == null ? current.options().redaction() : serving.redaction();
        CapturedCall kept = redaction.isEmpty()
                ? told
                : redactor.redacted(
                        told,
                        redaction,
                        redactor.pseudonyms(told.facts().route(), told.facts().origin()));
        byte[] record = CallCodec.encode(kept);
        if (record.length > Journal.MOST_BYTES) {
            return false;
        }
        journal.append(record);
        return true;
    }

    /** Waits, where the configuration says so, until what was written survives a power failure. */
    void force() throws IOException {
        if (configuration.options().strict()) {
            journal.force(journal.end());
        }
    }

    @Override
    public void close() throws IOException {
        shadows.close();
        watch.close();
        redactor.close();
        for (UpstreamClient client : clients.values()) {
            client.close();
        }
    }
}
