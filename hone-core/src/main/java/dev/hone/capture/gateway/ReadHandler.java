package dev.hone.capture.gateway;

import dev.hone.record.ApiKey;
import dev.hone.record.AuditEntry;
import dev.hone.record.Project;
import dev.hone.store.AuditLog;
import dev.hone.store.Database;
import dev.hone.store.Projects;
import dev.hone.store.StoreException;
import dev.hone.store.TraceDetails;
import dev.hone.store.TraceQuery;
import dev.hone.store.TraceSearch;
import dev.hone.store.Usage;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Lets programs read what was captured, those of a key's project alone: traces, one trace with what it says, and sums by day. */
final class ReadHandler extends Handler.Abstract {
    private static final String TRACES = "/v1/traces";
    private static final String ONE = TRACES + "/";
    private static final String USAGE = "/v1/usage";
    private static final String GET = "GET";
    private static final int STANDARD_LIMIT = 50;
    private static final int MOST_LIMIT = 1_000;
    private static final int STANDARD_DAYS = 30;
    private static final int MOST_DAYS = 366;

    /** A letter of a body is held as it is stored, in the document, and in its bytes. */
    private static final long PLACES = 4;

    private final Gateway gateway;
    private final Supplier<Optional<Database>> readers;
    private final InstantSource clock;
    private final Consumer<String> trouble;

    /**
     * @param readers the database for who looks at something; empty until it has answered
     * @param trouble hears of faults, never of what stands in a request
     */
    ReadHandler(Gateway gateway, Supplier<Optional<Database>> readers, InstantSource clock, Consumer<String> trouble) {
        this.gateway = gateway;
        this.readers = readers;
        this.clock = clock;
        this.trouble = trouble;
    }

    /** Whose key it is. @param key null where none is asked for */
    private record Reader(String project, @Nullable ApiKey key) {
        String who() {
            return key == null ? "anybody (no keys are asked for)" : key.name() + " (key)";
        }

        Map<String, String> detail() {
            return key == null ? Map.of() : Map.of("key", key.id().toString());
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        boolean told = path.equals(TRACES) && !request.getMethod().equals(GET);
        if (told || !path.equals(TRACES) && !path.startsWith(ONE) && !path.equals(USAGE)) {
            return false;
        }
        return Replies.handle(callback, () -> answer(request, response, path));
    }

    private void answer(Request request, Response response, String path) throws IOException {
        try (CallMemory.Share share = gateway.memory().share()) {
            JsonNode document = document(request, response, path, share);
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
            Replies.json(response, 200, document);
        } catch (GatewayRefusal refusal) {
            refuse(request, response, refusal);
        } catch (StoreException e) {
            trouble.accept("A reader cannot be answered: " + e.getMessage());
            refuse(request, response, e.isTooLong() ? tooLong() : away());
        } catch (RuntimeException | Error e) {
            trouble.accept(Fault.told(e));
            refuse(request, response, GatewayRefusal.fault());
        }
    }

    private JsonNode document(Request request, Response response, String path, CallMemory.Share share) {
        if (!request.getMethod().equals(GET)) {
            response.getHeaders().put(HttpHeader.ALLOW, GET);
            throw GatewayRefusal.of(
                    405, "method_not_allowed", "[%s] takes [GET], not [%s]".formatted(path, request.getMethod()));
        }
        @Nullable ApiKey key = gateway.admission().key(request, ApiKey.Scope.READ);
        Reader reader = new Reader(key == null ? Project.DEFAULT : key.project(), key);
        Database database = readers.get().orElseThrow(ReadHandler::away);
        return switch (path) {
            case TRACES -> traces(database, reader, QueryFields.read(request, TraceFields.KNOWN));
            case USAGE ->
                usage(database, reader, QueryFields.read(request, List.of("use_case", "route", "from", "to")));
            default -> {
                QueryFields.read(request, List.of());
                yield trace(database, reader, path.substring(ONE.length()), share);
            }
        };
    }

    private static JsonNode traces(Database database, Reader reader, QueryFields fields) {
        TraceQuery query = TraceFields.query(reader.project(), fields);
        UUID after = fields.id("after");
        Integer limit = fields.whole("limit", 1, MOST_LIMIT);
        if (query.text() != null) {
            audit(database, reader, "trace.search", query.text());
        }
        return ReadDocuments.page(
                new TraceSearch(database).find(query, after, Objects.requireNonNullElse(limit, STANDARD_LIMIT)));
    }

    private static JsonNode trace(Database database, Reader reader, String shown, CallMemory.Share share) {
        UUID id = id(shown);
        TraceSearch.Found found =
                new TraceSearch(database).find(reader.project(), id).orElseThrow(() -> none(shown));
        TraceDetails.Detail detail =
                new TraceDetails(database).find(reader.project(), id).orElseThrow(() -> none(shown));
        if (!share.take(PLACES * (length(detail.request()) + length(detail.response())))) {
            throw CallMemory.refusal();
        }
        audit(database, reader, "trace.read", id.toString());
        return ReadDocuments.whole(found, detail);
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static UUID id(String shown) {
        try {
            return UUID.fromString(shown);
        } catch (IllegalArgumentException e) {
            throw none(shown);
        }
    }

    private static GatewayRefusal none(String shown) {
        return GatewayRefusal.of(
                404,
                "trace_not_found",
                "There is no trace [%s] in the key's project"
                        .formatted(shown.length() <= 100 ? shown : shown.substring(0, 100) + "…"));
    }

    private JsonNode usage(Database database, Reader reader, QueryFields fields) {
        LocalDate to = Objects.requireNonNullElseGet(
                fields.day("to"), () -> LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        LocalDate from = Objects.requireNonNullElseGet(fields.day("from"), () -> to.minusDays(STANDARD_DAYS - 1));
        if (from.isAfter(to) || from.plusDays(MOST_DAYS).isBefore(to)) {
            throw QueryFields.invalid(
                    "from",
                    "is [%s] and [to] is [%s]: it must not be later, nor more than [%d] days earlier"
                            .formatted(from, to, MOST_DAYS));
        }
        if (fields.text("use_case") != null && fields.text("route") != null) {
            throw QueryFields.invalid("route", "stands there beside [use_case]: give one of them");
        }
        String route = fields.text("use_case") == null ? fields.text("route") : fields.text("use_case");
        return ReadDocuments.usage(new Usage(database)
                .lines(new Usage.Asked(
                        reader.project(), from, to, route, Set.of(Usage.By.values()), Usage.Times.WHOLE)));
    }

    /** Before anything of it leaves. */
    private static void audit(Database database, Reader reader, String action, String subject) {
        @Nullable UUID project = new Projects(database).find(reader.project()).orElse(null);
        new AuditLog(database).add(AuditEntry.now(reader.who(), project, action, subject, reader.detail()));
    }

    private static GatewayRefusal tooLong() {
        return GatewayRefusal.of(
                503,
                "took_too_long",
                "This took longer than [%d] s and was ended, so that calls go on being recorded: ask for less, by a shorter time, one use case, or no text"
                        .formatted(Database.READERS_LONGEST.toSeconds()));
    }

    private static GatewayRefusal away() {
        return GatewayRefusal.later(
                503,
                "database_away",
                "The database does not answer, or all its connections for readers are taken. Calls go on being recorded; try again soon",
                Duration.ofSeconds(5));
    }

    private void refuse(Request request, Response response, GatewayRefusal refusal) throws IOException {
        gateway.metrics().refused(refusal);
        RequestBody.discard(request);
        Replies.refuse(response, refusal);
    }
}
