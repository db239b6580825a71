package dev.hone.improve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * Whether experts who label the same items say the same, beyond what chance would make of it: Cohen's kappa (1960) for each two, Krippendorff's alpha
 * for nominal data (1970) for all and for each against the others. Intervals are percentiles of a bootstrap over items (Efron 1979), seeded. 1 is full
 * agreement, 0 that of answers at random. Who answers at random is told where others agree who labelled the same, or where the right answer is known: of two who
 * disagree nobody can say which of them it is.
 */
public final class Agreement {
    private static final int DRAWS = 1_000;

    /** Whose answers are known to be right, and not a person's. */
    public static final String KNOWN = "";

    /** What is said of a person, and others look for. */
    public static final String BY_CHANCE = "answers as chance would";

    /** Below it nothing is said about a person. */
    static final int LEAST = 10;

    private static final double GOOD = 0.6;
    private static final double CHANCE = 0.2;

    private Agreement() {}

    /**
     * A label.
     *
     * @param item that it is of
     * @param person {@link #KNOWN} for what is known to be right
     * @param answer what is the same answer is the same text
     */
    public record Rating(String item, String person, String answer) {}

    /** How far some agree. @param items on which it stands */
    public record Degree(int items, double value, double low, double high) {}

    /** Two people. */
    public record Pair(String first, String second, Degree kappa) {
        boolean has(String person) {
            return first.equals(person) || second.equals(person);
        }
    }

    /** One, against all others. @param says in words */
    public record Person(String name, int labels, Degree alpha, String says) {}

    /** @param alpha of all */
    public record Result(Degree alpha, List<Pair> pairs, List<Person> people) {
        public Result {
            pairs = List.copyOf(pairs);
            people = List.copyOf(people);
        }
    }

    /** What two said of an item. */
    private record Both(String first, String second) {}

    /** @param comparable whether answers can be the same at all; texts that each writes anew cannot */
    public static Result of(List<Rating> ratings, boolean comparable, long seed) {
        Map<String, Map<String, String>> items = new LinkedHashMap<>();
        Map<String, Integer> labels = new TreeMap<>();
        Map<String, String> known = new HashMap<>();
        for (Rating rating : ratings) {
            if (rating.person().equals(KNOWN)) {
                known.put(rating.item(), rating.answer());
                continue;
            }
            items.computeIfAbsent(rating.item(), item -> new TreeMap<>()).put(rating.person(), rating.answer());
        }
        items.values().forEach(of -> of.keySet().forEach(person -> labels.merge(person, 1, Integer::sum)));
        List<Map<String, String>> shared =
                items.values().stream().filter(of -> of.size() > 1).toList();
        List<Pair> pairs = new ArrayList<>();
        List<String> people = List.copyOf(new TreeSet<>(labels.keySet()));
        for (int i = 0; i < people.size(); i++) {
            for (int j = i + 1; j < people.size(); j++) {
                String first = people.get(i);
                String second = people.get(j);
                List<Both> both = shared.stream()
                        .filter(of -> of.containsKey(first) && of.containsKey(second))
                        .map(of -> new Both(of.getOrDefault(first, ""), of.getOrDefault(second, "")))
                        .toList();
                if (!both.isEmpty()) {
                    pairs.add(new Pair(first, second, bootstrap(both, Agreement::kappa, seed)));
                }
            }
        }
        List<Person> persons = people.stream()
                .map(name -> {
                    Degree alpha = against(name, shared, seed);
                    Degree right = against(name, items, known, seed);
                    String says = comparable ? says(name, alpha, right, pairs) : freely(alpha);
                    return new Person(name, labels.getOrDefault(name, 0), alpha, says);
                })
                .toList();
        return new Result(bootstrap(shared, Agreement::alpha, seed), pairs, persons);
    }

    /** The person's answers beside each other's on the same item. */
    private static Degree against(String name, List<Map<String, String>> shared, long seed) {
        List<List<Map<String, String>>> units = shared.stream()
                .filter(of -> of.containsKey(name))
                .map(of -> of.entrySet().stream()
                        .filter(other -> !other.getKey().equals(name))
                        .map(other -> Map.of("a", of.getOrDefault(name, ""), "b", other.getValue()))
                        .toList())
                .toList();
        return bootstrap(
                units, drawn -> alpha(drawn.stream().flatMap(List::stream).toList()), seed);
    }

