package dev.hone.api;

import dev.hone.api.Choice.Piece;
import dev.hone.api.ModelWorker.Joined;
import dev.hone.capture.gateway.Caller;
import dev.hone.record.AnswerLogprob;
import dev.hone.record.Sample;
import dev.hone.record.SampleRequest;
import dev.hone.train.WorkerException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/** Answers chat completions. */
final class ChatHandler {
    private final ChatRequestReader reader;
    private final Prompt prompt;
    private final ModelWorker worker;
    private final int mostRequests;
    private final Consumer<String> trouble;
    private final AtomicInteger requests = new AtomicInteger();

    /**
     * @param mostRequests that are answered or wait at once
     * @param trouble hears of the worker's failures
     */
    ChatHandler(
            ChatRequestReader reader, Prompt prompt, ModelWorker worker, int mostRequests, Consumer<String> trouble) {
        this.reader = reader;
        this.prompt = prompt;
        this.worker = worker;
        this.mostRequests = mostRequests;
        this.trouble = trouble;
    }

    /** Number of requests that are answered or wait. */
    int requests() {
        return requests.get();
    }

    /**
     * Answers a request.
     *
     * @throws Refusal when it is not answered, and nothing has been written yet
     * @throws IOException when the caller has gone
     */
    void answer(byte[] body, Exchange exchange) throws IOException, InterruptedException {
        if (requests.incrementAndGet() > mostRequests) {
            requests.decrementAndGet();
            throw Refusal.tooMany(mostRequests);
        }
        try {
            ChatRequest request = reader.read(body);
            SampleRequest sample = prompt.of(request);
            Progress progress = new Progress();
            try (Joined joined = submit(sample, progress)) {
                Answering answering = new Answering(request, sample.prompt().length, prompt, exchange);
                while (true) {
                    Progress.Event event = progress.next(Caller.interval());
                    if (exchange.caller().isGone()) {
                        throw new IOException("The caller has gone");
                    }
                    if (event != null && answering.takes(event)) {
                        return;
                    }
                }
            } catch (WorkerException e) {
                throw refused(e);
            }
        } finally {
            requests.decrementAndGet();
        }
    }

    private Joined submit(SampleRequest sample, Progress progress) {
        return worker.submit(sample, progress);
    }

    private Refusal refused(WorkerException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.reason()) {
            case BAD_INPUT -> Refusal.of(400, null, null, message);
            case DIED, OUT_OF_MEMORY, FAULT, FILE -> {
                trouble.accept(message);
                yield Refusal.failed(
                        500,
                        "The model's worker process failed while it answered; the next request is answered by a new one where it has died. The server's terminal says why");
            }
        };
    }

    /** One request's answers, whole or in pieces. */
    private static final class Answering {
        private final ChatRequest request;
        private final int promptTokens;
        /** Whether several answers are drawn, of which one is given. */
        private final boolean mostProbable;

        private final Exchange exchange;
        private final Replies replies;
        private final boolean called;
        private final List<Choice> choices;
        private final List<List<Piece>> pieces = new ArrayList<>();
        private Optional<AnswerLogprob> logprob = Optional.empty();
        private boolean begun;

        /** @param prompt what the model makes of requests */
        Answering(ChatRequest request, int promptTokens, Prompt prompt, Exchange exchange) {
            this.request = request;
            this.promptTokens = promptTokens;
            this.exchange = exchange;
            mostProbable = prompt.draws(request);
            replies = Replies.of(request.model());
            ChatRequest.Wanted wanted = prompt.wanted(request);
            called = wanted instanceof ChatRequest.Call;
            choices = IntStream.range(0, request.count())
                    .mapToObj(i -> new Choice(request, wanted, prompt.model()))
                    .toList();
            choices.forEach(choice -> pieces.add(new ArrayList<>()));
        }

        /** Whether that was the last event. */
        boolean takes(Progress.Event event) throws IOException {
            switch (event) {
                case Progress.Drawn drawn -> {
                    if (!mostProbable) {
                        begin();
                        give(drawn.index(), choices.get(drawn.index()).add(drawn.token(), drawn.logprob()));
                    }
                    return false;
                }
                case Progress.Ended ended -> {
                    int tokens = ended.samples().stream()
                            .mapToInt(sample -> sample.tokens().length)
                            .sum();
                    end(mostProbable ? List.of(chosen(ended.samples())) : ended.samples(), tokens);
                    return true;
                }
                case Progress.Failed failed -> throw failed.reason();
            }
        }

        /** The most probable answer, given at once. */
        private Sample chosen(List<Sample> samples) throws IOException {
            Sample sample = Sample.mostProbable(samples);
            begin();
            for (int i = 0; i < sample.tokens().length; i++) {
                give(0, choices.getFirst().add(sample.tokens()[i], sample.logprobs()[i]));
            }
            return sample;
        }

        private void begin() throws IOException {
            if (request.stream() && !begun) {
                begun = true;
                exchange.beginEvents(() -> logprob);
                for (int i = 0; i < choices.size(); i++) {
                    exchange.event(replies.roleChunk(i, called, request.includeUsage()));
                }
            }
        }

        private void give(int index, Piece piece) throws IOException {
            if (piece.isEmpty()) {
                return;
            }
            if (request.stream()) {
                exchange.event(replies.chunk(index, piece, called, request.includeUsage()));
            } else {
                pieces.get(index).add(piece);
            }
        }

        /** @param tokens that were drawn in all */
        private void end(List<Sample> samples, int tokens) throws IOException {
            Replies.Usage usage = new Replies.Usage(promptTokens, tokens);
            logprob = AnswerLogprob.of(samples.getFirst());
            List<ObjectNode> whole = new ArrayList<>();
            for (int i = 0; i < samples.size(); i++) {
                give(i, choices.get(i).finish());
                String reason = choices.get(i).finishReason(samples.get(i).stopReason());
                if (request.stream()) {
                    exchange.event(replies.finishChunk(i, reason, request.includeUsage()));
                } else {
                    whole.add(Replies.choice(i, joined(pieces.get(i)), called, request.logprobs(), reason));
                }
            }
            if (!request.stream()) {
                logprob.ifPresent(exchange::probable);
                exchange.json(200, replies.completion(whole, usage));
                return;
            }
            if (request.includeUsage()) {
                exchange.event(replies.usageChunk(usage));
            }
            exchange.endEvents();
        }

        private static Piece joined(List<Piece> pieces) {
            StringBuilder text = new StringBuilder();
            String name = null;
            List<Choice.TokenLogprob> logprobs = new ArrayList<>();
            for (Piece piece : pieces) {
                text.append(piece.text());
                name = piece.name() == null ? name : piece.name();
                logprobs.addAll(piece.logprobs());
            }
            return new Piece(text.toString(), name, logprobs);
        }
    }
}
