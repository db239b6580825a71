package dev.hone.advise;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether answers are of a closed set, as labels are: nearly all short, few different ones, and nearly all said more than once.
 *
 * @param answers how many were looked at
 * @param distinct how many different ones there are among the short
 * @param shortShare of all answers
 * @param repeated share of the short ones that were said more than once
 * @param counts of the short ones
 */
record Closed(int answers, int distinct, double shortShare, double repeated, Map<String, Integer> counts) {
    static final int MOST_DISTINCT = 200;
    static final int LEAST_ANSWERS = 20;
    private static final double NEARLY_ALL = 0.9;
    private static final double REPEATED = 0.75;

    static Closed of(List<SampledCall> calls) {
        int answers = 0;
        int shorts = 0;
        Map<String, Integer> counts = new HashMap<>();
        for (SampledCall call : calls) {
            Reply reply = call.said().reply();
            answers += reply.form() == Reply.Form.NONE ? 0 : 1;
            if (reply.isShort()) {
                shorts++;
                counts.merge(reply.text(), 1, Integer::sum);
            }
        }
        int repeated = counts.values().stream()
                .filter(count -> count > 1)
                .mapToInt(Integer::intValue)
                .sum();
        return new Closed(
                answers,
                counts.size(),
                answers == 0 ? 0 : (double) shorts / answers,
                shorts == 0 ? 0 : (double) repeated / shorts,
                Map.copyOf(counts));
    }

    boolean isClosed() {
        return answers >= LEAST_ANSWERS
                && shortShare >= NEARLY_ALL
                && repeated >= REPEATED
                && distinct <= MOST_DISTINCT
                && distinct * 2 <= answers;
    }
}
