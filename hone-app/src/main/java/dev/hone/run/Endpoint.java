package dev.hone.run;

import dev.hone.evaluate.Answer;
import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Pricing;
import dev.hone.record.Task;
import dev.hone.task.AnswerText;
import dev.hone.task.ChatJson;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Today's model behind an OpenAI-compatible endpoint, asked as the product asks it. Every answer is written down before the next
 * question, so nothing is paid for twice.
 */
final class Endpoint {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int ATTEMPTS = 5;
    private static final int MOST_BYTES = 4 << 20;
    private static final int MOST_TOKENS = 10_000_000;
    private static final int SHOWN = 200;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Incumbent incumbent;
    private final UseCase useCase;
    private final Path log;

    /** @param log file of the answers so far; need not exist yet */
    Endpoint(Incumbent incumbent, UseCase useCase, Path log) {
        this.incumbent = incumbent;
        this.useCase = useCase;
        this.log = log;
    }

    /** One request's outcome. */
    private record Answered(String output, int promptTokens, int completionTokens, double seconds) {
        /** Whether the token counts can be true: an answer takes tokens, and so does a question. */
        boolean credible() {
            return promptTokens > 0
                    && promptTokens < MOST_TOKENS
                    && completionTokens < MOST_TOKENS
                    && (completionTokens > 0 || output.isEmpty());
        }
    }

    /**
     * Answers, and what they cost.
     *
     * @param incredible answers whose usage cannot be true: then their cost is not known
     */
    record Outcome(Answers answers, Pricing pricing, int incredible) {}

