package dev.hone.serve;

import dev.hone.capture.access.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the models of Hone's own are served: each at a port of this machine that was free, the same until the process ends, with a key of this process that
 * stands nowhere. Threads share it.
 */
public final class OwnPlaces {
    private static final String HOST = "127.0.0.1";

    private final Map<String, Place> places = new ConcurrentHashMap<>();

    /**
     * A port, which nobody else takes while its server is not there yet.
     *
     * @param held bound to it, and does not listen: who calls too early is refused at once
     */
    private record Place(int port, Secret key, Socket held) {}

    private Place place(String model) {
        return places.computeIfAbsent(model, name -> {
            try {
                Socket held = bound(0);
                return new Place(held.getLocalPort(), Secret.random(), held);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Socket bound(int port) throws IOException {
        Socket held = new Socket();
        try {
            held.bind(new InetSocketAddress(InetAddress.getByName(HOST), port));
            return held;
        } catch (IOException e) {
            held.close();
            throw e;
        }
    }

    URI address(String model) {
        return URI.create("http://%s:%d/v1".formatted(HOST, place(model).port()));
    }

    /** What its server wants to be shown. */
    Secret key(String model) {
        return place(model).key();
    }

    /** The port, free for the server that now takes it. */
    int take(String model) throws IOException {
        Place place = place(model);
        place.held().close();
        return place.port();
    }

    /** Its server could not be opened, and will be tried again. */
    void hold(String model) {
        places.computeIfPresent(model, (name, place) -> {
            if (!place.held().isClosed()) {
                return place;
            }
            try {
                return new Place(place.port(), place.key(), bound(place.port()));
            } catch (IOException e) {
                // Somebody was quicker, whom the next try tells.
                return place;
            }
        });
    }
}
