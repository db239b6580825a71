package dev.hone.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.hone.record.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A contender's answers to tasks, and what they cost.
 *
 * @param contender name
 * @param answers one a task, in order
 * @param seconds wall time of all together, as fast as the contender goes; NaN where it was not measured
 * @param latencies seconds of single requests, one after the other; none where they were not measured
 * @param cut answers that ended because they were as long as they might be; null where nobody counted
 */
public record Answers(
        String contender,
        List<Answer> answers,
        double seconds,
        double[] latencies,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer cut) {
    public Answers {
        answers = List.copyOf(answers);
    }

    /** Where nobody counted which were cut. */
    public Answers(String contender, List<Answer> answers, double seconds, double[] latencies) {
        this(contender, answers, seconds, latencies, null);
    }

    /** The same, of which so many were cut. */
    public Answers cutting(@Nullable Integer count) {
        return new Answers(contender, answers, seconds, latencies, count);
    }

    /** What was answered some time ago, when nobody measured. */
    public static Answers recorded(String name, List<String> outputs) {
        return new Answers(
                name, outputs.stream().map(output -> new Answer(output, 0, 0)).toList(), Double.NaN, new double[0]);
    }

    /** The answers of a contender that reads and writes no tokens, to one task after the other. */
    public static Answers oneByOne(String contender, List<Task> tasks, Function<Task, String> answer) {
        List<Answer> answers = new ArrayList<>();
        double[] latencies = new double[tasks.size()];
        long start = System.nanoTime();
        for (int i = 0; i < latencies.length; i++) {
            long before = System.nanoTime();
            answers.add(new Answer(answer.apply(tasks.get(i)), 0, 0));
            latencies[i] = (System.nanoTime() - before) / 1e9;
        }
        return new Answers(contender, answers, (System.nanoTime() - start) / 1e9, latencies);
    }
}
