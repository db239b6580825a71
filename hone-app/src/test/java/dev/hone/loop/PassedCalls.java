package dev.hone.loop;

import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.Project;
import dev.hone.store.Calls;
import dev.hone.store.Database;
import dev.hone.store.Feedbacks;
import dev.hone.store.Labels;
import dev.hone.store.UseCases;
import dev.hone.store.WatchedCalls;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Calls that passed the gateway, and what people said of them, as the journal brings both into the store. */
public final class PassedCalls {
    private static final Feedbacks.Ruling RULING = new Feedbacks.Ruling() {
        @Override
        public Optional<String> objection(Feedback feedback, @Nullable String useCase) {
            return Optional.empty();
        }

        @Override
        public void aside(Feedback feedback, String why) {
            throw new AssertionError(why);
        }
    };

    private final Database database;
    private final String useCase;

    public PassedCalls(Database database, String useCase) {
        this.database = database;
        this.useCase = useCase;
    }

    /** A call of a word, and an answer that is wrong. */
    public UUID word(int number) {
        return call("{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(Letters.word(number)));
    }

    public UUID call(String request) {
        UUID id = Ids.next();
        store(
                List.of(new CapturedCall(
                        new CapturedCall.Facts(
                                id,
                                Instant.now(),
                                "/v1/chat/completions",
                                "use-case/" + useCase,
                                useCase,
                                true,
                                "incumbent",
                                new CapturedCall.Origin(Project.DEFAULT, null, null, null, Map.of(), null, null),
                                false,
                                200,
                                CapturedCall.End.ANSWERED,
                                null,
                                12,
                                CallUsage.UNKNOWN,
                                null,
                                List.of()),
                        request.getBytes(StandardCharsets.UTF_8),
                        "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"z\"}}]}"
                                .getBytes(StandardCharsets.UTF_8))),
                List.of());
        return id;
    }

    /** That this would have been right. @param received when the gateway took it @return what it is called */
    public String demonstrate(UUID trace, String answer, Instant received) {
        String called = "label-" + Ids.next();
        store(
                List.of(),
                List.of(feedback(
                        trace,
                        Feedback.Kind.DEMONSTRATION,
                        "demonstration",
                        "{\"role\":\"assistant\",\"content\":\"%s\"}".formatted(answer),
                        called,
                        received)));
        return called;
    }

    /** Takes it back. */
    public void withdraw(UUID trace, String called) {
        store(
                List.of(),
                List.of(feedback(
                        trace,
                        Feedback.Kind.COMMENT,
                        "withdrawal",
                        "\"%s\"".formatted(called),
                        called + "-back",
                        Instant.now())));
    }

    /** As what watches production takes a call in that it draws. */
    void draw(UUID trace) {
        new WatchedCalls(database)
                .add(
                        new UseCases(database).require(useCase),
                        List.of(new WatchedCalls.Watched(
                                new WatchedCalls.Stored(trace, Instant.now()),
                                true,
                                true,
                                "e",
                                new byte[] {1, 2},
                                "n",
                                1,
                                List.of(),
                                null,
                                null,
                                Map.of())),
                        Instant.now(),
                        null);
    }

    /** As the labelling page keeps that somebody who was asked has answered. */
    void answer(UUID trace) {
        new Labels(database)
                .add(
                        new UseCases(database).require(useCase),
                        Labels.of(trace, "ada", Labels.Kind.DEMONSTRATION, "a", null, Map.of(), Instant.now()));
    }

    private static Feedback feedback(
            UUID trace, Feedback.Kind kind, String name, String value, String called, Instant received) {
        return new Feedback(
                Ids.next(),
                Project.DEFAULT,
                trace,
                null,
                null,
                kind,
                name,
                value,
                null,
                "ada",
                received,
                received,
                called,
                "ab".repeat(32),
                null,
                true,
                null);
    }

    private void store(List<CapturedCall> calls, List<Feedback> feedback) {
        new Calls(database).add(UUID.randomUUID(), new Calls.Checkpoint(1, 1), calls, feedback, RULING);
    }
}
