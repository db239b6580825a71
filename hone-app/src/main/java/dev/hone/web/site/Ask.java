package dev.hone.web.site;

import dev.hone.capture.TrustedProxies;
import dev.hone.record.Person.Membership;
import dev.hone.web.access.Visitor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** What somebody asks for. */
final class Ask {
    private static final int LONGEST = 1000;

    private final Request request;
    private final Response response;
    private final Map<String, String> parts;
    private final Fields query;
    private final Fields form;
    private final @Nullable Visitor visitor;

    Ask(
            Request request,
            Response response,
            Map<String, String> parts,
            Fields query,
            Fields form,
            @Nullable Visitor visitor) {
        this.request = request;
        this.response = response;
        this.parts = Map.copyOf(parts);
        this.query = query;
        this.form = form;
        this.visitor = visitor;
    }

    /** Path with query, as it was asked for. */
    String address() {
        return request.getHttpURI().getPathQuery();
    }

    /** What stands for a segment of the route. */
    String part(String name) {
        return Objects.requireNonNull(parts.get(name), name);
    }

    /** The identifier of a segment; what is none names nothing. */
    UUID id(String name) {
        return identifier(part(name)) instanceof UUID id ? id : notFound();
    }

    private static UUID notFound() {
        throw PageRefusal.notFound();
    }

    private static @Nullable UUID identifier(String text) {
        try {
            return text.length() == 36 ? UUID.fromString(text) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Of the query; null where it is left out or empty. */
    @Nullable
    String query(String name) {
        String value = query.getValue(name);
        return value == null || value.isBlank() || value.length() > LONGEST ? null : value.strip();
    }

    /** An identifier of the query; null where there is none. */
    @Nullable
    UUID queryId(String name) {
        String value = query(name);
        return value == null ? null : identifier(value);
    }

    /** Of the form, without room at its ends; empty where it is left out. */
    String form(String name) {
        return typed(name).strip();
    }

    /** Of the form, as it was typed. */
    String typed(String name) {
        String value = form.getValue(name);
        return value == null ? "" : value;
    }

    /** All values of a name in the form. */
    List<String> forms(String name) {
        return form.getValuesOrEmpty(name);
    }

    @Nullable
    Visitor visitorOrNull() {
        return visitor;
    }

    Visitor visitor() {
        return Objects.requireNonNull(visitor, "nobody is signed in");
    }

    /** Who they are in the project of the path. */
    Membership membership() {
        return visitor().person().in(part(Route.PROJECT)).orElseThrow(PageRefusal::notFound);
    }

    UUID project() {
        return membership().project();
    }

    /** An address below the project. */
    String below(String path) {
        return "/p/" + membership().projectName() + path;
    }

    /** For the audit log. */
    String who() {
        return visitor().person().name();
    }

    /** Where they are, as far as is to be believed. */
    String remote(TrustedProxies proxies) {
        return proxies.client(
                Request.getRemoteAddr(request), request.getHeaders().getValuesList("X-Forwarded-For"));
    }

    @Nullable
    String header(String name) {
        return request.getHeaders().get(name);
    }

    @Nullable
    String cookie(String name) {
        return Cookies.read(request, name);
    }

    Request request() {
        return request;
    }

    Response response() {
        return response;
    }
}
