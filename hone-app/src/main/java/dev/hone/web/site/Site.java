package dev.hone.web.site;

import dev.hone.capture.feedback.FeedbackDesk;
import dev.hone.capture.gateway.EdgePages;
import dev.hone.capture.gateway.Fault;
import dev.hone.capture.gateway.Replies;
import dev.hone.capture.gateway.RequestBody;
import dev.hone.capture.gateway.SentFrom;
import dev.hone.record.Person.Membership;
import dev.hone.record.Role;
import dev.hone.store.Database;
import dev.hone.store.StoreException;
import dev.hone.web.access.Visitor;
import dev.hone.web.access.Visitors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.FormFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.component.Graceful;
import org.jspecify.annotations.Nullable;

/** The pages behind HTTP: finds who asks, whether they may, and lets the route answer. */
final class Site extends EdgePages implements Graceful {
    static final String SESSION = "hone_session";

    /** Scripts, styles and pictures are ours alone, and nothing in a page can be one; nobody shows us in a frame of theirs. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private static final HttpFields HEADERS = HttpFields.from(
            new HttpField("Content-Security-Policy", POLICY),
            new HttpField("X-Content-Type-Options", "nosniff"),
            // Not less: browsers say "Origin: null" of forms on pages without a referrer.
            new HttpField("Referrer-Policy", "same-origin"),
            new HttpField("Cross-Origin-Opener-Policy", "same-origin"),
            new HttpField("Cross-Origin-Resource-Policy", "same-origin"));

    /** Sent by pages that renew themselves: nobody is seen by it. */
    private static final String RENEWED = "X-Hone-Renewed";

    private static final int MOST_FIELDS = 50;
    private static final int MOST_BYTES = 64 << 10;

    private final Function<Database, Open> opening;
    private final Consumer<FeedbackDesk> desk;
    private final Assets assets;
    private final Views views;
    private final Consumer<String> trouble;
    private volatile @Nullable Open open;
    private volatile boolean ending;

    /** What there is once the database answers. */
    record Open(Routes routes, Visitors visitors) {}

    /**
     * @param desk hears of where labels are taken
     * @param trouble hears of faults, never of what somebody asked for
     */
    Site(
            Function<Database, Open> opening,
            Consumer<FeedbackDesk> desk,
            Assets assets,
            Views views,
            Consumer<String> trouble) {
        this.opening = opening;
        this.desk = desk;
        this.assets = assets;
        this.views = views;
        this.trouble = trouble;
    }

    @Override
    public void open(Database database) {
        open = opening.apply(database);
    }

    @Override
    public void take(FeedbackDesk taking) {
        desk.accept(taking);
    }

