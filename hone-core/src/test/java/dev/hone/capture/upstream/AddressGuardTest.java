package dev.hone.capture.upstream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.record.CallUsage;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressGuardTest {
    /** A name that leads to these addresses. */
    private static DnsResolver name(String... addresses) {
        return new DnsResolver() {
            @Override
            public InetAddress[] resolve(String host) throws UnknownHostException {
                InetAddress[] found = new InetAddress[addresses.length];
                for (int i = 0; i < found.length; i++) {
                    found[i] = InetAddress.getByName(addresses[i]);
                }
                return found;
            }

            @Override
            public String resolveCanonicalHostname(String host) {
                return host;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "100.64.0.1",
                "0.1.2.3",
                "::1",
                "fc00::1",
                "fd12::1",
                "::ffff:10.0.0.1"
            })
    void aPublicNameDoesNotLeadInside(String address) throws Exception {
        String message = assertThrows(
                        UnknownHostException.class,
                        () -> new AddressGuard(name(address), false).resolve("api.example.com"))
                .getMessage();
        assertTrue(message.contains("private: true") && message.contains("api.example.com"), message);
        assertEquals(1, new AddressGuard(name(address), true).resolve("model.internal").length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "0.0.0.0",
                "224.0.0.1",
                "fe80::1",
                "::",
                "::ffff:169.254.169.254",
                "fd00:ec2::254",
                "fd20:ce::254",
                "100.100.100.200",
                "192.0.0.192"
            })
    void whatIsNoServerIsNeverOne(String address) {
        assertThrows(UnknownHostException.class, () -> new AddressGuard(name(address), true).resolve("model.internal"));
    }

    /** Only what was looked at is connected to: a second answer of the name does not count. */
    @Test
    void ofSeveralAddressesThoseStayThatMay() throws Exception {
        assertArrayEquals(
                new InetAddress[] {InetAddress.getByName("93.184.216.34")},
                new AddressGuard(name("10.0.0.1", "93.184.216.34", "127.0.0.1"), false).resolve("api.example.com"));
    }

    @Test
    void aPriceIsExact() {
        Price price = new Price(new BigDecimal("0.15"), new BigDecimal("0.075"), new BigDecimal("0.60"));
        assertEquals(
                0,
                new BigDecimal("0.000000675")
                        .compareTo(price.of(new CallUsage(3L, 2L, 0L)).add(new BigDecimal("0.000000375"))));
        assertEquals(0, new BigDecimal("0.0000003").compareTo(price.of(new CallUsage(3L, 2L, 0L))));
        assertEquals(0, new BigDecimal("0.00000045").compareTo(price.of(new CallUsage(3L, null, null))));
        assertEquals(null, price.of(CallUsage.UNKNOWN));
    }
}
