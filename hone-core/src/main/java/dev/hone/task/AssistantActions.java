package dev.hone.task;

import dev.hone.fetch.FetchListener;
import dev.hone.fetch.FileCache;
import dev.hone.fetch.PinnedFile;
import dev.hone.fetch.Source;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The use case <em>assistant actions</em>: a customer's sentence becomes one call of one tool. Sentences, tools and accepted
 * calls are those that real users sent to the Berkeley function-calling leaderboard ({@code bfcl-eval==2026.3.23}, Apache
 * 2.0, live simple and live multiple). Kept are rows with one user turn and one call, each sentence once, of functions with
 * at least {@value #LEAST_ROWS} rows. A system turn, which a few rows have, is left out.
 */
public final class AssistantActions {
    /** Metadatum: name of the function that is to be called. */
    public static final String FUNCTION = "function";

    /** Metadatum: the accepted calls, as {@code {function: {argument: [value, …]}}}. */
    public static final String ACCEPTED = "accepted";

    static final int LEAST_ROWS = 8;

    private static final String PROJECT = "bfcl-eval";
    private static final String VERSION = "2026.3.23";
    private static final long WHEEL_BYTES = 1_925_664;
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final PinnedFile SIMPLE =
            pinned("BFCL_v4_live_simple.json", "1af2ac87dca47556db7b7e37e51e28b459a38b594e3c7b3c792b4903598ca0c4");
    private static final PinnedFile MULTIPLE =
            pinned("BFCL_v4_live_multiple.json", "fd8ccfad4d911420d0e3341dbe2fff77d1d341da934248b9bb2bda24ab3a10c8");
    private static final PinnedFile SIMPLE_ANSWERS = pinned(
            "possible_answer/BFCL_v4_live_simple.json",
            "fec9cfa9744a936f9126981e85a2023da1e63e273eafebc81923a1162fad70ce");
    private static final PinnedFile MULTIPLE_ANSWERS = pinned(
            "possible_answer/BFCL_v4_live_multiple.json",
            "97e90d59c5bd76c55a2920ce93e5566e9046307d3f558578f085f9d3a56c3084");

    private AssistantActions() {}

    /**
     * What there is to do.
     *
     * @param tasks with a call as reference
     * @param excluded how many rows were left out, by the reason; and of how many only the system turn was
     */
    public record Selected(List<Task> tasks, Map<String, Integer> excluded) {
        public Selected {
            tasks = List.copyOf(tasks);
            excluded = Map.copyOf(excluded);
        }
    }

    private static PinnedFile pinned(String name, String sha256) {
        return new PinnedFile(
                "data/bfcl/" + name,
                sha256,
                List.of(new Source.Wheel(PROJECT, VERSION, "bfcl_eval/data/" + name, WHEEL_BYTES)));
    }

    /** Fetches the data, or takes it from the cache, and reads it. */
    public static Selected load(FileCache cache, FetchListener listener) throws IOException {
        List<Path> files = cache.fetch(List.of(SIMPLE, MULTIPLE, SIMPLE_ANSWERS, MULTIPLE_ANSWERS), listener);
        List<String> questions = new ArrayList<>(Files.readAllLines(files.get(0)));
        questions.addAll(Files.readAllLines(files.get(1)));
        List<String> answers = new ArrayList<>(Files.readAllLines(files.get(2)));
        answers.addAll(Files.readAllLines(files.get(3)));
        return select(questions, answers);
    }

    /**
     * Reads the leaderboard's files.
     *
     * @param questions one JSON object a line: id, question, function
     * @param answers one JSON object a line: id, ground_truth
     */
    static Selected select(List<String> questions, List<String> answers) {
        Map<String, JsonNode> truths = new HashMap<>();
        for (String line : answers) {
            JsonNode row = JSON.readTree(line);
            truths.put(row.path("id").asString(), row.path("ground_truth"));
        }
        Map<String, Integer> excluded = new TreeMap<>();
        Set<String> sentences = new HashSet<>();
        List<Row> suited = new ArrayList<>();
        for (String line : questions) {
            JsonNode row = JSON.readTree(line);
            JsonNode truth = truths.getOrDefault(row.path("id").asString(), JSON.missingNode());
            String unsuited = unsuited(row, truth, sentences);
            if (unsuited.isEmpty()) {
                suited.add(new Row(row, truth.get(0)));
            } else {
                excluded.merge(unsuited, 1, Integer::sum);
            }
        }
        Map<String, Long> counts = suited.stream().collect(Collectors.groupingBy(Row::function, Collectors.counting()));
        List<Task> tasks = new ArrayList<>();
        for (Row row : suited) {
            if (counts.getOrDefault(row.function(), 0L) < LEAST_ROWS) {
                excluded.merge("of a rare function", 1, Integer::sum);
                continue;
            }
            tasks.add(task(row.json(), sentence(row.json()), row.accepted()));
            if (!turns(row.json(), "system").isEmpty()) {
                excluded.merge("only its system turn", 1, Integer::sum);
            }
        }
        return new Selected(tasks, excluded);
    }

    /** A row that asks for one call, with what is accepted. */
    private record Row(JsonNode json, JsonNode accepted) {
        String function() {
            return accepted.properties().iterator().next().getKey();
        }
    }

    /**
     * Why a row is left out; empty for one that is not.
     *
     * @param sentences that were said before; the row's is added
     */
    private static String unsuited(JsonNode row, JsonNode truth, Set<String> sentences) {
        if (truth.size() != 1) {
            return "not exactly one call";
        }
        if (turns(row, "user").size() != 1 || row.path("question").size() != 1) {
            return "not exactly one user turn";
        }
        return sentences.add(normalised(sentence(row))) ? "" : "said before";
    }

    private static List<JsonNode> turns(JsonNode row, String role) {
        return row.path("question")
                .valueStream()
                .flatMap(JsonNode::valueStream)
                .filter(message -> message.path("role").asString().equals(role))
                .toList();
    }

    private static String sentence(JsonNode row) {
        return turns(row, "user").getFirst().path("content").asString();
    }

    /** Lower case, words alone, of any script: two sentences that differ in nothing else are the same sentence. */
    static String normalised(String sentence) {
        return NO_WORD.matcher(sentence.toLowerCase(Locale.ROOT))
                .replaceAll(" ")
                .strip();
    }

    private static Task task(JsonNode row, String sentence, JsonNode accepted) {
        Map.Entry<String, JsonNode> call = accepted.properties().iterator().next();
        List<String> tools = new ArrayList<>();
        JsonNode parameters = JSON.createObjectNode();
        for (JsonNode function : row.path("function")) {
            ObjectNode tool = JSON.createObjectNode().put("type", "function");
            tool.set("function", function);
            tools.add(tool.toString());
            if (function.path("name").asString().equals(call.getKey())) {
                parameters = function.path("parameters");
            }
        }
        String reference = CanonicalCall.of(call.getKey(), call.getValue(), parameters.path("required"), sentence);
        return new Task(
                row.path("id").asString(),
                new Conversation(List.of(ChatMessage.of("user", sentence)), tools),
                reference,
                Map.of(FUNCTION, call.getKey(), ACCEPTED, accepted.toString()));
    }
}
