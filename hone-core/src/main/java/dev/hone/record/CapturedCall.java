package dev.hone.record;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call that passed through the gateway, which makes it before the last byte of the answer leaves; stored as a trace.
 *
 * @param facts everything but the bodies
 * @param request as it came
 * @param response as it was passed back, or as much of it as there was
 */
public record CapturedCall(Facts facts, byte[] request, byte[] response) {
    /** The path of a call that was told about, and did not pass. */
    public static final String TOLD = "otlp";

    /** How a call ended. */
    public enum End {
        /** With a whole answer. */
        ANSWERED,
        /** With a refusal of a server, or of all that were asked. */
        REFUSED,
        /** The server stopped in the middle of its answer. */
        BROKEN,
        /** The client went away before the end. */
        ABANDONED
    }

    /**
     * @param id of version 7
     * @param path of the API, such as {@code /v1/chat/completions}
     * @param model as the request names it
     * @param route that it took: the use case's name, or the server and model where it is none
     * @param useCase whether the route is a use case's
     * @param variant that answered, or was asked last
     * @param origin whose it is
     * @param stream whether events were asked for
     * @param status that the client got
     * @param firstByteMillis from the request to the first byte of the answer; null where none came
     * @param millis to the end; NaN where nobody measured it
     * @param cost of all attempts, as far as it is known; null where none is
     * @param attempts in their order
     * @param estimate what it may have cost beside that, by the size of what was said, of servers that did not count tokens that have a price:
     *     budgets alone count it; null where there are none, and where nobody has to pay
     */
    public record Facts(
            UUID id,
            Instant started,
            String path,
            String model,
            String route,
            boolean useCase,
            String variant,
            Origin origin,
            boolean stream,
            int status,
            End end,
            @Nullable Double firstByteMillis,
            double millis,
            CallUsage usage,
            @Nullable Money cost,
            List<Attempt> attempts,
            @Nullable Money estimate) {
        public Facts {
            attempts = List.copyOf(attempts);
        }

        /** Of a call about whose cost nothing was estimated. */
        public Facts(
                UUID id,
                Instant started,
                String path,
                String model,
                String route,
                boolean useCase,
                String variant,
                Origin origin,
                boolean stream,
                int status,
                End end,
                @Nullable Double firstByteMillis,
                double millis,
                CallUsage usage,
                @Nullable Money cost,
                List<Attempt> attempts) {
            this(
                    id,
                    started,
                    path,
                    model,
                    route,
                    useCase,
                    variant,
                    origin,
                    stream,
                    status,
                    end,
                    firstByteMillis,
                    millis,
                    usage,
                    cost,
                    attempts,
                    null);
        }

        /** What counts against a budget: the cost, and the estimate. */
        public @Nullable Money booked() {
            return cost == null ? estimate : estimate == null ? cost : cost.plus(estimate);
        }

        /** The same of another origin. */
        public Facts with(Origin other) {
            return new Facts(
                    id,
                    started,
                    path,
                    model,
                    route,
                    useCase,
                    variant,
                    other,
                    stream,
                    status,
                    end,
                    firstByteMillis,
                    millis,
                    usage,
                    cost,
                    attempts,
                    estimate);
        }
    }

    /**
     * Whose a call is.
     *
     * @param project that alone sees it
     * @param key whose holder called; null where none was asked for
     * @param episode that it belongs to; null for none
     * @param endUser keyed hash of who used the product; null where nobody said
     * @param tags by name
     * @param configuration SHA-256 of the files that decided; null where there were none
     * @param shadowOf the call of which this is a copy, answered for nobody but us; null for a call of a product
     */
    public record Origin(
            String project,
            @Nullable UUID key,
            @Nullable String episode,
            @Nullable String endUser,
            Map<String, String> tags,
            @Nullable String configuration,
            @Nullable UUID shadowOf) {
        /** Of nobody in particular. */
        public static final Origin NONE = new Origin(Project.DEFAULT, null, null, null, Map.of(), null, null);

        public Origin {
            tags = Map.copyOf(tags);
        }

        /** The same with other tags. */
        public Origin with(Map<String, String> others) {
            return new Origin(project, key, episode, endUser, others, configuration, shadowOf);
        }
    }

    /**
     * Somebody was asked.
     *
     * @param status of the answer; null where none came
     * @param trouble why it was not taken; null where it was
     * @param millis from asking to the end of this attempt
     * @param cost in the call's currency; null where it is not known
     * @param logprob of the whole answer that a model of Hone's own gave; null where nobody said
     */
    public record Attempt(
            int number,
            String variant,
            String upstream,
            String model,
            @Nullable Integer status,
            @Nullable String trouble,
            double millis,
            @Nullable BigDecimal cost,
            @Nullable AnswerLogprob logprob) {
        /** One whose answer nobody knows the probability of. */
        public Attempt(
                int number,
                String variant,
                String upstream,
                String model,
                @Nullable Integer status,
                @Nullable String trouble,
                double millis,
                @Nullable BigDecimal cost) {
            this(number, variant, upstream, model, status, trouble, millis, cost, null);
        }

        /** The same with what it cost. */
        public Attempt costing(BigDecimal amount) {
            return new Attempt(number, variant, upstream, model, status, trouble, millis, amount, logprob);
        }

        /** The same with how probable its answer was. */
        public Attempt saying(AnswerLogprob probable) {
            return new Attempt(number, variant, upstream, model, status, trouble, millis, cost, probable);
        }
    }
}
