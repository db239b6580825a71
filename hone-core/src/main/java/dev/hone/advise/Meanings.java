package dev.hone.advise;

import dev.hone.record.Embedder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Calls that neither instructions nor tools tell apart, by the meaning of what was asked. Groups whose answers are the same labels, or calls of
 * the same tools, are one job however much what was asked differs. A number of groups counts where each has enough calls for a job.
 */
final class Meanings {
    /** Of labels that both groups have; fewer, as yes and no, many jobs have. */
    private static final int SHARED = 4;

    /** Share of the answers of one group that also the other gives, at least. */
    private static final double OVERLAP = 0.04;

    /** Silhouettes that tell groups: vectors of words, in few directions, show groups in whatever they are of. */
    private static final double OF_MEANING = 0.10;

    private static final double OF_WORDS = 0.20;

    private static final int MOST_GROUPS = 12;
    private static final int LONGEST = 1_000;

    private final int least;
    private final long seed;
    private final UseCaseFinder.Listener listener;

    Meanings(int least, long seed, UseCaseFinder.Listener listener) {
        this.least = least;
        this.seed = seed;
        this.listener = listener;
    }

    /** Groups, the first call's first. */
    List<List<SampledCall>> find(List<SampledCall> calls, Embedder embedder) {
        if (calls.size() < 2 * least) {
            return calls.isEmpty() ? List.of() : List.of(calls);
        }
        Map<String, float[]> known = new HashMap<>();
        List<float[]> vectors = new ArrayList<>();
        for (SampledCall call : calls) {
            vectors.add(known.computeIfAbsent(text(call), embedder::embed));
            listener.embedded(vectors.size(), calls.size());
        }
        Clustering.Groups groups = Clustering.find(
                vectors,
                Math.min(MOST_GROUPS, calls.size() / least),
                embedder instanceof WordTopics ? OF_WORDS : OF_MEANING,
                (double) least / calls.size(),
                seed);
        List<List<SampledCall>> found = new ArrayList<>();
        for (int i = 0; i < groups.count(); i++) {
            found.add(new ArrayList<>());
        }
        for (int i = 0; i < calls.size(); i++) {
            found.get(groups.of()[i]).add(calls.get(i));
        }
        return together(found);
    }

    private static String text(SampledCall call) {
        String user = call.said().user().isBlank()
                ? call.said().system()
                : call.said().user();
        return user.length() <= LONGEST ? user : user.substring(0, LONGEST);
    }

    private static List<List<SampledCall>> together(List<List<SampledCall>> groups) {
        List<Map<String, Double>> answers =
                groups.stream().map(Meanings::answers).toList();
        int[] of = new int[groups.size()];
        for (int i = 0; i < of.length; i++) {
            of[i] = i;
            for (int j = 0; j < i; j++) {
                if (of[i] != of[j] && isOne(answers.get(i), answers.get(j))) {
                    int from = of[i];
                    int to = of[j];
                    for (int k = 0; k <= i; k++) {
                        of[k] = of[k] == from ? to : of[k];
                    }
                }
            }
        }
        Map<Integer, List<SampledCall>> together = new TreeMap<>();
        for (int i = 0; i < of.length; i++) {
            together.computeIfAbsent(of[i], key -> new ArrayList<>()).addAll(groups.get(i));
        }
        return together.values().stream().filter(group -> !group.isEmpty()).toList();
    }

    /** Shares of labels, or of tools that were called; nothing where answers are of neither kind. */
    private static Map<String, Double> answers(List<SampledCall> group) {
        Map<String, Double> shares = new HashMap<>();
        long kinds = 0;
        for (SampledCall call : group) {
            Reply reply = call.said().reply();
            if (reply.isShort() || reply.form() == Reply.Form.CALL) {
                shares.merge(reply.form().word() + ' ' + reply.text(), 1.0, Double::sum);
                kinds++;
            }
        }
        if (kinds * 10 < group.size() * 9L) {
            return Map.of();
        }
        shares.replaceAll((answer, count) -> count / group.size());
        return shares;
    }

    private static boolean isOne(Map<String, Double> a, Map<String, Double> b) {
        int shared = 0;
        double overlap = 0;
        for (Map.Entry<String, Double> answer : a.entrySet()) {
            double other = b.getOrDefault(answer.getKey(), 0.0);
            if (other > 0) {
                shared++;
                overlap += Math.min(answer.getValue(), other);
            }
        }
        return shared >= SHARED && overlap >= OVERLAP;
    }
}
