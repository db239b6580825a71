package dev.hone.capture;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Proxies in front of Hone, by their networks: they are believed when they say for whom they ask, and nobody else is. */
public record TrustedProxies(List<Network> networks) {
    public static final TrustedProxies NONE = new TrustedProxies(List.of());

    private static final int MOST_HOPS = 20;

    /** @param bits of the address that all of it have in common */
    public record Network(InetAddress address, int bits) {
        boolean has(InetAddress other) {
            byte[] own = address.getAddress();
            byte[] theirs = other.getAddress();
            if (own.length != theirs.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((own[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    public TrustedProxies {
        networks = List.copyOf(networks);
    }

    /**
     * Networks as they are written: {@code 10.0.0.0/8}, {@code ::1}.
     *
     * @throws IllegalArgumentException when one is none
     */
    public static TrustedProxies of(List<String> texts) {
        return new TrustedProxies(texts.stream().map(TrustedProxies::network).toList());
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
        int most = address == null ? 0 : address.getAddress().length * 8;
        String bits = slash < 0 ? String.valueOf(most) : text.substring(slash + 1);
        if (address == null || !bits.matches("\\d{1,3}") || Integer.parseInt(bits) > most || bits.equals("0")) {
            throw new IllegalArgumentException(text);
        }
        return new Network(address, Integer.parseInt(bits));
    }

    /** An address that is written as one: no name is looked up. */
    private static @Nullable InetAddress address(String text) {
        try {
            return InetAddress.ofLiteral(
                    text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * Who asks: whoever the last proxy names that is trusted, going back as far as those are that are named.
     *
     * @param peer whose connection it is
     * @param forwarded values of {@code X-Forwarded-For}, in their order
     * @return an address; of IPv6 the network of 64 bits, of which one subscriber has all addresses
     */
    public String client(String peer, List<String> forwarded) {
        InetAddress client = address(peer);
        if (client == null) {
            return peer;
        }
        List<String> hops = new ArrayList<>();
        forwarded.forEach(value -> hops.addAll(Arrays.asList(value.split(","))));
        for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - MOST_HOPS) && isTrusted(client); i--) {
            InetAddress named = address(hops.get(i).strip());
            if (named == null) {
                break;
            }
            client = named;
        }
        return shown(client);
    }

    private boolean isTrusted(InetAddress address) {
        return networks.stream().anyMatch(network -> network.has(address));
    }

    private static String shown(InetAddress address) {
        if (!(address instanceof Inet6Address) || address.isLoopbackAddress()) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        return "%x:%x:%x:%x::/64".formatted(pair(bytes, 0), pair(bytes, 2), pair(bytes, 4), pair(bytes, 6));
    }

    private static int pair(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }
}
