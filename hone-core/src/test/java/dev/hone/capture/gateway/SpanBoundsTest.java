package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Exports of few bytes that would be many objects: what they are made of is bounded before it is made. */
final class SpanBoundsTest extends GatewayFixture {
    @BeforeEach
    void asShipped() {
        options = new GatewayOptions(24 << 20, 24 << 20, false, Duration.ofSeconds(15));
    }

    /** An empty {@code resource_spans} so many times. */
    private static byte[] empties(int count) {
        byte[] all = new byte[2 * count];
        for (int i = 0; i < all.length; i += 2) {
            all[i] = 0x0a;
        }
        return all;
    }

    private HttpResponse<String> send(String url, String type, byte[] plain) throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        assertTrue(packed.size() < 50_000, packed.size() + " bytes on their way");
        return http.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/traces"))
                        .header("Content-Type", type)
                        .header("Content-Encoding", "gzip")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(packed.toByteArray()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String url() throws Exception {
        return gateway(server("one", asked -> asked.say(200, "application/json", "{}")));
    }

    @Test
    void manyEmptyMessagesAreRefused() throws Exception {
        String url = url();
        HttpResponse<String> many = send(url, "application/x-protobuf", empties(12_000_000));
        assertEquals(400, many.statusCode());
        assertTrue(many.body().contains("more than [2000000] values: send smaller batches"), many.body());
        assertEquals(200, send(url, "application/x-protobuf", empties(100_000)).statusCode());
        assertEquals(List.of(), troubles);
    }

    /** What the objects take counts with the bodies of all calls, in both encodings. */
    @Test
    void objectsHaveRoomOrAreNotMade() throws Exception {
        memory = 40 << 20;
        String url = url();
        byte[] json = ("{\"resourceSpans\":[" + "{},".repeat(500_000) + "{}]}").getBytes(StandardCharsets.UTF_8);
        assertEquals(
                503, send(url, "application/x-protobuf", empties(1_900_000)).statusCode());
        assertEquals(503, send(url, "application/json", json).statusCode());
        assertEquals(200, send(url, "application/x-protobuf", empties(100_000)).statusCode(), "the room is given back");
        assertEquals(List.of(), troubles);
    }
}
