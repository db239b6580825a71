package dev.hone.run;

import dev.hone.advise.AdjustedRand;
import dev.hone.advise.CallReader;
import dev.hone.advise.SampledCall;
import dev.hone.advise.UseCaseFinder;
import dev.hone.advise.UseCaseFinder.Found;
import dev.hone.advise.WordTopics;
import dev.hone.fetch.FetchListener;
import dev.hone.fetch.FileCache;
import dev.hone.model.MiniLm;
import dev.hone.record.Embedder;
import dev.hone.record.Ids;
import dev.hone.record.Task;
import dev.hone.task.VulnerabilityTriage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls of public data's jobs, under one key and without their names, and how well advice finds the jobs again: {@code MixedTraces DATA
 * [CALLS_OF_A_JOB [meaning|words|all [more]]]}. Intents of banking77 and of snips and classes of triage are answers of one job each; with {@code more} those of
 * {@link UnseenTraces} stand among the five.
 */
public final class MixedTraces {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int LEAST = 20;
    private static final long SEED = 7;

    private MixedTraces() {}

    /**
     * A call of a job, as its product sends it.
     *
     * @param prompt which instructions it has
     * @param turns after the instructions
     */
    record Row(String job, String prompt, List<ObjectNode> turns, List<ObjectNode> tools, ObjectNode answer) {
        Row(String job, String user, List<ObjectNode> tools, ObjectNode answer) {
            this(job, job, List.of(JSON.createObjectNode().put("role", "user").put("content", user)), tools, answer);
        }
    }

    /** What of it is seen. */
    private enum Seen {
        INSTRUCTIONS("instructions, tools, answers"),
        TOOLS("tools, answers"),
        TEXTS("questions alone");

        private final String words;

        Seen(String words) {
            this.words = words;
        }
    }

