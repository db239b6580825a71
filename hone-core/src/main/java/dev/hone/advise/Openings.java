package dev.hone.advise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls whose instructions stand in what the user says: enough different texts that begin, or end, with the same {@value #PIECES} pieces. One
 * text that comes often is a frequent question, and no template.
 */
final class Openings {
    private static final int PIECES = 10;

    private Openings() {}

    /**
     * What there is.
     *
     * @param byText calls of one template by the pieces that it has
     * @param other calls of none
     */
    record Parts(Map<String, List<SampledCall>> byText, List<SampledCall> other) {}

    static Parts of(List<SampledCall> calls, int least) {
        List<String> beginnings = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        Map<String, Set<String>> texts = new HashMap<>();
        for (SampledCall call : calls) {
            List<String> pieces = Words.pieces(call.said().user());
            boolean longEnough = pieces.size() >= PIECES + 2;
            beginnings.add(longEnough ? String.join(" ", pieces.subList(0, PIECES)) + " " + Templates.GAP : "");
            ends.add(
                    longEnough
                            ? Templates.GAP + " "
                                    + String.join(" ", pieces.subList(pieces.size() - PIECES, pieces.size()))
                            : "");
            for (String end : List.of(beginnings.getLast(), ends.getLast())) {
                Set<String> of = texts.computeIfAbsent(end, key -> new HashSet<>());
                if (of.size() < least) {
                    of.add(call.said().user());
                }
            }
        }
        texts.remove("");
        Map<String, List<SampledCall>> byText = new LinkedHashMap<>();
        List<SampledCall> other = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            String found = found(beginnings.get(i), texts, least);
            found = found == null ? found(ends.get(i), texts, least) : found;
            (found == null ? other : byText.computeIfAbsent(found, key -> new ArrayList<>())).add(calls.get(i));
        }
        return new Parts(byText, other);
    }

    private static @Nullable String found(String end, Map<String, Set<String>> texts, int least) {
        return texts.getOrDefault(end, Set.of()).size() >= least ? end : null;
    }
}