    /** The person's answers beside what is known to be right. */
    private static Degree against(
            String name, Map<String, Map<String, String>> items, Map<String, String> known, long seed) {
        List<Map<String, String>> units = new ArrayList<>();
        items.forEach((item, of) -> {
            String right = known.get(item);
            String answer = of.get(name);
            if (right != null && answer != null) {
                units.add(Map.of("a", answer, "b", right));
            }
        });
        return bootstrap(units, Agreement::alpha, seed);
    }

    private static boolean isByChance(Degree degree) {
        return degree.items() >= LEAST && degree.low() <= 0 && degree.value() < CHANCE;
    }

    private static String says(String name, Degree alpha, Degree right, List<Pair> pairs) {
        if (right.items() >= LEAST) {
            return isByChance(right)
                    ? BY_CHANCE
                    : isByChance(alpha) ? "agrees with what is known, and not with the others" : agrees(alpha);
        }
        if (!isByChance(alpha)) {
            return agrees(alpha);
        }
        List<String> others = pairs.stream()
                .filter(pair -> pair.has(name) && pair.kappa().items() >= LEAST)
                .map(pair -> pair.first().equals(name) ? pair.second() : pair.first())
                .toList();
        boolean othersAgree = pairs.stream()
                .anyMatch(pair -> others.contains(pair.first())
                        && others.contains(pair.second())
                        && pair.kappa().items() >= LEAST
                        && !isByChance(pair.kappa()));
        return othersAgree
                ? BY_CHANCE
                : "disagrees with %s: who is right is told by a third, or where the right answer is known"
                        .formatted(others.isEmpty() ? "the others" : String.join(", ", others));
    }

    private static String agrees(Degree alpha) {
        if (alpha.items() < LEAST) {
            return "too few items that others labelled too to say";
        }
        return alpha.low() >= GOOD ? "agrees with the others" : "agrees with the others in part";
    }

    /** Two careful writers seldom write the same. */
    private static String freely(Degree alpha) {
        return alpha.items() >= LEAST && alpha.low() >= GOOD
                ? agrees(alpha)
                : "writes texts, which are not held against each other";
    }

    private static double kappa(List<Both> both) {
        Map<String, double[]> shares = new HashMap<>();
        double same = 0;
        for (Both one : both) {
            shares.computeIfAbsent(one.first(), answer -> new double[2])[0] += 1.0 / both.size();
            shares.computeIfAbsent(one.second(), answer -> new double[2])[1] += 1.0 / both.size();
            same += one.first().equals(one.second()) ? 1.0 / both.size() : 0;
        }
        double expected =
                shares.values().stream().mapToDouble(of -> of[0] * of[1]).sum();
        return expected >= 1 - 1e-12 ? 1 : (same - expected) / (1 - expected);
    }

    /** 1 less the disagreement that there is over that which chance would make, of all pairs of answers to one item. */
    private static double alpha(List<Map<String, String>> units) {
        Map<String, Double> counts = new HashMap<>();
        double values = 0;
        double disagreement = 0;
        for (Map<String, String> unit : units) {
            List<String> answers = List.copyOf(unit.values());
            values += answers.size();
            answers.forEach(answer -> counts.merge(answer, 1.0, Double::sum));
            for (String one : answers) {
                for (String other : answers) {
                    disagreement += one.equals(other) ? 0 : 1.0 / (answers.size() - 1);
                }
            }
        }
        double total = values;
        double expected = counts.values().stream()
                        .mapToDouble(count -> count * (total - count))
                        .sum()
                / Math.max(1, total - 1);
        return expected <= 1e-12 ? 1 : 1 - disagreement / expected;
    }

    private static <T> Degree bootstrap(List<T> units, ToDoubleFunction<List<T>> measure, long seed) {
        if (units.isEmpty()) {
            return new Degree(0, 0, -1, 1);
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] drawn = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            List<T> sample = new ArrayList<>(units.size());
            for (int j = 0; j < units.size(); j++) {
                sample.add(units.get(random.nextInt(units.size())));
            }
            drawn[i] = measure.applyAsDouble(sample);
        }
        Arrays.sort(drawn);
        return new Degree(
                units.size(),
                measure.applyAsDouble(units),
                drawn[(int) (0.025 * DRAWS)],
                drawn[(int) (0.975 * DRAWS) - 1]);
    }
}
