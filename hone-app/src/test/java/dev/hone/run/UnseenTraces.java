package dev.hone.run;

import dev.hone.run.MixedTraces.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Jobs that nobody looked at while the thresholds of {@link dev.hone.advise.UseCaseFinder} were chosen: SQL for eleven databases, and an agent of an airline. */
final class UnseenTraces {
    private static final JsonMapper JSON = JsonMapper.shared();

    private UnseenTraces() {}

    /** Questions to databases, each of which has its tables in its instructions (defog-ai/sql-eval and defog-data). */
    static List<Row> sql(Path folder, Map<String, String> instructions, int most) throws IOException {
        List<Row> rows = new ArrayList<>();
        List<List<String>> cells = MixedTraces.csv(Files.readString(folder.resolve("questions_gen_sqlite.csv")));
        List<String> names = cells.getFirst();
        for (List<String> row : cells.subList(1, cells.size())) {
            String database = row.get(names.indexOf("db_name"));
            String prompt = "sql/" + database;
            if (!instructions.containsKey(prompt)) {
                instructions.put(
                        prompt,
                        "You write one SQLite query that answers the question, and nothing beside. These are the tables of the database %s:\n%s"
                                .formatted(database, tables(folder.resolve(database + ".json"))));
            }
            rows.add(new Row(
                    "sql",
                    prompt,
                    List.of(turn("user", row.get(names.indexOf("question")))),
                    List.of(),
                    MixedTraces.said(row.get(names.indexOf("query")))));
        }
        return MixedTraces.some(rows, most);
    }

    private static String tables(Path file) throws IOException {
        StringBuilder tables = new StringBuilder();
        JSON.readTree(Files.readString(file))
                .path("table_metadata")
                .properties()
                .forEach(table -> {
                    List<String> columns = new ArrayList<>();
                    table.getValue()
                            .forEach(column ->
                                    columns.add(column.path("column_name").asString("") + " "
                                            + column.path("data_type").asString("")));
                    tables.append(table.getKey())
                            .append(" (")
                            .append(String.join(", ", columns))
                            .append(")\n");
                });
        return tables.toString();
    }

    /** Each call of an agent, with all turns before it (sierra-research/tau-bench, the airline's traces of gpt-4o). */
    static List<Row> airline(Path folder, Map<String, String> instructions, int most) throws IOException {
        JsonNode traces = JSON.readTree(Files.readString(folder.resolve("tau_gpt-4o-airline.json")));
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode trace : traces) {
            trace.path("traj")
                    .forEach(turn -> turn.path("tool_calls")
                            .forEach(call ->
                                    names.add(call.path("function").path("name").asString(""))));
        }
        List<ObjectNode> tools = names.stream()
                .map(name -> MixedTraces.tool(JSON.createObjectNode().put("name", name)))
                .toList();
        List<Row> rows = new ArrayList<>();
        for (JsonNode trace : traces) {
            List<ObjectNode> turns = new ArrayList<>();
            for (JsonNode one : trace.path("traj")) {
                String role = one.path("role").asString("");
                if (role.equals("system")) {
                    instructions.put("airline", one.path("content").asString(""));
                    continue;
                }
                ObjectNode turn = turn(role, one.path("content").asString(""));
                if (one.path("tool_calls") instanceof ArrayNode calls) {
                    turn.set("tool_calls", calls);
                }
                if (one.has("tool_call_id")) {
                    turn.set("tool_call_id", one.path("tool_call_id"));
                }
                if (role.equals("assistant")) {
                    rows.add(new Row("airline", "airline", List.copyOf(turns), tools, turn));
                }
                turns.add(turn);
            }
        }
        return MixedTraces.some(rows, most);
    }

    private static ObjectNode turn(String role, String content) {
        return JSON.createObjectNode().put("role", role).put("content", content);
    }
}
