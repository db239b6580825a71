package dev.hone.capture.gateway;

import dev.hone.capture.redact.Pseudonyms;
import dev.hone.capture.redact.Redaction;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Facts;
import dev.hone.record.CapturedCall.Origin;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes out of calls what must not be stored, before they are. A body that cannot be read is not stored at all. */
final class Redactor {
    /** Episodes whose tokens are remembered; those of older ones begin anew. */
    static final int MOST_EPISODES = 10_000;

    /** The same for what all of them take: this part of the heap. */
    private static final int PART = 16;

    private static final byte[] LEFT_OUT =
            "{\"hone\":\"not stored: it is no JSON, so nothing could be taken out of it\"}"
                    .getBytes(StandardCharsets.UTF_8);

    /** The one that was asked for last stands last. */
    private final Map<Episode, Pseudonyms> episodes = new LinkedHashMap<>(16, 0.75f, true);

    private final AtomicLong held = new AtomicLong();
    private final AtomicLong forgotten = new AtomicLong();
    private final long mostBytes;

    Redactor() {
        this(Runtime.getRuntime().maxMemory() / PART);
    }

    /** @param mostBytes that the tokens of all episodes may take when a call begins */
    Redactor(long mostBytes) {
        this.mostBytes = mostBytes;
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
    static CapturedCall redacted(CapturedCall call, Redaction redaction, Pseudonyms pseudonyms) {
        byte[] request = redacted(call.request(), redaction, pseudonyms);
        // Pieces of a stream would hide what lies across them.
        byte[] response = redacted(StreamAssembly.whole(call).response(), redaction, pseudonyms);
        return new CapturedCall(facts(call.facts(), redaction, pseudonyms), request, response);
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

    /** A body without what is not to be seen. */
    static byte[] redacted(byte[] body, Redaction redaction, Pseudonyms pseudonyms) {
        if (body.length == 0) {
            return body;
        }
        try {
            JsonNode document = JsonMapper.shared().readTree(body);
            return redaction.body(document, pseudonyms).toString().getBytes(StandardCharsets.UTF_8);
        } catch (JacksonException e) {
            return LEFT_OUT;
        }
    }
}
