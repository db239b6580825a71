package dev.hone.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentProxyTest {
    private static List<Proxy> proxies(Map<String, String> environment, String uri) {
        return new EnvironmentProxy(environment).select(URI.create(uri));
    }

    private static List<Proxy> at(String host, int port) {
        return List.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(host, port)));
    }

    @Test
    void theSchemeDecidesWhichVariableCounts() {
        Map<String, String> both = Map.of("HTTPS_PROXY", "http://127.0.0.1:3128/", "http_proxy", "[::1]:8080");
        assertEquals(at("127.0.0.1", 3128), proxies(both, "https://hub.example/file"));
        assertEquals(at("::1", 8080), proxies(both, "http://hub.example/file"));
        assertEquals(at("127.0.0.1", 1), proxies(Map.of("ALL_PROXY", "127.0.0.1:1"), "https://hub.example"));
        assertEquals(List.of(Proxy.NO_PROXY), proxies(Map.of(), "https://hub.example"));
    }

    @Test
    void smallLettersCountBeforeCapitals() {
        Map<String, String> both = Map.of("https_proxy", "127.0.0.1:1", "HTTPS_PROXY", "127.0.0.1:2");
        assertEquals(at("127.0.0.1", 1), proxies(both, "https://hub.example"));
    }

    @Test
    void hostsAndDomainsCanBeLeftOut() {
        Map<String, String> some =
                Map.of("HTTPS_PROXY", "127.0.0.1:1", "NO_PROXY", "localhost, .corp.example,*.lan,mirror.org");
        for (String direct : List.of("localhost", "corp.example", "hub.CORP.example", "a.lan", "cdn.mirror.org")) {
            assertEquals(List.of(Proxy.NO_PROXY), proxies(some, "https://" + direct + "/file"), direct);
        }
        for (String behind : List.of("notcorp.example", "mirror.org.evil.example", "hub.example")) {
            assertEquals(at("127.0.0.1", 1), proxies(some, "https://" + behind + "/file"), behind);
        }
        assertEquals(
                List.of(Proxy.NO_PROXY),
                proxies(Map.of("HTTPS_PROXY", "127.0.0.1:1", "NO_PROXY", "*"), "https://hub.example"));
    }

    @Test
    void whatIsNoProxyIsNamedWithoutItsPassword() {
        for (String bad : List.of("http://me:secret@127.0.0.1:1", "127.0.0.1", "host:99999", "socks5://h:1")) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> proxies(Map.of("HTTPS_PROXY", bad), "https://hub.example"))
                    .getMessage();
            assertTrue(message.contains("HTTPS_PROXY") && message.contains("http://host:port"), message);
            assertFalse(message.contains("secret"), message);
        }
    }
}
