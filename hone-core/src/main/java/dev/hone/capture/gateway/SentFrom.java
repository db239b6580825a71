package dev.hone.capture.gateway;

import java.net.URI;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Where a request stands, as browsers say. Other programs say nothing.
 *
 * @param site {@code Sec-Fetch-Site}: how the page that sends it is related to us
 * @param origin of the page that sends it
 * @param host by which we are called
 */
public record SentFrom(
        @Nullable String site,
        @Nullable String origin,
        @Nullable String host) {
    private static final String SAME = "same-origin";

    /** Somebody wrote the address into the browser. */
    private static final String NONE = "none";

    public static SentFrom of(Request request) {
        HttpFields headers = request.getHeaders();
        return new SentFrom(
                headers.get("Sec-Fetch-Site"), headers.get(HttpHeader.ORIGIN), headers.get(HttpHeader.HOST));
    }

    /** Whether a page of ours sends it, by a browser that says so. */
    public boolean isOurs() {
        return (site != null || origin != null) && (site == null || site.equals(SAME)) && !isForeign();
    }

    /** Whether somebody else's page sends it. */
    public boolean isForeign() {
        return site != null && !site.equals(SAME) && !site.equals(NONE)
                || origin != null && !authority(origin).equals(host);
    }

    private static String authority(String origin) {
        try {
            return String.valueOf(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
