package dev.hone.load;

import dev.hone.record.Task;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Callers of a use case whose inputs are words, one call after the other, who note who answered each and what, and say whether that helped. */
final class WordCallers implements AutoCloseable {
    /** The metric by which they say so. */
    static final String HELPED = "helped";

    private static final Duration RECONNECT = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Given> given = new ConcurrentLinkedQueue<>();
    private final Queue<String> refused = new ConcurrentLinkedQueue<>();
    private final AtomicLong broken = new AtomicLong();
    private final AtomicInteger next = new AtomicInteger();
    private final URI base;
    private final String useCase;
    private final List<Task> words;
    private final Duration pause;
    private volatile boolean ended;

    /** @param pause of each caller between two calls */
    WordCallers(InetSocketAddress address, String useCase, List<Task> words, Duration pause) {
        this.base = URI.create("http://127.0.0.1:%d/v1/".formatted(address.getPort()));
        this.useCase = useCase;
        this.words = List.copyOf(words);
        this.pause = pause;
    }

    /**
     * An answer that a caller read to its end.
     *
     * @param variant that the gateway says has answered
     */
    record Given(String trace, Task word, String variant, String answer) {
        boolean isRight() {
            return answer.equals(word.reference());
        }
    }

    /** So many more. */
    WordCallers begin(int count) {
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofVirtual().start(this::ask));
        }
        return this;
    }

    private void ask() {
        try {
            while (!ended) {
                try {
                    askOnce();
                    Thread.sleep(pause);
                } catch (IOException e) {
                    broken.incrementAndGet();
                    Thread.sleep(RECONNECT);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void askOnce() throws IOException, InterruptedException {
        Task word = words.get(Math.floorMod(next.getAndIncrement(), words.size()));
        ObjectNode request = JsonMapper.shared().createObjectNode();
        request.put("model", "use-case/" + useCase).put("temperature", 0);
        request.putArray("messages").addObject().put("role", "user").put("content", word.question());
        HttpResponse<String> response = post("chat/completions", request);
        if (response.statusCode() != 200) {
            refused.add("%d %s".formatted(response.statusCode(), response.body()));
            return;
        }
        Given one = new Given(
                header(response, "x-hone-trace"), word, header(response, "x-hone-variant"), answer(response.body()));
        given.add(one);
        post(
                "feedback",
                JsonMapper.shared()
                        .createObjectNode()
                        .put("trace", one.trace())
                        .put("kind", "boolean")
                        .put("name", HELPED)
                        .put("value", one.isRight()));
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static String answer(String body) {
        JsonNode message =
                JsonMapper.shared().readTree(body).path("choices").path(0).path("message");
        return message.path("content").asString("");
    }

    private HttpResponse<String> post(String path, ObjectNode body) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(base.resolve(path))
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** All answers so far. */
    List<Given> given() {
        return List.copyOf(given);
    }

    int count() {
        return given.size();
    }

    /** How many answers there are of each variant. */
    Map<String, Long> byVariant() {
        return given.stream().collect(Collectors.groupingBy(Given::variant, TreeMap::new, Collectors.counting()));
    }

    /** What the gateway said to those whom it turned away. */
    List<String> refused() {
        return List.copyOf(refused);
    }

    /** Calls that ended without an answer. */
    long broken() {
        return broken.get();
    }

    /** Lets everyone finish the call that is being made. */
    @Override
    public void close() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            if (!thread.join(PATIENCE)) {
                thread.interrupt();
            }
        }
        http.close();
    }
}
