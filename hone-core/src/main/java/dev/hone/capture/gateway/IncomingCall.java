package dev.hone.capture.gateway;

import dev.hone.capture.Serving;
import dev.hone.capture.redact.Pseudonyms;
import dev.hone.capture.upstream.Upstream;
import dev.hone.record.CapturedCall.Origin;
import dev.hone.record.Ids;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A call as it was understood, before anybody is asked. Made by {@link CallReader}; carried out by {@link CallRelay}.
 *
 * @param startNanos when it came, by {@link System#nanoTime}
 * @param path of the API
 * @param useCase whether {@code serving} is a use case's
 * @param headers that servers may see
 * @param pseudonyms of its episode, or its own
 */
record IncomingCall(
        UUID id,
        Instant started,
        long startNanos,
        String path,
        byte[] body,
        RequestHead head,
        Configuration configuration,
        Serving serving,
        boolean useCase,
        Map<String, String> headers,
        Origin origin,
        Pseudonyms pseudonyms) {
    /** Paths whose streams say what they took where somebody asks; those of others always do, or are none. */
    private static final Set<String> COUNTED = Set.of("/v1/chat/completions", "/v1/completions");

    /** Whether a server is asked for the tokens of the answer although the client does not ask. */
    boolean asksUsage(Upstream upstream) {
        return upstream.streamUsage() && head.usage() != null && COUNTED.contains(path);
    }

    /** As much of the request as its trace has. */
    byte[] kept(Redactor redactor) throws IOException {
        return serving.redaction().isEmpty() ? body : redactor.redacted(body, serving.redaction(), pseudonyms);
    }

    /** A copy for a shadow: of its own, paid by nobody's budget, with no more of the request than its trace has. */
    IncomingCall shadow(Redactor redactor) throws IOException {
        byte[] kept = kept(redactor);
        return new IncomingCall(
                Ids.next(),
                Instant.now(),
                System.nanoTime(),
                path,
                kept,
                RequestHead.read(kept),
                configuration,
                serving,
                useCase,
                headers,
                new Origin(
                        origin.project(),
                        null,
                        origin.episode(),
                        origin.endUser(),
                        origin.tags(),
                        origin.configuration(),
                        id),
                pseudonyms);
    }

    /** What decides where all calls of an episode go, or this one where it belongs to none. */
    String stickiness() {
        return origin.episode() == null ? id.toString() : origin.episode();
    }
}
