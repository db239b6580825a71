package dev.hone.capture.gateway;

import dev.hone.capture.redact.Pseudonyms;
import dev.hone.capture.redact.Redaction;
import dev.hone.record.CapturedCall;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Takes out of calls what must not be stored, before they are. A body that cannot be read is not stored at all. */
final class Redactor {
    /** Episodes whose tokens are remembered; those of older ones begin anew. */
    private static final int MOST_EPISODES = 10_000;

    private static final byte[] LEFT_OUT =
            "{\"hone\":\"not stored: it is no JSON, so nothing could be taken out of it\"}"
                    .getBytes(StandardCharsets.UTF_8);

    private final Map<String, Pseudonyms> episodes = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Pseudonyms> eldest) {
            return size() > MOST_EPISODES;
        }
    });

    /** The call as it may be stored. */
    CapturedCall redacted(CapturedCall call, Redaction redaction) {
        Pseudonyms pseudonyms =
                pseudonyms(call.facts().route(), call.facts().origin().episode());
        return new CapturedCall(
                call.facts(),
                redacted(call.request(), redaction, pseudonyms),
                // Pieces of a stream would hide what lies across them.
                redacted(StreamAssembly.whole(call).response(), redaction, pseudonyms));
    }

    private Pseudonyms pseudonyms(String route, @Nullable String episode) {
        return episode == null
                ? new Pseudonyms()
                : episodes.computeIfAbsent(route + "\0" + episode, name -> new Pseudonyms());
    }

    private static byte[] redacted(byte[] body, Redaction redaction, Pseudonyms pseudonyms) {
        if (body.length == 0) {
            return body;
        }
        try {
            JsonNode document = JsonMapper.shared().readTree(body);
            return redaction.json(document, pseudonyms).toString().getBytes(StandardCharsets.UTF_8);
        } catch (JacksonException e) {
            return LEFT_OUT;
        }
    }
}
