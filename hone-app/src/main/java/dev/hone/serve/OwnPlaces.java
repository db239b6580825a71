package dev.hone.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where the models of Hone's own are served: each at a free port of this machine, the same until the process ends. */
public final class OwnPlaces {
    private static final String HOST = "127.0.0.1";

    private final Map<String, Integer> ports = new ConcurrentHashMap<>();

    int port(String model) {
        return ports.computeIfAbsent(model, name -> {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    URI address(String model) {
        return URI.create("http://%s:%d/v1".formatted(HOST, port(model)));
    }
}
