package dev.hone.advise;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Texts that are one text with other words filled in. Each text is a set of hashed runs of {@value #RUN} pieces; the texts, the most frequent
 * first, join the template of which they have most of the fixed runs (those that most of its texts have). A text that seldom comes twice, as
 * one with documents or names in it, also joins a template that begins as it does. Digits are one sign.
 */
final class Templates {
    private static final int RUN = 3;

    /** Share of a template's fixed runs that a text must have. */
    private static final double LEAST = 0.6;

    /** Share of a template's texts that have what is fixed in it. */
    private static final double FIXED = 0.8;

    /** So many pieces at the beginning are no chance. */
    private static final int OPENING = 12;

    /** Each of more texts than that of one template says nothing new. */
    private static final int LEARNED = 200;

    /** Templates that a text is compared with: those that it has most runs of. */
    private static final int CANDIDATES = 16;

    private final Map<String, Template> byText = new HashMap<>();
    private final List<Template> all;

    /** One of them. */
    static final class Template {
        private final List<String> pieces;
        private final Map<Long, Integer> runs = new HashMap<>();
        private int texts;
        private @Nullable Set<Long> fixed;

        private Template(List<String> pieces) {
            this.pieces = pieces;
        }

        private void learn(Set<Long> others) {
            if (texts < LEARNED) {
                texts++;
                others.forEach(run -> runs.merge(run, 1, Integer::sum));
                fixed = null;
            }
        }

        private Set<Long> fixed() {
            Set<Long> known = fixed;
            if (known == null) {
                known = new HashSet<>();
                for (Map.Entry<Long, Integer> run : runs.entrySet()) {
                    if (run.getValue() >= FIXED * texts) {
                        known.add(run.getKey());
                    }
                }
                fixed = known;
            }
            return known;
        }

        /** The pieces that stay, with a sign where others vary. */
        private List<String> kept() {
            boolean[] stays = new boolean[pieces.size()];
            int size = Math.min(RUN, pieces.size());
            for (int i = 0; size > 0 && i + size <= pieces.size(); i++) {
                if (fixed().contains(Words.hash(pieces, i, size))) {
                    for (int j = i; j < i + size; j++) {
                        stays[j] = true;
                    }
                }
            }
            List<String> kept = new ArrayList<>();
            for (int i = 0; i < stays.length; i++) {
                if (stays[i]) {
                    kept.add(pieces.get(i));
                } else if (kept.isEmpty() || !kept.getLast().equals(GAP)) {
                    kept.add(GAP);
                }
            }
            return kept;
        }

        /** With a sign where others vary. */
        String text() {
            return String.join(" ", kept());
        }

        /** How many pieces stay. */
        int words() {
            return (int) kept().stream().filter(piece -> !piece.equals(GAP)).count();
        }

        /** Share of the first text that stays. */
        double fixedShare() {
            int stays = kept().stream()
                    .filter(piece -> !piece.equals(GAP))
                    .mapToInt(String::length)
                    .sum();
            int whole = pieces.stream().mapToInt(String::length).sum();
            return whole == 0 ? 0 : (double) stays / whole;
        }
    }

    static final String GAP = "…";

    /**
     * @param texts of all calls
     * @param settled calls of a text that make it one by itself
     */
    Templates(List<String> texts, int settled) {
        Map<String, Integer> counts = new TreeMap<>();
        texts.forEach(text -> counts.merge(text, 1, Integer::sum));
        List<Map.Entry<String, Integer>> sorted = new ArrayList<>(counts.entrySet());
        sorted.sort(Map.Entry.<String, Integer>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()));
        List<Template> found = new ArrayList<>();
        Map<Long, Set<Integer>> index = new HashMap<>();
        Map<Long, Integer> openings = new HashMap<>();
        for (Map.Entry<String, Integer> text : sorted) {
            List<String> pieces = Words.pieces(text.getKey());
            Set<Long> runs = runs(pieces);
            boolean seldom = text.getValue() < settled;
            Template template = like(found, index, runs, seldom);
            Long opening = pieces.size() < OPENING ? null : Long.valueOf(Words.hash(pieces, 0, OPENING));
            if (template == null && seldom && opening != null && openings.containsKey(opening)) {
                template = found.get(openings.get(opening));
            }
            if (template == null) {
                template = new Template(pieces);
                int number = found.size();
                found.add(template);
                runs.forEach(run ->
                        index.computeIfAbsent(run, key -> new TreeSet<>()).add(number));
                if (opening != null) {
                    openings.putIfAbsent(opening, number);
                }
            }
            template.learn(runs);
            byText.put(text.getKey(), template);
        }
        all = List.copyOf(found);
    }

    private static Set<Long> runs(List<String> pieces) {
        Set<Long> runs = new HashSet<>();
        int size = Math.min(RUN, pieces.size());
        for (int i = 0; size > 0 && i + size <= pieces.size(); i++) {
            runs.add(Words.hash(pieces, i, size));
        }
        return runs;
    }

    /** The template of which most is there; null where too little of each is. */
    private static @Nullable Template like(
            List<Template> found, Map<Long, Set<Integer>> index, Set<Long> runs, boolean seldom) {
        Map<Integer, Integer> shared = new TreeMap<>();
        for (long run : runs) {
            for (int number : index.getOrDefault(run, Set.of())) {
                shared.merge(number, 1, Integer::sum);
            }
        }
        return shared.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed())
                .limit(CANDIDATES)
                .map(Map.Entry::getKey)
                .max(Comparator.comparingDouble((Integer number) -> share(found.get(number), runs, seldom))
                        .thenComparing(Comparator.reverseOrder()))
                .map(found::get)
                .filter(template -> share(template, runs, seldom) >= LEAST)
                .orElse(null);
    }

    /** How much of what is fixed a text has; of one that comes often, how much both have of what either has. */
    private static double share(Template template, Set<Long> runs, boolean seldom) {
        Set<Long> fixed = template.fixed();
        if (fixed.isEmpty()) {
            return 0;
        }
        long both = fixed.stream().filter(runs::contains).count();
        return (double) both / (seldom ? fixed.size() : fixed.size() + runs.size() - both);
    }

    /** Of a text that it was made from. */
    Template of(String text) {
        return Objects.requireNonNull(byText.get(text), "a text that was not there");
    }

    List<Template> all() {
        return all;
    }

    /** Calls by template, in the order of the first text. */
    Map<Template, List<SampledCall>> groups(List<SampledCall> calls) {
        Map<Template, List<SampledCall>> groups = new LinkedHashMap<>();
        for (SampledCall call : calls) {
            groups.computeIfAbsent(of(call.said().system()), template -> new ArrayList<>())
                    .add(call);
        }
        return groups;
    }
}
