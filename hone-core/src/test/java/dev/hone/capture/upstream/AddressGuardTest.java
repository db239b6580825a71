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
                "::ffff:10.0.0.1",
                "::127.0.0.1",
                "::ffff:0:10.0.0.1",
                "64:ff9b::10.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b:1::192.168.1.1",
                "64:ff9b:1:a00:0:100::",
                "64:ff9b:1:12:c0:a801:100::",
                "2002:a00:1::1",
                "2002:7f00:1::",
                "2001:0:a00:1:0:0:f7f7:f7f7",
                "2001:0:808:808:0:0:f5ff:fffe",
                "2001:db8::5efe:10.0.0.1",
                "2001:db8::200:5efe:7f00:1"
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
                "192.0.0.192",
                "::169.254.169.254",
                "::ffff:0:169.254.169.254",
                "64:ff9b::169.254.169.254",
                "64:ff9b::100.100.100.200",
                "64:ff9b::0.0.0.0",
                "64:ff9b:1::a9fe:a9fe",
                "64:ff9b:1:a9fe:a9:fe00::",
                "64:ff9b:1:a9:fe:a9fe::",
                "64:ff9b:1:0:a9:fea9:fe00:0",
                "2002:a9fe:a9fe::1",
                "2001:0:a9fe:a9fe::1",
                "2001:0:808:808:0:0:5601:5601",
                "fd00::5efe:169.254.169.254"
            })
    void whatIsNoServerIsNeverOne(String address) {
        assertThrows(UnknownHostException.class, () -> new AddressGuard(name(address), true).resolve("model.internal"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "64:ff9b::8.8.8.8",
                "64:ff9b:1::8.8.8.8",
                "64:ff9b:1:808:8:800::",
                "2002:808:808::1",
                "2001:0:808:808:0:0:f7f7:f7f7",
                "2001:4860:4860::8888"
            })
    void aPublicAddressWithinAnotherIsPublic(String address) throws Exception {
        assertEquals(1, new AddressGuard(name(address), false).resolve("api.example.com").length);
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
