package dev.hone.capture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.gateway.Mutations;
import dev.hone.settings.SettingsException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway's file is followed, or refused with its place: never anything else, and soon. */
@Timeout(120)
final class SettingsFuzzTest {
    private static final int TRIES = 5_000;

    private static final List<String> FILES = List.of("""
            host: 127.0.0.1
            port: 0
            keys: none
            durability: strict
            most-mebibytes: 8
            currency: EUR
            heartbeat: 5s
            drain-notice: 5s
            looks: {watch: 1h, settle: 1min, loop: 30s}
            upstreams:
              own:
                url: "http://127.0.0.1:9/v1"
                connect: 2s
                silence: 1min
                private: true
                prices: {m: {input: 0.40, cached: 0.10, output: 1.60}}
            """, """
            upstreams: {one: {url: "https://api.example.com/v1", key: KEY}, two: {url: 'http://[::1]:80/'}}
            """, """
            # nothing else
            upstreams:
              a:
                url: |
                  http://x
            """);

    @Test
    void aFileIsFollowedOrRefused() {
        int followed = 0;
        for (int seed = 0; seed < TRIES; seed++) {
            String text = new String(new Mutations(seed).of(FILES), StandardCharsets.UTF_8);
            try {
                GatewaySettings.read("hone.yaml", text, Map.of("KEY", "secret"));
                followed++;
            } catch (SettingsException e) {
                assertTrue(e.getMessage().contains("hone.yaml"), e.getMessage());
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed + ": " + text, e);
            }
        }
        assertTrue(followed > TRIES / 50 && followed < TRIES / 2, followed + " of " + TRIES);
    }

    @Test
    void whatIsDeepOrLargeIsRefusedSoon() {
        for (String text : List.of(
                "[".repeat(200_000),
                "{a: ".repeat(50_000),
                "- ".repeat(100_000),
                "a: &a [x]\nb: [" + "*a,".repeat(10_000) + "]",
                "? ".repeat(50_000),
                "a: " + "9".repeat(200_000),
                "port: " + "9".repeat(1_000),
                "port: 1e999999999\nupstreams: {a: {url: http://x}}",
                "upstreams: {a: {url: http://x, connect: 99999999999999999999s}}",
                "upstreams: {a: {url: http://x, prices: {m: {input: 1e999999999}}}}",
                "\"" + "x".repeat(200_000))) {
            try {
                GatewaySettings.read("hone.yaml", text, Map.of());
                throw new AssertionError("followed: " + text.substring(0, Math.min(80, text.length())));
            } catch (SettingsException e) {
                assertTrue(e.getMessage().length() < 2_000, e.getMessage().length() + " characters of message");
            }
        }
    }
}