    /**
     * Asks what was not asked yet, one after the other.
     *
     * @param stop whether to stop at the next task
     * @return nothing when stopped
     * @throws IOException when the endpoint does not answer; what it has answered stays
     */
    Optional<Outcome> answer(List<Task> tasks, IntConsumer progress, BooleanSupplier stop) throws IOException {
        Map<String, Answered> known = known(tasks);
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(incumbent.patience())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
            int done = 0;
            for (Task task : tasks) {
                if (stop.getAsBoolean()) {
                    return Optional.empty();
                }
                if (!known.containsKey(task.id())) {
                    Answered answered = ask(client, task);
                    note(task, answered);
                    known.put(task.id(), answered);
                }
                progress.accept(++done);
            }
        }
        List<Answered> all = new ArrayList<>();
        for (Task task : tasks) {
            Answered answered = known.get(task.id());
            if (answered != null) {
                all.add(answered);
            }
        }
        int incredible = (int) all.stream().filter(one -> !one.credible()).count();
        double[] latencies = all.stream().mapToDouble(Answered::seconds).toArray();
        double seconds = all.stream().mapToDouble(Answered::seconds).sum();
        List<Answer> answers = all.stream()
                .map(one -> new Answer(one.output(), one.promptTokens(), one.completionTokens()))
                .toList();
        return Optional.of(new Outcome(
                new Answers(incumbent.contender(), answers, seconds, latencies),
                incredible == 0 ? incumbent.pricing() : new Pricing.Unknown(),
                incredible));
    }

    private String body(Task task) {
        ObjectNode body = ChatJson.of(useCase.product(task));
        body.put("model", incumbent.model()).put("temperature", 0).put("max_tokens", useCase.maxTokens());
        return body.toString();
    }

    private String identity(Task task) {
        return new Identity().add(incumbent.identity()).add(body(task)).hex();
    }

    /** A response, all of it within the patience: a body that stops coming counts as broken off. */
    private HttpResponse<byte[]> send(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> sent = client.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            return sent.get(incumbent.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw new IOException(
                    "no whole answer within [%d s]"
                            .formatted(incumbent.patience().toSeconds()),
                    e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        }
    }

    private Answered ask(HttpClient client, Task task) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(incumbent.completions())
                .timeout(incumbent.patience())
                .header("Content-Type", "application/json")
                .header("User-Agent", "hone")
                .POST(HttpRequest.BodyPublishers.ofString(body(task)));
        if (incumbent.key() != null) {
            request.header("Authorization", "Bearer " + incumbent.key());
        }
        for (int attempt = 1; ; attempt++) {
            long start = System.nanoTime();
            String trouble;
            Duration pause = Duration.ofMillis(500L << attempt);
            try {
                HttpResponse<byte[]> response = send(client, request.build());
                String text = new String(response.body(), StandardCharsets.UTF_8);
                if (response.statusCode() == 200) {
                    return read(text, (System.nanoTime() - start) / 1e9);
                }
                trouble = "answers [%d]: %s".formatted(response.statusCode(), shortened(text));
                if (response.statusCode() != 429 && response.statusCode() < 500) {
                    throw failure(task, trouble + "; correct the URL, the model or the key");
                }
                pause = asked(response, pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Interrupted while [%s] was asked".formatted(incumbent.url()), e);
            } catch (Unreadable e) {
                throw failure(task, String.valueOf(e.getMessage()));
            } catch (EndpointFailure e) {
                throw e;
            } catch (IOException e) {
                trouble = "cannot be reached or broke off (%s)".formatted(e);
            }
            if (attempt == ATTEMPTS) {
                throw failure(task, trouble + ", after [%d] attempts".formatted(ATTEMPTS));
            }
            rest(pause);
        }
    }

    /** What went wrong for good. */
    private static final class EndpointFailure extends IOException {
        private static final long serialVersionUID = 1;

        EndpointFailure(String message) {
            super(message);
        }
    }

    /** An answer that is no chat completion. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreadable(String message) {
            super(message);
        }
    }

    private EndpointFailure failure(Task task, String what) {
        return new EndpointFailure(
                "The incumbent [%s] %s, at task [%s]. What it has answered is kept: the same command asks the rest"
                        .formatted(incumbent.url(), what, task.id()));
    }

    private static Duration asked(HttpResponse<?> response, Duration otherwise) {
        String after = response.headers().firstValue("Retry-After").orElse("");
        Duration pause = after.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(after)) : otherwise;
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /** With a quarter of chance, so that many clients do not come back together. */
    private static void rest(Duration pause) throws IOException {
        try {
            Thread.sleep(pause.plusMillis(ThreadLocalRandom.current().nextLong(1 + pause.toMillis() / 4)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while waiting for the incumbent", e);
        }
    }

    private static Answered read(String text, double seconds) {
        try {
            JsonNode answer = JSON.readTree(text);
            JsonNode message = answer.path("choices").path(0).path("message");
            if (!message.isObject()) {
                throw new Unreadable("answers no chat completion: " + shortened(text));
            }
            return new Answered(
                    AnswerText.of(message),
                    answer.path("usage").path("prompt_tokens").asInt(0),
                    answer.path("usage").path("completion_tokens").asInt(0),
                    seconds);
        } catch (JacksonException e) {
            throw new Unreadable("answers no JSON: " + shortened(text));
        }
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }

    private void note(Task task, Answered answered) throws IOException {
        ObjectNode line = JSON.createObjectNode()
                .put("identity", identity(task))
                .put("id", task.id())
                .put("output", answered.output())
                .put("promptTokens", answered.promptTokens())
                .put("completionTokens", answered.completionTokens())
                .put("seconds", answered.seconds());
        Files.createDirectories(log.toAbsolutePath().getParent());
        Files.writeString(
                log, (isTorn() ? "\n" : "") + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Whether the last line was cut off by a crash: what follows must not join it. */
    private boolean isTorn() throws IOException {
        if (!Files.exists(log) || Files.size(log) == 0) {
            return false;
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(file.length() - 1);
            return file.read() != '\n';
        }
    }

    /** By the task's id, of this incumbent and the tasks as they are now. */
    private Map<String, Answered> known(List<Task> tasks) throws IOException {
        Map<String, Answered> known = new HashMap<>();
        if (!Files.exists(log)) {
            return known;
        }
        Map<String, String> hashes = new HashMap<>();
        for (Task task : tasks) {
            hashes.put(task.id(), identity(task));
        }
        for (JsonNode line : StepLines.read(log)) {
            String id = line.path("id").asString("");
            @Nullable String hash = hashes.get(id);
            if (line.path("identity").asString("").equals(hash)) {
                known.put(
                        id,
                        new Answered(
                                line.path("output").asString(""),
                                line.path("promptTokens").asInt(0),
                                line.path("completionTokens").asInt(0),
                                line.path("seconds").asDouble(0)));
            }
        }
        return known;
    }
}
