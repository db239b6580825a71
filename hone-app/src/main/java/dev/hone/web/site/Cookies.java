package dev.hone.web.site;

import java.time.Duration;
import java.util.Objects;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * Cookies that no script reads and no other site makes a browser send. Where a browser reaches us under a name that is not this machine's
 * own, they pass encrypted connections alone, and under a name that no neighbouring host can set.
 */
final class Cookies {
    private Cookies() {}

    static @Nullable String read(Request request, String name) {
        String called = called(request, name);
        return Request.getCookies(request).stream()
                .filter(cookie -> cookie.getName().equals(called))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElse(null);
    }

    static void set(Request request, Response response, String name, String value, Duration time) {
        response.getHeaders()
                .add(
                        HttpHeader.SET_COOKIE,
                        "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s"
                                .formatted(
                                        called(request, name),
                                        value,
                                        time.toSeconds(),
                                        isLoopback(request) ? "" : "; Secure"));
    }

    static void remove(Request request, Response response, String name) {
        set(request, response, name, "", Duration.ZERO);
    }

    private static String called(Request request, String name) {
        return isLoopback(request) ? name : "__Host-" + name;
    }

    /** Whether the browser is on this machine, by the name under which it reaches us. */
    static boolean isLoopback(Request request) {
        String host = Objects.requireNonNullElse(Request.getServerName(request), "");
        return host.matches("localhost|127(\\.\\d{1,3}){3}|\\[?::1]?");
    }
}
