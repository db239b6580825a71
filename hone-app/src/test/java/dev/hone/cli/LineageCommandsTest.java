package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.capture.gateway.EndUsers;
import dev.hone.record.ConfigurationText;
import dev.hone.record.Dataset;
import dev.hone.record.FinishedRun;
import dev.hone.record.ModelVersion;
import dev.hone.record.RunLog;
import dev.hone.store.Configurations;
import dev.hone.store.Database;
import dev.hone.store.Datasets;
import dev.hone.store.ModelVersions;
import dev.hone.store.StoreFixture;
import dev.hone.store.UseCases;
import dev.hone.store.VersionRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code hone lineage}, {@code gate}, {@code forget} and {@code models card | delete} as somebody types them. */
final class LineageCommandsTest {
    private static final String CHARTER = """
            name: support
            owner: Ada Lovelace
            job: Answers *customers*.
            good: {kind: string_check, operation: eq}
            viewers: [everyone]
            gates:
              quality: {not-worse-than: 0.1}
              sample-size: 30
            """;

    @TempDir
    Path folder;

    private Path home() {
        return folder.resolve("home");
    }

    private static JsonNode json(HoneScript.Outcome outcome) {
        return JsonMapper.shared().readTree(outcome.last());
    }

    @SafeVarargs
    private List<HoneScript.Outcome> run(List<String>... commands) throws IOException {
        return HoneScript.run(home(), folder.resolve("errors"), List.of(commands));
    }

    private static ModelVersion version(
            Database database, String digits, @Nullable Dataset dataset, @Nullable ModelVersion parent) {
        return new ModelVersions(database)
                .add(
                        new UseCases(database).require("support"),
                        new ModelVersions.Candidate(
                                new FinishedRun(
                                        digits.repeat(32),
                                        "data",
                                        10,
                                        "smollm2-135m-instruct",
                                        "",
                                        "{}",
                                        "{}",
                                        "{}",
                                        Instant.parse("2026-11-26T03:23:00Z")),
                                new RunLog(List.of(), List.of()),
                                dataset == null ? null : dataset.id(),
                                digits.repeat(32),
                                parent == null ? null : parent.id(),
                                "runs/x"))
                .version();
    }

    /** @param right letters of the version and of what is live */
    private Path report(String name, String right, String live) throws IOException {
        return Files.writeString(folder.resolve(name), """
                {"useCase": "support", "baseModelHash": "", "dataHash": "%s", "seed": 1, "rows": {"train": 80, "test": %d},
                 "contenders": [{"name": "support/1", "rows": %d, "quality": {"value": 0.5, "low": 0.4, "high": 0.6}},
                                {"name": "support/2", "rows": %d, "quality": {"value": 0.5, "low": 0.4, "high": 0.6}}],
                 "scores": {"slices": %s,
                            "contenders": [{"name": "support/1", "right": "%s", "latenciesMs": []}, {"name": "support/2", "right": "%s", "latenciesMs": []}]}}
                """.formatted(
                        name,
                        right.length(),
                        right.length(),
                        right.length(),
                        JsonMapper.shared()
                                .writeValueAsString("a".repeat(right.length()).split("")),
                        live,
                        right));
    }

