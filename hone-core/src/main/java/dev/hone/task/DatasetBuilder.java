package dev.hone.task;

import dev.hone.fetch.Hashes;
import dev.hone.record.DatasetTask;
import dev.hone.record.Embedder;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Split;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a dataset of labelled traces: duplicates are left out, what is near stays together, groups go whole into splits. The
 * same traces and plan give the same dataset, whatever ids the store gave them.
 */
public final class DatasetBuilder {
    private static final double EMBEDDING_SECONDS = 1 / 200.0;
    private static final double COSINE_SECONDS = 4e-7;

    private final DatasetPlan plan;
    private final Embedder embedder;
    private final Map<String, Split> earlier;
    private final Set<String> learned;

    /** For a plan in which meaning does not count. */
    public DatasetBuilder(DatasetPlan plan) {
        this(plan, Map.of());
    }

    /**
     * For a plan in which meaning does not count, beside datasets that there are.
     *
     * @param earlier the split of each input that has one already, and keeps it: what is near to it goes to the same, and what a model has learned from
     *     never becomes what one is judged by
     */
    public DatasetBuilder(DatasetPlan plan, Map<String, Split> earlier) {
        this(plan, earlier, Set.of());
    }

    /**
     * The same, where not everything may be judged by.
     *
     * @param learned inputs that are learned from, or left out where they are near to what has been judged by
     */
    public DatasetBuilder(DatasetPlan plan, Map<String, Split> earlier, Set<String> learned) {
        this(
                plan,
                text -> {
                    throw new IllegalArgumentException(
                            "The plan asks for meaning, and nothing was given to tell it by");
                },
                earlier,
                learned);
    }

    /** @param embedder tells what a task means */
    public DatasetBuilder(DatasetPlan plan, Embedder embedder) {
        this(plan, embedder, Map.of(), Set.of());
    }

    private DatasetBuilder(DatasetPlan plan, Embedder embedder, Map<String, Split> earlier, Set<String> learned) {
        if (plan.kind() == DatasetPlan.Kind.TIME && !earlier.isEmpty()) {
            throw new IllegalArgumentException(
                    "A split by time moves with time, and cannot keep what earlier datasets have: split stratified or grouped");
        }
        this.plan = plan;
        this.embedder = embedder;
        this.earlier = Map.copyOf(earlier);
        this.learned = Set.copyOf(learned);
    }

    /**
     * Builds the dataset.
     *
     * @param traces in the order in which they were stored: of two answers to one input the later one counts
     * @throws IllegalArgumentException when a split would be empty, or a trace lacks what the plan needs
     */
    public FrozenDataset build(List<LabelledTrace> traces) {
        Map<String, Candidate> byInput = new LinkedHashMap<>();
        int exact = 0;
        int corrected = 0;
        for (LabelledTrace labelled : traces) {
            Candidate candidate = Candidate.of(labelled);
            Candidate before = byInput.put(labelled.trace().request(), candidate);
            if (before != null && before.answer().equals(candidate.answer())) {
                byInput.put(labelled.trace().request(), before);
                exact++;
            } else if (before != null) {
                corrected++;
            }
        }
        List<Candidate> different = byInput.values().stream()
                .sorted(Comparator.comparing(one -> standing(one.trace().request())))
                .toList();
        List<Candidate> kept = withoutNearDuplicates(different);
        List<List<Integer>> groups = groups(kept);
        List<String> contents = kept.stream().map(DatasetBuilder::content).toList();
        List<String> places = contents.stream()
                .map(content -> sha256(plan.seed() + "\n" + content))
                .toList();
        @Nullable Split[] placed = new @Nullable Split[kept.size()];
        for (int i = 0; i < placed.length; i++) {
            placed[i] = earlier.get(kept.get(i).trace().request());
        }
        boolean[] learnedFrom = new boolean[kept.size()];
        for (int i = 0; i < learnedFrom.length; i++) {
            learnedFrom[i] = learned.contains(kept.get(i).trace().request());
        }
        @Nullable Split[] splits = new Splitter(plan, kept, places, groups, placed, learnedFrom).splits();
        requireFilled(splits, groups.size());
        List<DatasetTask> tasks = tasks(kept, contents, places, splits);
        int straddling = kept.size() - tasks.size();
        return new FrozenDataset(
                tasks,
                hash(tasks),
                counts(
                        kept,
                        splits,
                        new int[] {traces.size(), exact, corrected, different.size() - kept.size(), straddling},
                        groups.size()));
    }

    /** Of two that are nearly the same, the one that has its place stays, else the one that may be judged by. */
    private int standing(String input) {
        return earlier.containsKey(input) ? 0 : learned.contains(input) ? 2 : 1;
    }

