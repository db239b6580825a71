package dev.hone.demo;

import dev.hone.record.Grader;
import dev.hone.record.Task;
import dev.hone.run.UseCase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Simulated users of a product: some at once, each with a conversation that is a call to the gateway, and mostly with a word of whether it helped. */
final class Users implements AutoCloseable {
    /** The metric by which they say so. */
    static final String HELPED = "helped";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int IN_A_ROW = 30;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI gateway;
    private final UseCase useCase;
    private final Predicate<Task> isNew;
    private final Grader grader;
    private final Timeline timeline;
    private final int atOnce;
    private final Duration pause;
    private final double says;
    private final double mistakes;
    private final SplittableRandom random;
    private final Map<UUID, Task> asked = new ConcurrentHashMap<>();

    /**
     * @param gateway address under which OpenAI's paths are
     * @param atOnce users at once
     * @param pause of each between two conversations
     * @param says share of the calls about which they say whether they helped
     * @param mistakes share of these that say the opposite
     */
    Users(
            URI gateway,
            World world,
            Timeline timeline,
            int atOnce,
            Duration pause,
            double says,
            double mistakes,
            long seed) {
        this.gateway = gateway;
        this.useCase = world.useCase();
        this.isNew = world::isNew;
        this.grader = useCase.grader();
        this.timeline = timeline;
        this.atOnce = atOnce;
        this.pause = pause;
        this.says = says;
        this.mistakes = mistakes;
        this.random = new SplittableRandom(seed);
    }

    /** What a trace asked, of those that these users sent. */
    Map<UUID, Task> asked() {
        return asked;
    }

    /** Sends so many conversations. @param next what the next one asks; asked by one thread at a time */
    void send(int calls, Supplier<Task> next) throws IOException {
        AtomicInteger left = new AtomicInteger(calls);
        until(() -> left.getAndDecrement() <= 0, next);
    }

    /**
     * Sends conversations until something is so, which is asked before each.
     *
     * @throws IOException when nobody is answered any more
     */
    void until(BooleanSupplier over, Supplier<Task> next) throws IOException {
        AtomicBoolean broken = new AtomicBoolean();
        AtomicInteger failedInARow = new AtomicInteger();
        List<String> reasons = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            threads.add(Thread.ofVirtual().name("hone-demo-user-" + i).start(() -> {
                while (!broken.get() && !over.getAsBoolean()) {
                    Task task;
                    SplittableRandom own;
                    synchronized (random) {
                        task = next.get();
                        own = random.split();
                    }
                    String failed = converse(task, own);
                    rest();
                    if (failed.isEmpty()) {
                        failedInARow.set(0);
                    } else if (failedInARow.incrementAndGet() >= IN_A_ROW) {
                        synchronized (reasons) {
                            reasons.add(failed);
                        }
                        broken.set(true);
                    }
                }
            }));
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            broken.set(true);
            Thread.currentThread().interrupt();
            throw new IOException("The users were interrupted", e);
        }
        if (broken.get()) {
            throw new IOException("The gateway answers nobody any more: " + reasons);
        }
    }

    private void rest() {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return why nobody was answered; empty where somebody was */
    private String converse(Task task, SplittableRandom own) {
        double at = timeline.now();
        long start = System.nanoTime();
        try {
            ObjectNode request = useCase.request(task);
            request.put("model", "use-case/" + useCase.data().name()).put("temperature", 0);
            HttpResponse<String> response = post(
                    "/chat/completions", request.toString(), UUID.randomUUID().toString());
            double millis = (System.nanoTime() - start) / 1e6;
            if (response.statusCode() != 200) {
                timeline.add(new Timeline.Call(at, "", isNew.test(task), false, millis));
                return "%d %s".formatted(response.statusCode(), response.body());
            }
            String output = GeneralModel.output(JsonMapper.shared().readTree(response.body()));
            boolean right = isRight(task, output);
            String variant = response.headers().firstValue("x-hone-variant").orElse("");
            timeline.add(new Timeline.Call(at, variant, isNew.test(task), right, millis));
            String trace = response.headers().firstValue("x-hone-trace").orElse("");
            asked.put(UUID.fromString(trace), task);
            if (own.nextDouble() < says) {
                say(trace, right != own.nextDouble() < mistakes);
            }
            return "";
        } catch (IOException | IllegalArgumentException | JacksonException e) {
            return String.valueOf(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private boolean isRight(Task task, String output) {
        return grader.grade(task, output).score() == 1;
    }

    private void say(String trace, boolean helped) throws IOException, InterruptedException {
        ObjectNode feedback = JsonMapper.shared()
                .createObjectNode()
                .put("trace", trace)
                .put("kind", "boolean")
                .put("name", HELPED)
                .put("value", helped);
        post("/feedback", feedback.toString(), "");
    }

    /** Says what is right, as an expert does. @throws IOException when it is not taken */
    void label(UUID trace, String author, JsonNode message) throws IOException, InterruptedException {
        ObjectNode feedback = JsonMapper.shared()
                .createObjectNode()
                .put("trace", trace.toString())
                .put("kind", "demonstration")
                .put("author", author);
        feedback.set("value", message);
        HttpResponse<String> response = post("/feedback", feedback.toString(), "");
        if (response.statusCode() / 100 != 2) {
            throw new IOException("A label was not taken: %d %s".formatted(response.statusCode(), response.body()));
        }
    }

    private HttpResponse<String> post(String path, String body, String episode)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!episode.isEmpty()) {
            request.header("x-hone-episode", episode);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.close();
    }
}
