package dev.hone.capture.upstream;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * Looks a server's name up, and keeps to what may be connected to: what it gives is what the connection goes to, so that nobody can
 * answer one address to the check and another to the connection. A name of the public internet does not lead into the network that
 * Hone stands in, unless the configuration says that the server is there.
 */
final class AddressGuard implements DnsResolver {
    /** Where clouds tell secrets, beside link-local addresses: Amazon's and Google's by IPv6, Alibaba's, Oracle's. */
    private static final Set<InetAddress> TELLING = Set.of(
            InetAddress.ofLiteral("fd00:ec2::254"),
            InetAddress.ofLiteral("fd20:ce::254"),
            InetAddress.ofLiteral("100.100.100.200"),
            InetAddress.ofLiteral("192.0.0.192"));

    private final DnsResolver names;
    private final boolean inside;

    /** @param inside whether the server may be in this network, or this machine */
    AddressGuard(boolean inside) {
        this(SystemDefaultDnsResolver.INSTANCE, inside);
    }

    AddressGuard(DnsResolver names, boolean inside) {
        this.names = names;
        this.inside = inside;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] found = names.resolve(host);
        List<InetAddress> allowed = new ArrayList<>();
        for (InetAddress address : found) {
            List<InetAddress> meant = MeantAddresses.of(address);
            if (meant.stream().allMatch(AddressGuard::isServer)
                    && (inside || meant.stream().noneMatch(AddressGuard::isInside))) {
                allowed.add(address);
            }
        }
        if (allowed.isEmpty()) {
            throw new UnknownHostException(
                    "[%s] leads to %s, which is no address for a server of the public internet: write [private: true] at its upstream if it stands in your network"
                            .formatted(
                                    host,
                                    Arrays.stream(found)
                                            .map(InetAddress::getHostAddress)
                                            .toList()));
        }
        return allowed.toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return names.resolveCanonicalHostname(host);
    }

    /** No group, no address of nobody, and none of those at which clouds tell secrets. */
    private static boolean isServer(InetAddress address) {
        return !address.isAnyLocalAddress()
                && !address.isMulticastAddress()
                && !address.isLinkLocalAddress()
                && !TELLING.contains(address);
    }

    /** Loopback, private (RFC 1918, RFC 4193), site-local and shared (RFC 6598) addresses, also as IPv6 writes IPv4. */
    static boolean isInside(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean unique = address instanceof Inet6Address && (bytes[0] & 0xfe) == 0xfc;
        boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
        boolean nowhere = bytes.length == 4 && bytes[0] == 0;
        return address.isLoopbackAddress() || address.isSiteLocalAddress() || unique || shared || nowhere;
    }
}