    private List<Candidate> withoutNearDuplicates(List<Candidate> candidates) {
        boolean[] dropped = new boolean[candidates.size()];
        new NearDuplicates(candidates.stream().map(Candidate::text).toList())
                .pairs(plan.duplicate(), (earlier, later) -> {
                    Candidate one = candidates.get(earlier);
                    Candidate other = candidates.get(later);
                    dropped[later] = one.answer().equals(other.answer())
                            && ChatJson.conversation(one.trace().request())
                                    .tools()
                                    .equals(ChatJson.conversation(other.trace().request())
                                            .tools());
                    return dropped[later];
                });
        List<Candidate> kept = new ArrayList<>();
        for (int i = 0; i < dropped.length; i++) {
            if (!dropped[i]) {
                kept.add(candidates.get(i));
            }
        }
        return kept;
    }

    /** Near-duplicates, what means the same, and what shares the metadatum to group by, directly or through others. */
    private List<List<Integer>> groups(List<Candidate> candidates) {
        Links links =
                new NearDuplicates(candidates.stream().map(Candidate::text).toList()).links(plan.near());
        if (plan.meaning() > 0) {
            joinByMeaning(candidates, links);
        }
        if (!plan.groupBy().isEmpty()) {
            Map<String, Integer> first = new HashMap<>();
            for (int i = 0; i < candidates.size(); i++) {
                Integer before = first.putIfAbsent(candidates.get(i).metadatum(plan.groupBy()), i);
                if (before != null) {
                    links.join(before, i);
                }
            }
        }
        return links.groups();
    }

    /** What meaning takes, about, in seconds: each task is embedded, and compared with every other. */
    public static double secondsOfMeaning(int tasks) {
        return EMBEDDING_SECONDS * tasks + COSINE_SECONDS * tasks * (tasks - 1.0) / 2;
    }

    private void joinByMeaning(List<Candidate> candidates, Links links) {
        List<float[]> vectors =
                candidates.stream().map(one -> embedder.embed(one.text())).toList();
        for (int i = 0; i < vectors.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (Embedder.cosine(vectors.get(i), vectors.get(j)) >= plan.meaning()) {
                    links.join(i, j);
                }
            }
        }
    }

    private void requireFilled(@Nullable Split[] splits, int groups) {
        for (Split split : Split.values()) {
            if (plan.share(split) > 0 && Arrays.stream(splits).noneMatch(given -> given == split)) {
                throw new IllegalArgumentException(
                        "The [%s] split would be empty: [%d] tasks in [%d] groups that must stay together; import more, or give other shares"
                                .formatted(split.label(), splits.length, groups));
            }
        }
    }

    /** What a task is, in one way of writing. */
    private static String content(Candidate candidate) {
        ObjectNode content = JsonMapper.shared().createObjectNode();
        content.put("input", candidate.trace().request()).put("reference", candidate.demonstration());
        ObjectNode metadata = content.putObject("metadata");
        new TreeMap<>(candidate.trace().metadata()).forEach(metadata::put);
        return content.toString();
    }

    private static List<DatasetTask> tasks(
            List<Candidate> kept, List<String> contents, List<String> places, @Nullable Split[] splits) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < splits.length; i++) {
            order.add(i);
        }
        order.sort(Comparator.comparing(places::get));
        List<DatasetTask> tasks = new ArrayList<>();
        for (Split split : Split.values()) {
            int position = 0;
            for (int i : order) {
                if (splits[i] == split) {
                    Candidate candidate = kept.get(i);
                    tasks.add(new DatasetTask(
                            candidate.trace().id(),
                            split,
                            position++,
                            candidate.trace().request(),
                            candidate.demonstration(),
                            candidate.trace().metadata(),
                            sha256(contents.get(i))));
                }
            }
        }
        return tasks;
    }

    /** SHA-256 over a line for each task: its split and the hash of its content. */
    static String hash(List<DatasetTask> tasks) {
        MessageDigest digest = Hashes.sha256();
        for (DatasetTask task : tasks) {
            digest.update((task.split().label() + " " + task.contentHash() + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String sha256(String text) {
        return Hashes.sha256(text);
    }

    /** @param left traces, exact duplicates, corrected, near-duplicates, straddling */
    private FrozenDataset.Counts counts(List<Candidate> kept, @Nullable Split[] splits, int[] left, int groups) {
        Map<Split, Integer> tasks = new EnumMap<>(Split.class);
        Map<String, Integer> classes = new HashMap<>();
        Set<String> learned = new HashSet<>();
        for (int i = 0; i < splits.length; i++) {
            Split split = splits[i];
            if (split != null) {
                tasks.merge(split, 1, Integer::sum);
                classes.merge(kept.get(i).stratum(plan), 1, Integer::sum);
                if (split == Split.TRAIN) {
                    learned.add(kept.get(i).stratum(plan));
                }
            }
        }
        Map<String, Integer> bySplit = new LinkedHashMap<>();
        for (Split split : Split.values()) {
            bySplit.put(split.label(), tasks.getOrDefault(split, 0));
        }
        List<String> unseen = classes.keySet().stream()
                .filter(label -> !learned.contains(label))
                .toList();
        return new FrozenDataset.Counts(
                left[0],
                left[1],
                left[2],
                left[3],
                left[4],
                bySplit,
                groups,
                classes.size(),
                (int) classes.values().stream().filter(count -> count == 1).count(),
                unseen.size(),
                unseen.stream().mapToInt(classes::get).sum());
    }
}