    public static void main(String[] arguments) throws IOException {
        Path data = Path.of(arguments[0]);
        int most = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 800;
        Map<String, String> instructions = new TreeMap<>();
        List<Row> rows = new ArrayList<>();
        rows.addAll(banking(data.resolve("banking77"), instructions, most));
        rows.addAll(snips(data.resolve("snips"), instructions, most));
        rows.addAll(gsm8k(data.resolve("gsm8k"), instructions, most));
        rows.addAll(bfcl(data.resolve("bfcl"), instructions, most));
        rows.addAll(triage(instructions, most));
        if (arguments.length > 3 && arguments[3].equals("more")) {
            rows.addAll(UnseenTraces.sql(data.resolve("defog_sql"), instructions, most));
            rows.addAll(UnseenTraces.airline(data.resolve("taubench"), instructions, most));
        }
        Collections.shuffle(rows, new Random(SEED));
        MiniLm meaning = new MiniLm();
        System.out.println(
                "| seen of a call | texts told apart by | calls | found | rest | told by | adjusted Rand index | seconds |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
        for (Seen seen : Seen.values()) {
            String how = arguments.length < 3 ? "all" : arguments[2];
            if (!how.equals("words")) {
                measure(rows, instructions, seen, "meaning", texts -> meaning);
            }
            if (!how.equals("meaning")) {
                measure(rows, instructions, seen, "words", WordTopics::new);
            }
        }
    }

    private static void measure(
            List<Row> rows,
            Map<String, String> instructions,
            Seen seen,
            String how,
            Function<List<String>, Embedder> embedder) {
        List<SampledCall> calls =
                rows.stream().map(row -> call(row, instructions, seen)).toList();
        long from = System.nanoTime();
        UseCaseFinder.Result result = new UseCaseFinder(LEAST, SEED, (done, of) -> {}).find(calls, embedder);
        double seconds = (System.nanoTime() - from) / 1e9;
        Map<UUID, Integer> groups = new HashMap<>();
        for (int i = 0; i < result.useCases().size(); i++) {
            for (SampledCall call : result.useCases().get(i).calls()) {
                groups.put(call.id(), i);
            }
        }
        // What was not found is a group of each call by itself: nothing is gained by leaving out.
        result.rest().forEach(call -> groups.put(call.id(), -1 - groups.size()));
        double index = AdjustedRand.of(
                rows.stream().map(Row::job).toList(),
                calls.stream().map(call -> groups.get(call.id())).toList());
        Map<String, Integer> bases = new TreeMap<>();
        result.useCases().forEach(found -> bases.merge(found.basis().word(), 1, Integer::sum));
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %d | %d | %d | %s | %.3f | %.0f |%n",
                seen.words,
                how,
                calls.size(),
                result.useCases().size(),
                result.rest().size(),
                bases,
                index,
                seconds);
        Map<UUID, String> jobs = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            jobs.put(calls.get(i).id(), rows.get(i).job());
        }
        for (Found found : result.useCases()) {
            Map<String, Integer> counts = new TreeMap<>();
            found.calls().forEach(call -> counts.merge(String.valueOf(jobs.get(call.id())), 1, Integer::sum));
            System.err.printf("  %s %s%n", found.basis().word(), counts);
        }
    }

    private static SampledCall call(Row row, Map<String, String> instructions, Seen seen) {
        ObjectNode request = JSON.createObjectNode();
        ArrayNode messages = request.putArray("messages");
        if (seen == Seen.INSTRUCTIONS) {
            messages.addObject().put("role", "system").put("content", instructions.get(row.prompt()));
        }
        messages.addAll(row.turns());
        if (seen != Seen.TEXTS && !row.tools().isEmpty()) {
            request.set("tools", JSON.createArrayNode().addAll(row.tools()));
        }
        ObjectNode response = JSON.createObjectNode();
        response.putArray("choices").addObject().set("message", row.answer());
        return new SampledCall(
                Ids.next(),
                null,
                CallReader.read(request.toString(), seen == Seen.TEXTS ? null : response.toString()),
                new SampledCall.Figures(null, null, false, false, null, null, null, null),
                SampledCall.Signal.NONE);
    }

    static ObjectNode said(String text) {
        return JSON.createObjectNode().put("role", "assistant").put("content", text);
    }

    private static ObjectNode called(List<String> names) {
        ObjectNode message = JSON.createObjectNode().put("role", "assistant").putNull("content");
        ArrayNode calls = message.putArray("tool_calls");
        for (String name : names) {
            calls.addObject()
                    .put("type", "function")
                    .putObject("function")
                    .put("name", name)
                    .put("arguments", "{}");
        }
        return message;
    }

    static ObjectNode tool(JsonNode function) {
        ObjectNode tool = JSON.createObjectNode().put("type", "function");
        tool.set("function", function);
        return tool;
    }

    static <T> List<T> some(List<T> all, int most) {
        List<T> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(SEED));
        return shuffled.subList(0, Math.min(most, shuffled.size()));
    }

    private static List<Row> banking(Path folder, Map<String, String> instructions, int most) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (List<String> cells :
                csv(Files.readString(folder.resolve("train.csv"))).subList(1, 10_004)) {
            rows.add(new Row("banking77", cells.getFirst().strip(), List.of(), said(cells.getLast())));
        }
        List<String> labels = new ArrayList<>();
        JSON.readTree(Files.readString(folder.resolve("categories.json")))
                .forEach(label -> labels.add(label.stringValue()));
        instructions.put(
                "banking77",
                "You sort messages of a bank's customers. Answer with one of these intents and nothing else: "
                        + String.join(", ", labels));
        return some(rows, most);
    }

    /** Rows of cells, of which those in quotation marks may have commas and ends of lines. */
    static List<List<String>> csv(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                boolean twice = quoted && i + 1 < text.length() && text.charAt(i + 1) == '"';
                cell.append(twice ? "\"" : "");
                quoted = twice || !quoted;
                i += twice ? 1 : 0;
            } else if (!quoted && (c == ',' || c == '\n')) {
                cells.add(cell.toString());
                cell.setLength(0);
                if (c == '\n') {
                    rows.add(List.copyOf(cells));
                    cells.clear();
                }
            } else if (c != '\r') {
                cell.append(c);
            }
        }
        return rows;
    }

    private static List<Row> snips(Path folder, Map<String, String> instructions, int most) throws IOException {
        List<String> intents = List.of(
                "AddToPlaylist",
                "BookRestaurant",
                "GetWeather",
                "PlayMusic",
                "RateBook",
                "SearchCreativeWork",
                "SearchScreeningEvent");
        List<ObjectNode> tools = intents.stream()
                .map(intent -> tool(JSON.createObjectNode().put("name", intent)))
                .toList();
        List<Row> rows = new ArrayList<>();
        for (String intent : intents) {
            String text = new String(
                    Files.readAllBytes(folder.resolve("train_" + intent + ".json")),
                    java.nio.charset.StandardCharsets.UTF_8);
            for (JsonNode utterance : JSON.readTree(text).path(intent)) {
                StringBuilder said = new StringBuilder();
                utterance
                        .path("data")
                        .forEach(part -> said.append(part.path("text").asString("")));
                rows.add(new Row("snips", said.toString().strip(), tools, called(List.of(intent))));
            }
        }
        instructions.put(
                "snips",
                "You are a voice assistant at home. Call the one function that does what was said, with what it needs.");
        return some(rows, most);
    }

    private static List<Row> gsm8k(Path folder, Map<String, String> instructions, int most) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("gsm8k_example_model_solutions.jsonl"))) {
            JsonNode row = JSON.readTree(line);
            rows.add(new Row(
                    "gsm8k",
                    row.path("question").stringValue(),
                    List.of(),
                    said(row.path("175b_verification").path("solution").asString("A: 0"))));
        }
        instructions.put(
                "gsm8k", "Solve the problem step by step. Write the number that answers it on the last line, after A:");
        return some(rows, most);
    }

    private static List<Row> bfcl(Path folder, Map<String, String> instructions, int most) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String part : List.of("simple_python", "multiple", "parallel")) {
            List<String> questions = Files.readAllLines(folder.resolve("BFCL_v4_" + part + ".json"));
            List<String> answers = Files.readAllLines(folder.resolve("ans_BFCL_v4_" + part + ".json"));
            for (int i = 0; i < questions.size(); i++) {
                JsonNode row = JSON.readTree(questions.get(i));
                List<ObjectNode> tools = new ArrayList<>();
                row.path("function").forEach(function -> tools.add(tool(function)));
                List<String> names = new ArrayList<>();
                JSON.readTree(answers.get(i)).path("ground_truth").forEach(call -> names.addAll(call.propertyNames()));
                rows.add(new Row("bfcl", user(row), tools, called(names)));
            }
        }
        instructions.put(
                "bfcl", "Turn what the user wants into calls of the functions that are offered. Say nothing beside.");
        return some(rows, most);
    }

    private static String user(JsonNode row) {
        for (JsonNode message : row.path("question").path(0)) {
            if (message.path("role").asString("").equals("user")) {
                return message.path("content").asString("");
            }
        }
        return "";
    }

    private static List<Row> triage(Map<String, String> instructions, int most) throws IOException {
        VulnerabilityTriage.Labelled triage = VulnerabilityTriage.load(FileCache.standard(), FetchListener.SILENT);
        List<Row> rows = new ArrayList<>();
        for (Task task : triage.tasks()) {
            rows.add(new Row("triage", task.question(), List.of(), said(task.reference())));
        }
        List<String> labels = new ArrayList<>();
        new TreeMap<>(triage.labels()).forEach((label, names) -> labels.add(label + " " + String.join(", ", names)));
        instructions.put(
                "triage",
                "Which of these classes fits best? Answer with its short name alone.\n\n" + String.join("\n", labels));
        return some(rows, most);
    }
}