    @Test
    void fromTracesToTrafficAndBackAndForgotten() throws IOException {
        Files.createDirectory(home());
        byte[] secret = new byte[32];
        secret[3] = 7;
        Files.write(home().resolve("end-users.key"), secret);
        Files.createDirectories(home().resolve("journal/rejected"));
        Files.writeString(home().resolve("journal/rejected/1"), "x");
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            rows.append("{\"id\": \"r-%d\", \"input\": \"question %s\", \"output\": \"answer %d\"}\n"
                    .formatted(i, Long.toString(1_000_003L * (i + 7) * (i + 13) * 7_919, 36), i % 2));
        }
        Path file = Files.writeString(folder.resolve("rows.jsonl"), rows);
        Path charter = Files.writeString(folder.resolve("support.yaml"), CHARTER);
        try (Database held = Database.open(Map.of(), home(), text -> {})) {
            List<HoneScript.Outcome> made = run(
                    List.of("import", "--use-case", "support", file.toString(), "--json"),
                    List.of(
                            "tasks",
                            "build",
                            "--use-case",
                            "support",
                            "--split",
                            "grouped",
                            "--shares",
                            "60,20,20",
                            "--json"));
            assertEquals(0, made.get(1).exit(), made.get(1).out());
            Dataset dataset =
                    new Datasets(held).require(json(made.get(1)).path("hash").asString());
            ModelVersion one = version(held, "a1", dataset, null);
            version(held, "a2", null, one);
            UUID trace = new Datasets(held).tasks(dataset.id()).getFirst().trace();
            StoreFixture.change(
                    held,
                    "UPDATE trace SET end_user = ? WHERE id = ?",
                    new EndUsers(secret).hash("default", "ann@example.com"),
                    trace);
            String same = "10".repeat(100);
            Path good = report("good.json", same, same);
            Path bad = report("bad.json", "0".repeat(200), same);
            Path others = Files.writeString(
                    folder.resolve("others.json"),
                    Files.readString(good).replace("support/1", "fine-tuned").replace("support/2", "support@live"));
            Path kept = Files.writeString(
                    Files.createDirectory(folder.resolve("kept")).resolve("support.yaml"),
                    CHARTER
                            + "  retention: {data: [\"%s\"], not-worse-than: 0.1}\n"
                                    .formatted(dataset.hash().substring(0, 12)));
            Path foreign = Files.writeString(
                    folder.resolve("foreign.json"),
                    Files.readString(good).replace("\"baseModelHash\": \"\"", "\"baseModelHash\": \"ab\""));
            Path few = report("few.json", same.substring(0, 20), same.substring(0, 20));
            List<String> gate =
                    List.of("gate", "support/2", "--charter", charter.toString(), "--baseline", "support/1");
            List<HoneScript.Outcome> done = run(
                    List.of("lineage", trace.toString(), "--json"),
                    List.of("lineage", trace.toString()),
                    List.of("lineage", dataset.hash().substring(0, 8), "--json"),
                    List.of("lineage", "support/2"),
                    with(gate, "--report", bad.toString(), "--json"),
                    List.of("models", "alias", "support/2", "live", "--charter", charter.toString()),
                    with(gate, "--report", few.toString()),
                    with(gate, "--report", good.toString()),
                    List.of("models", "alias", "support/2", "live", "--charter", charter.toString(), "--json"),
                    List.of("models", "alias", "support/1", "live", "--charter", charter.toString(), "--force"),
                    List.of("lineage", "support@live", "--json"),
                    List.of("models", "delete", "support/1", "--yes"),
                    List.of("models", "delete", "support/1", "--json"),
                    List.of("models", "card", "support/2", "--charter", charter.toString()),
                    List.of("models", "card", "support/2", "--json"),
                    List.of("forget", "--end-user", "ann@example.com", "--json"),
                    List.of("forget", "--end-user", "ann@example.com", "--yes"),
                    List.of("forget", "--end-user", "ann@example.com", "--yes", "--json"),
                    List.of("lineage", trace.toString()),
                    List.of("models", "show", "support/2", "--json"),
                    List.of("models", "alias", "support/1", "candidate", "--charter", charter.toString()),
                    List.of("lineage", "support/1"),
                    List.of("models", "remove-alias", "support@previous"),
                    List.of("models", "delete", "support/2", "--yes"),
                    List.of("lineage", "support/2"),
                    List.of("gate", "support", "--charter", charter.toString()),
                    List.of(
                            "gate",
                            "support/1",
                            "--charter",
                            folder.resolve("none.yaml").toString()),
                    List.of("forget", "--end-user", " "),
                    List.of("forget", "--yes"),
                    List.of("check", charter.toString()),
                    List.of("gate", "support/1", "--charter", charter.toString(), "--report", others.toString()),
                    List.of("gate", "support/1", "--charter", charter.toString(), "--report", foreign.toString()),
                    List.of("gate", "support/1", "--charter", kept.toString()));
            String errors = Files.readString(folder.resolve("errors"));

            JsonNode up = json(done.get(0));
            assertEquals(
                    "support/1",
                    up.path("datasets")
                            .path(0)
                            .path("versions")
                            .path(0)
                            .path("version")
                            .asString());
            assertEquals(
                    "support/2",
                    up.path("datasets")
                            .path(0)
                            .path("versions")
                            .path(1)
                            .path("version")
                            .asString());
            assertTrue(
                    done.get(1).out().contains("└─") && done.get(1).out().contains("support/2 began with support/1"),
                    done.get(1).out());
            assertEquals(20, json(done.get(2)).path("traces").size());
            assertTrue(
                    done.get(3).out().contains("began with support/1")
                            && done.get(3).out().contains("base model smollm2"),
                    done.get(3).out());

            assertEquals(1, done.get(4).exit(), "not passed");
            assertFalse(json(done.get(4)).path("passed").asBoolean());
            assertEquals(
                    "not met",
                    json(done.get(4)).path("gates").path(0).path("state").asString());
            assertEquals(2, done.get(5).exit(), "no traffic for it");
            assertTrue(errors.contains("the gates judged [support/2]") && errors.contains("--force"), errors);
            assertEquals(1, done.get(6).exit(), "on so few nothing can be shown");
            assertTrue(
                    done.get(6).out().contains("has only 20 tasks")
                            && done.get(6).out().contains("cannot pass"),
                    done.get(6).out());
            assertEquals(0, done.get(7).exit(), done.get(7).out());
            assertTrue(
                    done.get(7).out().contains("support/2 against support/1: passed"),
                    done.get(7).out());
            assertEquals(0, done.get(8).exit(), errors);
            assertEquals(2, json(done.get(8)).path("after").asInt());
            assertEquals(0, done.get(9).exit(), "by force");
            assertTrue(errors.contains("no gate has judged [support/1], and it is made live by force"), errors);
            assertEquals(
                    List.of("support/1"),
                    StoreFixture.texts(held, "SELECT subject FROM audit WHERE action = 'alias.force'"));
            assertEquals(1, json(done.get(10)).path("version").path("number").asInt());
            assertEquals(20, json(done.get(10)).path("traces").size());
            assertEquals(2, done.get(11).exit());
            assertTrue(errors.contains("[support/1] is in use and stays: [support@live]"), errors);
            assertEquals(2, json(done.get(12)).path("uses").size(), done.get(12).out());
            String card = done.get(13).out();
            assertTrue(
                    card.contains("- job: Answers \\*customers\\*.") && card.contains("- owner: Ada Lovelace"), card);
            assertTrue(card.contains("- weights (SHA-256): not known") && card.contains("- licence: Apache-2.0"), card);
            assertTrue(card.contains("50.0 (40.0 to 60.0) % of 200"), card);
            assertEquals(3, json(done.get(14)).path("verdicts").size());
            assertTrue(json(done.get(14)).path("job").isNull(), "no charter was named, and none is here");

            JsonNode plan = json(done.get(15));
            assertTrue(plan.path("dryRun").asBoolean());
            assertEquals(1, plan.path("forgetting").path("traces").asInt());
            assertEquals(2, plan.path("forgetting").path("versions").size());
            String went = done.get(16).out();
            assertTrue(went.contains("1 traces went") && went.contains("the other 19 are dataset"), went);
            assertTrue(went.contains("support/1") && went.contains("support/2"), went);
            assertTrue(went.contains("rejected]: 1 file"), went);
            assertEquals(0, json(done.get(17)).path("forgetting").path("traces").asInt(), "done again, nothing");
            assertEquals(2, done.get(18).exit(), "there is no such trace any more");
            assertEquals(1, json(done.get(19)).path("sawForgottenRows").size());
            assertEquals(0, done.get(20).exit());
            assertTrue(errors.contains("[support/1] saw rows that were forgotten"), errors);
            assertTrue(
                    done.get(21).out().contains("saw forgotten rows: "),
                    done.get(21).out());
            assertEquals(0, done.get(22).exit(), "what had the calls before is kept until somebody says so: " + errors);
            assertEquals(0, done.get(23).exit(), errors);
            assertEquals(2, done.get(24).exit());
            assertEquals(1, done.get(25).exit(), "the candidate, which nobody judged alone");
            assertEquals(
                    List.of(2, 2, 2),
                    List.of(
                            done.get(26).exit(),
                            done.get(27).exit(),
                            done.get(28).exit()));
            assertTrue(errors.contains("--end-user is empty"), errors);
            assertTrue(
                    done.get(29).out().contains("gate       quality: right no less often"),
                    done.get(29).out());
            assertEquals(
                    List.of(2, 2), List.of(done.get(30).exit(), done.get(31).exit()), "a report of other weights");
            assertTrue(
                    errors.contains("does not say that it judges [support/1], and was not registered with it"), errors);
            assertTrue(errors.contains("and [support/1] was not: give its own report"), errors);
            assertTrue(
                    done.get(32).out().contains("of which rows were forgotten: what is left is ["),
                    done.get(32).out());
        }
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> all = new java.util.ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }

    /** Verdicts on others of its use case, and a charter that a gateway follows, say that there are gates: also where nobody has the charter. */
    @Test
    void whatGatesHaveNotJudgedIsNotLiveFromAnotherFolderEither() throws IOException {
        Files.createDirectory(home());
        Path charter = Files.writeString(folder.resolve("support.yaml"), CHARTER);
        try (Database held = Database.open(Map.of(), home(), text -> {})) {
            new UseCases(held).obtain("support");
            version(held, "b1", null, null);
            version(held, "b2", null, null);
            List<String> live = List.of("models", "alias", "support/1", "live");
            UUID gateway = UUID.randomUUID();
            Configurations configurations = new Configurations(held);
            ConfigurationText quoted = text("0", "support.yaml", CHARTER.replace("gates:", "\"gates\":"));
            ConfigurationText without = text("1", "hone.yaml", "port: 1\n");
            configurations.followed(gateway, quoted);
            configurations.followed(gateway, without);
            configurations.followed(gateway, quoted);
            List<HoneScript.Outcome> followed = run(live);
            configurations.followed(gateway, without);
            Path report = report("bad.json", "0".repeat(200), "10".repeat(100));
            List<HoneScript.Outcome> judged = run(
                    List.of(
                            "gate",
                            "support/2",
                            "--charter",
                            charter.toString(),
                            "--baseline",
                            "support/1",
                            "--report",
                            report.toString()),
                    live,
                    with(live, "--charter", folder.resolve("none.yaml").toString()),
                    with(live, "--force"));
            String errors = Files.readString(folder.resolve("errors"));
            assertEquals(2, followed.getFirst().exit(), "a gateway follows a charter that has gates");
            assertEquals(
                    List.of(1, 2, 2, 0),
                    judged.stream().map(HoneScript.Outcome::exit).toList(),
                    errors);
            assertTrue(errors.contains("there is no [use-cases/support.yaml] here"), errors);
            assertTrue(errors.contains("There is no charter [" + folder.resolve("none.yaml")), errors);
        }
    }

    private static ConfigurationText text(String digit, String name, String text) {
        return new ConfigurationText(digit.repeat(64), List.of(new ConfigurationText.File(name, text)));
    }

    /** Whoever is killed between the row and the files leaves files that no version has. */
    @Test
    void filesThatNoVersionHasAreFoundAndDeleted() throws IOException {
        Files.createDirectory(home());
        Path artifacts = Files.createDirectories(home().resolve("artifacts"));
        Instant old = Instant.now().minus(Duration.ofDays(2));
        try (Database held = Database.open(Map.of(), home(), text -> {})) {
            new UseCases(held).obtain("support");
            version(held, "c1", null, null);
            for (String digits : List.of("c1", "c2", "c3")) {
                Path made = Files.createDirectory(artifacts.resolve(digits.repeat(32)));
                Files.writeString(made.resolve("model"), "12345");
                if (!digits.equals("c3")) {
                    Files.setLastModifiedTime(made, FileTime.from(old));
                }
            }
            List<HoneScript.Outcome> done = run(
                    List.of("models", "delete", "--orphans", "--json"),
                    List.of("models", "delete", "--orphans"),
                    List.of("models", "delete", "--orphans", "--yes", "--json"),
                    List.of("models", "delete", "--orphans", "support/1"),
                    List.of("models", "delete"));
            assertEquals(
                    List.of(0, 0, 0, 2, 2),
                    done.stream().map(HoneScript.Outcome::exit).toList());
            JsonNode found = json(done.getFirst());
            assertEquals(
                    "c2".repeat(32) + " 5 false",
                    found.path("artifacts").path(0).path("artifact").asString() + " "
                            + found.path("artifacts").path(0).path("bytes").asLong() + " "
                            + found.path("deleted").asBoolean());
            assertEquals(1, found.path("artifacts").size(), "what was just made may be about to be registered");
            assertTrue(done.get(1).out().contains("--yes"), done.get(1).out());
            assertTrue(json(done.get(2)).path("deleted").asBoolean());
            assertFalse(Files.exists(artifacts.resolve("c2".repeat(32))));
            assertTrue(Files.exists(artifacts.resolve("c1".repeat(32))), "a version has it");
            assertTrue(Files.exists(artifacts.resolve("c3".repeat(32))));
            ModelVersion same = new VersionRows(held).judged("billing", "default", "c1".repeat(32), true);
            List<HoneScript.Outcome> both = run(
                    List.of("models", "delete", same.reference(), "--yes", "--json"),
                    List.of("models", "delete", "support/1", "--yes", "--json"));
            assertTrue(json(both.getFirst()).path("deleted").asBoolean(), both.toString());
            assertFalse(json(both.getFirst()).path("filesDeleted").asBoolean(), "another version has them");
            assertTrue(json(both.getLast()).path("filesDeleted").asBoolean(), both.toString());
            assertFalse(Files.exists(artifacts.resolve("c1".repeat(32))));
        }
    }

    @Test
    void whoseSecretIsNotHereIsToldSo() throws IOException {
        Files.createDirectory(home());
        try (Database held = Database.open(Map.of(), home(), text -> {})) {
            List<HoneScript.Outcome> done = run(List.of("forget", "--end-user", "ann"));
            assertEquals(2, done.getFirst().exit());
            assertTrue(held.shown().contains("home"));
        }
        assertTrue(Files.readString(folder.resolve("errors")).contains("end-users.key]"));
        assertFalse(Files.exists(home().resolve("end-users.key")), "nothing is made");
    }
}
