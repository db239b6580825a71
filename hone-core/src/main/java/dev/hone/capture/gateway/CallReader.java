package dev.hone.capture.gateway;

import dev.hone.capture.JsonValues;
import dev.hone.record.ApiKey;
import dev.hone.record.CapturedCall.Origin;
import dev.hone.record.Ids;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Reads calls from HTTP requests. */
final class CallReader {
    static final String EPISODE = "x-hone-episode";
    static final String TAGS = "x-hone-tags";
    static final String USER = "x-hone-user";

    private static final int LONGEST = 200;
    private static final int MOST_TAGS = 16;

    /** Of a request, what servers may see. */
    private static final Set<String> FORWARDED =
            Set.of("accept", "user-agent", "traceparent", "tracestate", "x-request-id");

    private static final String OPENAI = "openai-";

    private final Configuration configuration;
    private final Redactor redactor;
    private final EndUsers endUsers;

    CallReader(Configuration configuration, Redactor redactor, EndUsers endUsers) {
        this.configuration = configuration;
        this.redactor = redactor;
        this.endUsers = endUsers;
    }

    /**
     * Reads a call.
     *
     * @param key that the client showed; null where none is asked for
     * @param share of the memory, from which its body is taken
     * @throws GatewayRefusal when it cannot be sent to anybody
     */
    IncomingCall read(Request request, String path, @Nullable ApiKey key, CallMemory.Share share) throws IOException {
        UUID id = Ids.next();
        Instant started = Instant.now();
        long nanos = System.nanoTime();
        byte[] body =
                RequestBody.read(request, configuration.options().mostRequestBytes(), "send a shorter one", share);
        RequestHead head = RequestHead.read(body);
        Configuration.Way way = configuration.way(head.model(), key);
        if (!way.serving().redaction().isEmpty() && JsonValues.in(body) > Redactor.MOST_VALUES) {
            throw GatewayRefusal.of(
                    400,
                    "too_many_values",
                    "The body has more than [%d] values, which are too many to be looked through: send a shorter one"
                            .formatted(Redactor.MOST_VALUES));
        }
        String episode = header(request, EPISODE);
        if (episode != null && way.serving().redaction().finds(episode)) {
            throw GatewayRefusal.at(
                    400,
                    "invalid_value",
                    EPISODE,
                    "[%s] has what [%s] does not store: name the episode by an id that says nothing"
                            .formatted(EPISODE, way.serving().route().name()));
        }
        String project = way.serving().project();
        String user = header(request, USER);
        Origin origin = new Origin(
                project,
                key == null ? null : key.id(),
                episode,
                user == null ? null : endUsers.hash(project, user),
                tags(
                        request.getHeaders().getValuesList(TAGS).isEmpty()
                                ? null
                                : String.join(", ", request.getHeaders().getValuesList(TAGS))),
                configuration.hash(),
                null);
        return new IncomingCall(
                id,
                started,
                nanos,
                path,
                body,
                head,
                configuration,
                way.serving(),
                way.useCase(),
                forwarded(request),
                origin,
                redactor.pseudonyms(way.serving().route().name(), origin));
    }

    private static @Nullable String header(Request request, String name) {
        String value = request.getHeaders().get(name);
        if (value != null && (value.isBlank() || value.length() > LONGEST)) {
            throw GatewayRefusal.at(
                    400, "invalid_value", name, "[%s] must have 1 to [%d] characters".formatted(name, LONGEST));
        }
        return value;
    }

    /** {@code name=value, name=value}. */
    static Map<String, String> tags(@Nullable String header) {
        Map<String, String> tags = new LinkedHashMap<>();
        if (header == null || header.isBlank()) {
            return tags;
        }
        for (String one : header.split(",", -1)) {
            int equals = one.indexOf('=');
            String name = equals < 0 ? "" : one.substring(0, equals).strip();
            String value = one.substring(equals + 1).strip();
            if (name.isEmpty() || name.length() > LONGEST || value.length() > LONGEST) {
                throw GatewayRefusal.at(
                        400,
                        "invalid_value",
                        TAGS,
                        "[%s] must be [name=value, name=value], each of at most [%d] characters"
                                .formatted(TAGS, LONGEST));
            }
            if (tags.put(name, value) != null) {
                throw GatewayRefusal.at(400, "invalid_value", TAGS, "[%s] has [%s] twice".formatted(TAGS, name));
            }
        }
        if (tags.size() > MOST_TAGS) {
            throw GatewayRefusal.at(
                    400,
                    "invalid_value",
                    TAGS,
                    "[%s] has [%d] tags; [%d] at most".formatted(TAGS, tags.size(), MOST_TAGS));
        }
        return tags;
    }

    private static Map<String, String> forwarded(Request request) {
        Map<String, String> headers = new HashMap<>();
        for (HttpField field : request.getHeaders()) {
            String name = field.getLowerCaseName();
            if (field.getValue() != null && (FORWARDED.contains(name) || name.startsWith(OPENAI))) {
                headers.put(name, field.getValue());
            }
        }
        return headers;
    }
}
