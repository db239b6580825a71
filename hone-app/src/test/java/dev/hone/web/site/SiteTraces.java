package dev.hone.web.site;

import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.CapturedCall.Attempt;
import dev.hone.record.CapturedCall.End;
import dev.hone.record.Feedback;
import dev.hone.record.Ids;
import dev.hone.record.Money;
import dev.hone.store.Calls;
import dev.hone.store.Database;
import dev.hone.store.Feedbacks;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Puts calls into the store as the journal's reader does. */
record SiteTraces(Database database) {
    private static final UUID JOURNAL = UUID.randomUUID();

    /** A call that was answered, unless it says otherwise. */
    static final class Draft {
        final UUID id;
        String project = "shop";
        String route = "support";
        String variant = "incumbent";
        String model = "use-case/support";

        @Nullable
        String episode;

        Map<String, String> tags = Map.of();

        @Nullable
        UUID shadowOf;

        End end = End.ANSWERED;
        int status = 200;
        double millis = 800;

        @Nullable
        String cost = "0.0021";

        String currency = "USD";
        String request = "{\"messages\":[{\"role\":\"user\",\"content\":\"Where is my parcel?\"}]}";
        String response = "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"It arrives tomorrow.\"}}]}";
        List<Attempt> attempts = List.of();

        Draft() {
            this(Ids.next());
        }

        Draft(UUID id) {
            this.id = id;
        }

        /** Of a moment that has passed. */
        static Draft at(Instant time) {
            UUID any = Ids.next();
            return new Draft(new UUID(
                    time.toEpochMilli() << 16 | any.getMostSignificantBits() & 0xFFFF, any.getLeastSignificantBits()));
        }

        CapturedCall call() {
            return new CapturedCall(
                    new CapturedCall.Facts(
                            id,
                            Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16),
                            "/v1/chat/completions",
                            model,
                            route,
                            true,
                            variant,
                            new CapturedCall.Origin(project, null, episode, null, tags, null, shadowOf),
                            false,
                            status,
                            end,
                            end == End.ANSWERED ? millis / 3 : null,
                            millis,
                            new CallUsage(412L, null, 63L),
                            cost == null ? null : new Money(new BigDecimal(cost), currency),
                            attempts.isEmpty()
                                    ? List.of(new Attempt(
                                            1, variant, "openai", "gpt-4.1-mini", status, null, millis, null))
                                    : attempts),
                    request.getBytes(StandardCharsets.UTF_8),
                    response.getBytes(StandardCharsets.UTF_8));
        }
    }

    void add(Draft... drafts) {
        new Calls(database)
                .add(
                        JOURNAL,
                        new Calls.Checkpoint(1, 1),
                        List.of(drafts).stream().map(Draft::call).toList());
    }

    /** Feedback of a person, as a figure, on a call. */
    void judge(Draft draft, Feedback.Kind kind, String name, double score) {
        judge(draft, kind, name, score, null);
    }

    /** @param episode that is judged as a whole; null for the call alone */
    void judge(Draft draft, Feedback.Kind kind, String name, double score, @Nullable String episode) {
        Feedback feedback = new Feedback(
                Ids.next(),
                draft.project,
                episode == null ? draft.id : null,
                episode == null ? null : draft.route,
                episode,
                kind,
                name,
                kind == Feedback.Kind.BOOLEAN ? String.valueOf(score > 0) : String.valueOf(score),
                score,
                "judge",
                Instant.now(),
                Instant.now(),
                null,
                "a".repeat(64),
                null,
                true,
                null);
        new Calls(database)
                .add(JOURNAL, new Calls.Checkpoint(1, 1), List.of(), List.of(feedback), new Feedbacks.Ruling() {
                    @Override
                    public Optional<String> objection(Feedback given, @Nullable String useCase) {
                        return Optional.empty();
                    }

                    @Override
                    public void aside(Feedback given, String why) {
                        throw new AssertionError(why);
                    }
                });
    }
}
