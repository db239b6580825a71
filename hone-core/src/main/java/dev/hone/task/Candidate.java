package dev.hone.task;

import dev.hone.record.LabelledTrace;
import dev.hone.record.Trace;
import java.time.Instant;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A trace on its way to become a task.
 *
 * @param text what two inputs are compared by: all turns but the system's
 * @param answer for people and for classes: the text of the right answer, or its calls
 */
record Candidate(Trace trace, String demonstration, String text, String answer) {
    static Candidate of(LabelledTrace labelled) {
        String text = ChatJson.conversation(labelled.trace().request()).messages().stream()
                .filter(message -> !message.role().equals("system"))
                .map(message -> message.content()
                        + message.toolCalls().stream()
                                .map(call -> " " + call.name() + " " + call.arguments())
                                .collect(Collectors.joining()))
                .collect(Collectors.joining("\n"));
        var right = ChatJson.message(labelled.demonstration());
        String answer = right.toolCalls().isEmpty()
                ? right.content().strip()
                : right.toolCalls().stream()
                        .map(call -> call.name() + call.arguments())
                        .collect(Collectors.joining(" "));
        return new Candidate(labelled.trace(), labelled.demonstration(), text, answer);
    }

    /** What this belongs to, by a plan. */
    String stratum(DatasetPlan plan) {
        return plan.stratifyBy().isEmpty() ? answer : metadatum(plan.stratifyBy());
    }

    String metadatum(String name) {
        String value = trace.metadata().get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "The trace of line [%d] of [%s] has no metadatum [%s], but %s: name one that every trace has"
                            .formatted(
                                    trace.line(),
                                    trace.source(),
                                    name,
                                    trace.metadata().keySet()));
        }
        return value;
    }

    Instant occurred() {
        @Nullable Instant occurred = trace.occurred();
        if (occurred == null) {
            throw new IllegalArgumentException(
                    "The trace of line [%d] of [%s] has no time, so nothing can be split by time: give [created] in every row, or split grouped or stratified"
                            .formatted(trace.line(), trace.source()));
        }
        return occurred;
    }
}
