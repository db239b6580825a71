package dev.hone.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.settings.SettingsException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TrustedProxiesTest {
    private static final TrustedProxies PROXIES = TrustedProxies.of(List.of("127.0.0.1", "10.1.0.0/16", "fd00::/8"));

    @Test
    void onlyWhoIsTrustedIsBelieved() {
        assertEquals("192.0.2.1", PROXIES.client("192.0.2.1", List.of("198.51.100.1")));
        assertEquals("198.51.100.1", PROXIES.client("127.0.0.1", List.of("198.51.100.1")));
        assertEquals("127.0.0.1", PROXIES.client("127.0.0.1", List.of()));
        assertEquals("127.0.0.1", TrustedProxies.NONE.client("127.0.0.1", List.of("198.51.100.1")));
    }

    @Test
    void whatTheClientClaimsItselfDoesNotCount() {
        assertEquals("198.51.100.1", PROXIES.client("127.0.0.1", List.of("203.0.113.9, 198.51.100.1, 10.1.2.3")));
        assertEquals("198.51.100.1", PROXIES.client("127.0.0.1", List.of("203.0.113.9", "198.51.100.1,10.1.255.255")));
        assertEquals("10.2.0.1", PROXIES.client("127.0.0.1", List.of("203.0.113.9, 10.2.0.1")));
        assertEquals("10.1.2.3", PROXIES.client("127.0.0.1", List.of("203.0.113.9, example.org, 10.1.2.3")));
    }

    @Test
    void aSubscriberOfTheNewInternetIsOne() {
        assertEquals("2001:db8:0:7::/64", PROXIES.client("[2001:db8:0:7:1::5]", List.of()));
        assertEquals("2001:db8:0:7::/64", PROXIES.client("fd00::1", List.of("2001:db8:0:7:ffff::1")));
    }

    @Test
    void whatIsNoNetworkIsRefused() {
        for (String wrong : List.of("example.org", "10.0.0.0/33", "10.0.0.0/0", "10.0.0.0/", "::1/129", "1.2.3.4/x")) {
            String file =
                    "upstreams: {own: {url: \"http://127.0.0.1:1/v1\"}}\ntrusted-proxies: [\"%s\"]\n".formatted(wrong);
            String message = assertThrows(
                            SettingsException.class, () -> GatewaySettings.read("hone.yaml", file, Map.of()))
                    .getMessage();
            assertTrue(message.contains("[" + wrong + "]") && message.contains("trusted-proxies"), message);
        }
    }
}