    /** Streams of events end, which would else hold the server's end up. */
    @Override
    public CompletableFuture<Void> shutdown() {
        ending = true;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean isShutdown() {
        return ending;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        return Replies.handle(callback, () -> {
            HEADERS.forEach(header -> response.getHeaders().put(header));
            write(request, response, answer(request, response));
        });
    }

    private Answer answer(Request request, Response response) throws IOException, InterruptedException {
        try {
            return route(request, response);
        } catch (PageRefusal refusal) {
            return refused(request, response, refusal);
        } catch (StoreException e) {
            trouble.accept("A page cannot be shown: " + e.getMessage());
            return refused(request, response, e.isTooLong() ? tooLong() : away());
        } catch (RuntimeException | Error e) {
            trouble.accept(Fault.told(e));
            return refused(request, response, new PageRefusal(500, "A fault in Hone; its log says where."));
        }
    }

    private static PageRefusal tooLong() {
        return new PageRefusal(
                503,
                "This took longer than %d s and was ended, so that calls go on being recorded. Ask for less: a shorter time, one use case, no text; or try again when there is less to do."
                        .formatted(Database.READERS_LONGEST.toSeconds()));
    }

    private static PageRefusal away() {
        return new PageRefusal(503, "The database does not answer. Calls go on being recorded; try again soon.");
    }

    private Answer refused(Request request, Response response, PageRefusal refusal) {
        RequestBody.discard(request);
        Ask ask = new Ask(request, response, Map.of(), Fields.EMPTY, Fields.EMPTY, null);
        return new Answer.Html(
                refusal.status(),
                views.html(
                        "refusal",
                        new RefusalPage(views.bare(ask, refusal.title()), String.valueOf(refusal.getMessage()))));
    }

    private Answer route(Request request, Response response) throws IOException, InterruptedException {
        String path = Request.getPathInContext(request);
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        Optional<Answer.Asset> asset = assets.find(path);
        if (asset.isPresent() && method.equals("GET")) {
            return asset.get();
        }
        Open there = open;
        if (there == null) {
            throw new PageRefusal(503, "The database does not answer yet. Calls are being recorded; try again soon.");
        }
        Routes.Found found = there.routes().find(method, path);
        boolean changes = method.equals("POST");
        if (changes) {
            requireSameOrigin(request);
        }
        String cookie = Cookies.read(request, SESSION);
        boolean renewed = request.getHeaders().contains(RENEWED);
        @Nullable
        Visitor visitor =
                cookie == null ? null : there.visitors().find(cookie, !renewed).orElse(null);
        Ask ask = new Ask(
                request, response, found.parts(), query(request), changes ? form(request) : Fields.EMPTY, visitor);
        return switch (found.route().access()) {
            case Route.Access.Anybody anybody -> found.route().action().answer(ask);
            case Route.Access.SignedIn in -> signedIn(ask, found.route(), changes);
            case Route.Access.Member member -> {
                if (visitor != null) {
                    requireRole(ask, member.least());
                }
                Answer answer = signedIn(ask, found.route(), changes);
                yield answer instanceof Answer.Events(Answer.Source source) && visitor != null
                        ? new Answer.Events(
                                watched(source, () -> still(there.visitors(), ask, visitor, member.least())))
                        : answer;
            }
        };
    }

    /** Events end with the session, and when somebody is no member any more: the last says so. */
    private static Answer.Source watched(Answer.Source source, BooleanSupplier may) {
        return listener -> {
            Watched watched = new Watched(listener, may);
            source.speak(watched);
            if (watched.isOut()) {
                listener.event("out", "0", "{}");
            }
        };
    }

    /** Whether somebody still is what they must be; a database that does not answer puts nobody out. */
    private static boolean still(Visitors visitors, Ask ask, Visitor visitor, Role least) {
        try {
            return visitors.look(visitor)
                    .flatMap(person -> person.in(ask.part(Route.PROJECT)))
                    .filter(membership -> membership.role().covers(least))
                    .isPresent();
        } catch (StoreException e) {
            return true;
        }
    }

    private static Answer signedIn(Ask ask, Route route, boolean changes) throws IOException, InterruptedException {
        Visitor visitor = ask.visitorOrNull();
        if (visitor == null) {
            return SignInPages.first(ask, changes);
        }
        if (changes && !visitor.isToken(ask.form(SignInPages.TOKEN))) {
            throw new PageRefusal(
                    403, "This form is not of your session: go back, load the page again, and send it anew.");
        }
        return route.action().answer(ask);
    }

    private static void requireRole(Ask ask, Role least) {
        Membership membership = ask.membership();
        if (!membership.role().covers(least)) {
            throw new PageRefusal(
                    403,
                    "You are [%s] of [%s], and this takes [%s]: an owner can change that under Settings, People."
                            .formatted(membership.role().text(), membership.projectName(), least.text()));
        }
    }

    /** Browsers say which site a form stands on; other programs have no business here. */
    private static void requireSameOrigin(Request request) {
        if (!SentFrom.of(request).isOurs()) {
            throw new PageRefusal(403, "This form does not stand on a page of ours.");
        }
    }

    private static Fields query(Request request) {
        try {
            return readable(Request.extractQueryParameters(request));
        } catch (PageRefusal e) {
            throw e;
        } catch (RuntimeException e) {
            throw new PageRefusal(400, "What stands behind [?] in the address cannot be read.");
        }
    }

    private static Fields form(Request request) {
        try {
            return readable(FormFields.getFields(request, MOST_FIELDS, MOST_BYTES));
        } catch (PageRefusal e) {
            throw e;
        } catch (RuntimeException e) {
            throw new PageRefusal(400, "The form is too long, or is none.");
        }
    }

    /** No text that the database could hold has U+0000. */
    private static Fields readable(Fields fields) {
        for (Fields.Field field : fields) {
            if (field.getValues().stream().anyMatch(value -> value.indexOf('\0') >= 0)) {
                throw new PageRefusal(400, "[%s] has a character that is none (U+0000).".formatted(field.getName()));
            }
        }
        return fields;
    }

    private void write(Request request, Response response, Answer answer) throws IOException, InterruptedException {
        HttpFields.Mutable headers = response.getHeaders();
        switch (answer) {
            case Answer.Html(int status, String html) -> {
                response.setStatus(status);
                headers.put(HttpHeader.CACHE_CONTROL, "no-store");
                headers.put(HttpHeader.CONTENT_TYPE, "text/html; charset=utf-8");
                Content.Sink.write(response, true, ByteBuffer.wrap(html.getBytes(StandardCharsets.UTF_8)));
            }
            case Answer.Plain(String text) -> {
                headers.put(HttpHeader.CACHE_CONTROL, "no-store");
                headers.put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
                Content.Sink.write(response, true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            }
            case Answer.See(String path) -> {
                response.setStatus(303);
                headers.put(HttpHeader.CACHE_CONTROL, "no-store");
                headers.put(HttpHeader.LOCATION, path);
            }
            case Answer.Asset(String type, byte[] bytes) -> {
                headers.put(HttpHeader.CACHE_CONTROL, "public, max-age=31536000, immutable");
                headers.put(HttpHeader.CONTENT_TYPE, type + "; charset=utf-8");
                Content.Sink.write(response, true, ByteBuffer.wrap(bytes));
            }
            case Answer.Events(Answer.Source source) -> {
                headers.put(HttpHeader.CACHE_CONTROL, "no-store");
                headers.put(HttpHeader.CONTENT_TYPE, "text/event-stream");
                source.speak(new Listening(response));
                Content.Sink.write(response, true, ByteBuffer.allocate(0));
            }
        }
    }

    /** Events onto an answer. */
    private final class Listening implements Answer.Listener {
        private final Response response;

        Listening(Response response) {
            this.response = response;
        }

        @Override
        public void event(String name, String id, String data) throws IOException {
            say("id: %s\nevent: %s\ndata: %s\n\n".formatted(id, name, data));
        }

        @Override
        public void beat() throws IOException {
            say(":\n\n");
        }

        private void say(String text) throws IOException {
            Content.Sink.write(response, false, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public boolean isEnding() {
            return ending;
        }
    }
}
