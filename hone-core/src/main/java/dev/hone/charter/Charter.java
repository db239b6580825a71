package dev.hone.charter;

import dev.hone.capture.Serving;
import dev.hone.capture.feedback.FeedbackRules;
import dev.hone.grade.GraderDefinition;
import dev.hone.improve.Improving;
import dev.hone.promote.Gates;
import dev.hone.promote.Promotion;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a use case is for. Made by {@link CharterReader}; read by {@code hone check} and by whatever judges a contender.
 *
 * @param name of the use case
 * @param owner who answers for it
 * @param job what it does, in a sentence
 * @param good how an output is judged
 * @param constraints that a contender must keep, however good it is
 * @param viewers people and groups who should see its data and reports, as people agreed; nothing enforces it
 * @param feedback what it takes as feedback
 * @param serving how its calls are served; null where the gateway does not serve it
 * @param gates what a version of its model must keep before it gets traffic; null where it declares none
 * @param promotion how its own versions come to its calls; null where they do not by themselves
 * @param improving how it is watched, and what starts a loop
 * @param loop how rounds of its loop are run
 * @param text of the file that says all of this
 */
public record Charter(
        String name,
        String owner,
        String job,
        GraderDefinition good,
        Constraints constraints,
        List<String> viewers,
        FeedbackRules feedback,
        @Nullable Serving serving,
        @Nullable Gates gates,
        @Nullable Promotion promotion,
        Improving improving,
        LoopRules loop,
        String text) {
    public Charter {
        viewers = List.copyOf(viewers);
    }

    /**
     * What a contender must keep.
     *
     * @param costPerThousand most that a thousand requests may cost, in the report's currency; null for no limit
     * @param p95 most that 95 of 100 requests may take, each alone; null for no limit
     */
    public record Constraints(
            @Nullable Double costPerThousand, @Nullable Duration p95) {}
}
