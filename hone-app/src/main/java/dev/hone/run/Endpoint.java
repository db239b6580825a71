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
 * Today's model behind an OpenAI-compatible endpoint, asked as the product asks it, in the {@link ChatParameters} that it takes.
 * Every answer is written down before the next question, so nothing is paid for twice.
 */
final class Endpoint {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int ATTEMPTS = 5;
    private static final int MOST_BYTES = 4 << 20;
    private static final int MOST_TOKENS = 10_000_000;
    private static final int SHOWN = 200;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_CONNECTING = Duration.ofSeconds(30);

    private final Incumbent incumbent;
    private final UseCase useCase;
    private final Path log;
    private ChatParameters parameters = ChatParameters.FIRST;

    /** @param log file of the answers so far; need not exist yet */
    Endpoint(Incumbent incumbent, UseCase useCase, Path log) {
        this.incumbent = incumbent;
        this.useCase = useCase;
        this.log = log;
    }

    /**
     * One request's outcome.
     *
     * @param cut whether the answer ended because it was as long as it may be
     */
    private record Answered(String output, int promptTokens, int completionTokens, double seconds, boolean cut) {
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
                .connectTimeout(shorter(incumbent.patience(), LONGEST_CONNECTING))
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
                new Answers(incumbent.contender(), answers, seconds, latencies)
                        .cutting((int) all.stream().filter(Answered::cut).count()),
                incredible == 0 ? incumbent.pricing() : new Pricing.Unknown(),
                incredible));
    }

    private HttpRequest request(Task task) {
        ObjectNode body = ChatJson.of(useCase.product(task));
        parameters.put(body.put("model", incumbent.model()), incumbent.maxTokens());
        HttpRequest.Builder request = HttpRequest.newBuilder(incumbent.completions())
                .timeout(incumbent.patience())
                .header("Content-Type", "application/json")
                .header("User-Agent", "hone")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        if (incumbent.key() != null) {
            request.header("Authorization", "Bearer " + incumbent.key());
        }
        return request.build();
    }

    /** Of what is asked, in whatever parameters. */
    private String identity(Task task) {
        return new Identity()
                .add(incumbent.identity())
                .addValue(incumbent.maxTokens())
                .add(ChatJson.of(useCase.product(task)).toString())
                .hex();
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
                    "no whole answer within [%d s]: --incumbent-timeout gives it more"
                            .formatted(incumbent.patience().toSeconds()),
                    e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        }
    }

    private Answered ask(HttpClient client, Task task) throws IOException {
        for (int attempt = 1; ; attempt++) {
            String trouble;
            Duration pause = Duration.ofMillis(500L << attempt);
            try {
                Timed timed = accepted(client, task);
                HttpResponse<byte[]> response = timed.response();
                String text = text(response);
                if (response.statusCode() == 200) {
                    return read(text, timed.seconds());
                }
                trouble = "answers [%d]: %s".formatted(response.statusCode(), shortened(text));
                if (response.statusCode() != 429 && response.statusCode() < 500) {
                    throw failure(task, trouble + "; " + remedy(response.statusCode(), text));
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

    /** A response, and how long it took. */
    private record Timed(HttpResponse<byte[]> response, double seconds) {}

    /** The response to a task, in the parameters that the endpoint takes: those that it refuses are not sent again. */
    private Timed accepted(HttpClient client, Task task) throws IOException, InterruptedException {
        while (true) {
            long start = System.nanoTime();
            HttpResponse<byte[]> response = send(client, request(task));
            Timed timed = new Timed(response, (System.nanoTime() - start) / 1e9);
            Optional<ChatParameters> others =
                    refuses(response.statusCode()) ? parameters.after(text(response)) : Optional.empty();
            if (others.isEmpty()) {
                return timed;
            }
            parameters = others.get();
        }
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** Whether it understands the request, and will not have it. */
    private static boolean refuses(int status) {
        return status == 400 || status == 422;
    }

    private String remedy(int status, String text) {
        String parameter = refuses(status) ? parameters.refused(text) : "";
        if (ChatParameters.isLimit(parameter)) {
            return "it refuses [%s] of [%d]: give --incumbent-max-tokens as it allows"
                    .formatted(parameter, incumbent.maxTokens());
        }
        return parameter.isEmpty()
                ? "correct the URL, the model or the key"
                : "it refuses the parameter [%s]: take an endpoint or a model that knows it".formatted(parameter);
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
        return shorter(pause, LONGEST_PAUSE);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
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
            JsonNode choice = answer.path("choices").path(0);
            JsonNode message = choice.path("message");
            if (!message.isObject()) {
                throw new Unreadable("answers no chat completion: " + shortened(text));
            }
            return new Answered(
                    AnswerText.of(message),
                    answer.path("usage").path("prompt_tokens").asInt(0),
                    answer.path("usage").path("completion_tokens").asInt(0),
                    seconds,
                    choice.path("finish_reason").asString("").equals("length"));
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
                .put("seconds", answered.seconds())
                .put("cut", answered.cut());
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
                                line.path("seconds").asDouble(0),
                                line.path("cut").asBoolean(false)));
            }
        }
        return known;
    }
}
