package dev.hone.capture.gateway;

import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Why a request may be one that a page of somebody else has a browser of this machine send: for servers that ask for no key.
 *
 * @param code of the refusal
 * @param reason a sentence without its end, for a remedy to follow
 */
public record ForeignPage(String code, String reason) {
    /** By the name that it calls us by; null where nobody else can have that name. */
    public static @Nullable ForeignPage byName(Request request) {
        String host = SentFrom.of(request).host();
        boolean loopback = request.getConnectionMetaData().getLocalSocketAddress() instanceof InetSocketAddress local
                && local.getAddress() != null
                && local.getAddress().isLoopbackAddress();
        return HostName.isAnothers(host, loopback)
                ? new ForeignPage(
                        "foreign_host",
                        "[Host] is [%s], which a page of somebody else could have lead here".formatted(host))
                : null;
    }

    /** By what its browser says of where it stands; null where that is nowhere else. */
    public static @Nullable ForeignPage byOrigin(Request request) {
        SentFrom from = SentFrom.of(request);
        return from.isForeign()
                ? new ForeignPage(
                        "foreign_origin",
                        "A page of somebody else sends this ([Origin] is [%s], [Sec-Fetch-Site] is [%s])"
                                .formatted(from.origin(), from.site()))
                : null;
    }
}
