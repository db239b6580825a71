package dev.hone.evaluate;

import java.util.List;

/**
 * A contender's answers to tasks, and what they cost.
 *
 * @param contender name
 * @param answers one a task, in order
 * @param seconds wall time of all together, as fast as the contender goes
 * @param latencies seconds of single requests, one after the other; at least one
 */
public record Answers(String contender, List<Answer> answers, double seconds, double[] latencies) {
    public Answers {
        answers = List.copyOf(answers);
        if (latencies.length == 0) {
            throw new IllegalArgumentException("No single request of [" + contender + "] was timed");
        }
    }
}
