package dev.hone.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

final class OwnPlacesTest {
    private final OwnPlaces places = new OwnPlaces();

    private int port(String model) {
        return places.address(model).getPort();
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
    }

    /** A model may take minutes to load: nobody else may stand where calls to it will go. */
    @Test
    void aPortIsHeldUntilItIsTaken() throws IOException {
        int port = port("support");
        assertThrows(BindException.class, () -> listen(port));
        assertThrows(
                ConnectException.class, () -> new Socket("127.0.0.1", port).close(), "refused, and not kept waiting");
        assertEquals(port, places.take("support"));
        listen(port).close();
        places.hold("support");
        assertThrows(BindException.class, () -> listen(port));
        assertEquals(port, places.take("support"));
        try (ServerSocket server = listen(port)) {
            places.hold("support");
            assertEquals(port, server.getLocalPort());
        }
        assertEquals(port, port("support"));
    }

    @Test
    void eachHasItsOwn() {
        assertNotEquals(port("a"), port("b"));
        assertNotEquals(places.key("a"), places.key("b"));
        assertEquals(places.key("a"), places.key("a"));
        assertNotEquals(places.key("a"), new OwnPlaces().key("a"), "of each start");
    }
}
