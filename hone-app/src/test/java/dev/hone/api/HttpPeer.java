package dev.hone.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the API over real HTTP. */
record HttpPeer(HttpClient client, String url, String key) {
    HttpPeer(String url) {
        this(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), url, "");
    }

    /** One that shows a key. */
    HttpPeer with(String shown) {
        return new HttpPeer(client, url, shown);
    }

    private HttpRequest.Builder to(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
        return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
    }

    /** What came back: the status, and the JSON of the body. */
    record Reply(int status, JsonNode json, HttpResponse<?> response) {
        String at(String pointer) {
            return json.at(pointer).asString("");
        }
    }

    Reply chat(String body) {
        return post("/chat/completions", "application/json", body);
    }

    Reply post(String path, String type, String body) {
        return send(to(path).header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    Reply get(String path) {
        return send(to(path).build());
    }

    private Reply send(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return new Reply(response.statusCode(), JsonMapper.shared().readTree(response.body()), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The data of a stream's events, in order. */
    List<String> events(String body) {
        List<String> events = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(open(body).body(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                if (line.startsWith("data: ")) {
                    events.add(line.substring(6));
                } else if (!line.isEmpty()) {
                    throw new IllegalStateException("No event: " + line);
                }
                line = lines.readLine();
            }
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<InputStream> open(String body) {
        try {
            return client.send(
                    to("/chat/completions")
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
