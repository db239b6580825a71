package dev.hone.load;

import dev.hone.fetch.Hashes;
import dev.hone.loop.LoopFolder;
import dev.hone.loop.RoundFolder;
import dev.hone.loop.RoundStep;
import dev.hone.record.Project;
import dev.hone.store.Database;
import dev.hone.store.StoreFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What rounds of a use case have come to, without what differs between any two: ids, times, and the use case's name. */
final class LoopEnd {
    /** Tables with the use case of each row. */
    private static final List<String> TABLES = List.of(
            "dataset", "run", "model_version", "evaluation", "gate_verdict", "rollout", "loop_round", "alias_change");

    private final Database database;
    private final Path home;
    private final String useCase;
    private final List<String> found = new ArrayList<>();

    private LoopEnd(Database database, Path home, String useCase) {
        this.database = database;
        this.home = home;
        this.useCase = useCase;
    }

    static List<String> of(Database database, Path home, String useCase) throws IOException {
        LoopEnd end = new LoopEnd(database, home, useCase);
        end.read();
        return end.found;
    }

    private void read() throws IOException {
        for (String table : TABLES) {
            add(table + "s", "SELECT count(*)::text FROM " + table + " x WHERE x.use_case = :id");
        }
        add("dataset", "SELECT hash || ' ' || counts FROM dataset WHERE use_case = :id ORDER BY created");
        add("rows", """
                SELECT d.hash || ' ' || t.split || ' ' || count(*) FROM dataset d JOIN dataset_task t ON t.dataset = d.id
                 WHERE d.use_case = :id GROUP BY d.hash, d.created, t.split ORDER BY d.created, t.split
                """);
        add("run", """
                SELECT concat_ws(' ', v.number, r.data_hash, r.examples, r.training ->> 'steps', r.training ->> 'tokens', r.training ->> 'finalLoss')
                  FROM run r JOIN model_version v ON v.run = r.id WHERE r.use_case = :id ORDER BY v.number
                """);
        add("course", """
                SELECT concat_ws(' ', v.number, count(*), md5(string_agg(m.step || ':' || (m.figures ->> 'loss'), ',' ORDER BY m.step)))
                  FROM metric m JOIN model_version v ON v.run = m.run WHERE v.use_case = :id GROUP BY v.number ORDER BY v.number
                """);
        add("version", """
                SELECT concat_ws(' ', v.number, 'from', coalesce(p.number::text, 'the base model'), d.hash)
                  FROM model_version v JOIN run r ON r.id = v.run LEFT JOIN model_version p ON p.id = v.parent LEFT JOIN dataset d ON d.id = r.dataset
                 WHERE v.use_case = :id ORDER BY v.number
                """);
        for (String artifact : texts("SELECT artifact FROM model_version WHERE use_case = :id ORDER BY number")) {
            found.add("weights "
                    + Hashes.sha256(home.resolve("artifacts").resolve(artifact).resolve("adapter_model.safetensors")));
        }
        add("reports", """
                SELECT concat_ws(' ', v.number, count(*)) FROM evaluation_version e JOIN model_version v ON v.id = e.version
                 WHERE v.use_case = :id GROUP BY v.number ORDER BY v.number
                """);
        add("verdict", """
                SELECT concat_ws(' ', number, passed, evidence ->> 'lines', evidence ->> 'beside') FROM gate_verdict WHERE use_case = :id ORDER BY id
                """);
        add("step", """
                SELECT concat_ws(' ', row_number() OVER (PARTITION BY r.id ORDER BY s.finished), s.step, s.result)
                  FROM loop_step s JOIN loop_round r ON r.id = s.round WHERE r.use_case = :id ORDER BY r.begun, s.finished
                """);
        add(
                "round",
                "SELECT concat_ws(' ', outcome, version, reason) FROM loop_round WHERE use_case = :id ORDER BY begun");
        add("rollout", "SELECT concat_ws(' ', number, phase, step) FROM rollout WHERE use_case = :id ORDER BY id");
        add("decision", """
                SELECT concat_ws(' ', d.action, d.phase, d.step) FROM rollout_decision d JOIN rollout r ON r.id = d.rollout
                 WHERE r.use_case = :id AND d.action <> 'hold' ORDER BY d.at, d.id
                """);
        add("moved", """
                SELECT concat_ws(' ', name, coalesce(number_before::text, 'none'), coalesce(number_after::text, 'none'))
                  FROM alias_change WHERE use_case = :id ORDER BY id
                """);
        add("alias", """
                SELECT concat_ws(' ', a.name, v.number) FROM alias a JOIN model_version v ON v.id = a.version WHERE a.use_case = :id ORDER BY 1
                """);
        for (RoundFolder round : LoopFolder.of(home, Project.DEFAULT, useCase).rounds()) {
            List<RoundStep> written = new ArrayList<>();
            for (RoundStep step : RoundStep.values()) {
                if (round.finished(step).isPresent()) {
                    written.add(step);
                }
            }
            found.add("folder " + written + " "
                    + normal(String.valueOf(round.ended().orElse(null))));
        }
    }

    private void add(String name, String sql) {
        texts(sql).forEach(text -> found.add(name + " " + normal(text)));
    }

    private List<String> texts(String sql) {
        String of = "(SELECT id FROM use_case WHERE name = '%s')".formatted(useCase);
        return StoreFixture.texts(database, sql.replace(":id", of));
    }

    private String normal(String text) {
        return text.replace(useCase, "NAME")
                .replaceAll("\"seconds\":[^,}]*", "\"seconds\":0")
                .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID");
    }
}
