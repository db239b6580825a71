package dev.hone.capture.gateway;

import dev.hone.capture.JsonValues;
import dev.hone.capture.redact.Pseudonyms;
import dev.hone.capture.redact.Redaction;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Facts;
import dev.hone.record.CapturedCall.Origin;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes out of calls what must not be stored, before they are. A body that cannot be read is not stored at all. What is long is looked
 * through on threads of its own, which the system divides fairly: on the threads of calls, which nothing interrupts, a few such calls
 * would hold up all others.
 */
final class Redactor implements AutoCloseable {
    /** Bytes of a call that is looked through on its own thread: some milliseconds at most. */
    static final int SHORT = 32 << 10;

    /** Of one that is looked through among those that take a second at most. */
    private static final int LONG = 1 << 20;

    /** Episodes whose tokens are remembered; those of older ones begin anew. */
    static final int MOST_EPISODES = 10_000;

    /** The same for what all of them take: this part of the heap. */
    private static final int PART = 16;

    /** Of a body that is looked through: as a tree each takes some hundred bytes, and so does what is made of it. */
    static final int MOST_VALUES = 2_000_000;

    private static final byte[] TOO_MANY =
            "{\"hone\":\"not stored: it has more than 2,000,000 values\"}".getBytes(StandardCharsets.UTF_8);

    private static final byte[] LEFT_OUT =
            "{\"hone\":\"not stored: it is no JSON, so nothing could be taken out of it\"}"
                    .getBytes(StandardCharsets.UTF_8);

    private static final byte[] NOT_LOOKED_THROUGH =
            "{\"hone\":\"not stored: it could not be looked through\"}".getBytes(StandardCharsets.UTF_8);

    /** The one that was asked for last stands last. */
    private final Map<Episode, Pseudonyms> episodes = new LinkedHashMap<>(16, 0.75f, true);

    private final AtomicLong held = new AtomicLong();
    private final AtomicLong forgotten = new AtomicLong();
    private final long mostBytes;

    /** One processor is left to others. */
    private final ExecutorService longOnes =
            threads(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));

    /** One after the other, however many processors there are: each takes many times its length of the memory. */
    private final ExecutorService veryLongOnes = threads(1);

    /** Hears of what could not be looked through. */
    private final Consumer<Throwable> faults;

    Redactor(Consumer<Throwable> faults) {
        this(Runtime.getRuntime().maxMemory() / PART, faults);
    }

    /** @param mostBytes that the tokens of all episodes may take when a call begins */
    Redactor(long mostBytes, Consumer<Throwable> faults) {
        this.mostBytes = mostBytes;
        this.faults = faults;
    }

    /** Bytes that the tokens of all episodes take, by estimate. */
    long held() {
        return held.get();
    }

    /** Episodes whose tokens began anew, or would. */
    long forgotten() {
        return forgotten.get();
    }

    /** The call as it may be stored. */
    CapturedCall redacted(CapturedCall call, Redaction redaction, Pseudonyms pseudonyms) throws IOException {
        return apart(call.request().length + call.response().length, () -> {
            byte[] request = body(call.request(), redaction, pseudonyms);
            return new CapturedCall(
                    facts(call.facts(), redaction, pseudonyms), request, answer(call, redaction, pseudonyms));
        });
    }

    /** What can be stored of a call in which nothing could be looked for: that there was one. */
    static CapturedCall without(CapturedCall call) {
        Facts facts = call.facts();
        return new CapturedCall(
                facts.with(facts.origin().with(Map.of())),
                call.request().length == 0 ? call.request() : NOT_LOOKED_THROUGH,
                call.response().length == 0 ? call.response() : NOT_LOOKED_THROUGH);
    }

    /** A body without what is not to be seen. */
    byte[] redacted(byte[] body, Redaction redaction, Pseudonyms pseudonyms) throws IOException {
        return apart(body.length, () -> body(body, redaction, pseudonyms));
    }

    private <T> T apart(long bytes, Supplier<T> work) throws IOException {
        if (bytes <= SHORT) {
            return work.get();
        }
        Future<T> done = (bytes <= LONG ? longOnes : veryLongOnes).submit(work::get);
        try {
            return done.get();
        } catch (CancellationException e) {
            throw new InterruptedIOException("The gateway ends");
        } catch (InterruptedException e) {
            done.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The gateway ends");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException fault -> throw fault;
                case Error fault -> throw fault;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        for (ExecutorService threads : List.of(longOnes, veryLongOnes)) {
            for (Runnable waiting : threads.shutdownNow()) {
                if (waiting instanceof Future<?> call) {
                    call.cancel(true);
                }
            }
        }
    }

    private static ExecutorService threads(int count) {
        return Executors.newFixedThreadPool(
                count, Thread.ofPlatform().name("hone-redact-", 0).daemon().factory());
    }

    private static Facts facts(Facts facts, Redaction redaction, Pseudonyms pseudonyms) {
        if (facts.origin().tags().isEmpty()) {
            return facts;
        }
        Map<String, String> tags = new LinkedHashMap<>();
        new TreeMap<>(facts.origin().tags())
                .forEach((name, value) ->
                        tags.put(redaction.text(name, pseudonyms), redaction.named(name, value, pseudonyms)));
        return facts.with(facts.origin().with(tags));
    }

    /**
     * The tokens of an episode, or of one call where it belongs to none. An episode is one caller's and one user's: what was taken
     * out of another's is never put back into an answer, whatever they call their episodes.
     */
    Pseudonyms pseudonyms(String route, Origin origin) {
        if (origin.episode() == null) {
            return new Pseudonyms();
        }
        Episode episode = new Episode(route, origin.key(), origin.endUser(), origin.episode());
        synchronized (episodes) {
            Pseudonyms its = episodes.computeIfAbsent(episode, name -> new Pseudonyms(held::addAndGet));
            Iterator<Pseudonyms> eldest = episodes.values().iterator();
            while (episodes.size() > 1 && (episodes.size() > MOST_EPISODES || held.get() > mostBytes)) {
                eldest.next().release();
                eldest.remove();
                forgotten.incrementAndGet();
            }
            return its;
        }
    }

    private record Episode(
            String route, @Nullable UUID key, @Nullable String endUser, String name) {}

    /** Pieces of a stream would hide what lies across them. */
    private byte[] answer(CapturedCall call, Redaction redaction, Pseudonyms pseudonyms) {
        try {
            return body(StreamAssembly.whole(call).response(), redaction, pseudonyms);
        } catch (StackOverflowError e) {
            faults.accept(e);
            return NOT_LOOKED_THROUGH;
        }
    }

    /** What nests deeper than a thread has room for is not looked through: the call is recorded without it. */
    private byte[] body(byte[] body, Redaction redaction, Pseudonyms pseudonyms) {
        if (body.length == 0) {
            return body;
        }
        if (JsonValues.in(body) > MOST_VALUES) {
            return TOO_MANY;
        }
        try {
            JsonNode document = JsonMapper.shared().readTree(body);
            return redaction.body(document, pseudonyms).toString().getBytes(StandardCharsets.UTF_8);
        } catch (JacksonException e) {
            return LEFT_OUT;
        } catch (StackOverflowError e) {
            faults.accept(e);
            return NOT_LOOKED_THROUGH;
        }
    }
}
