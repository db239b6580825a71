package dev.hone.cli;

import dev.hone.record.Dataset;
import dev.hone.record.Split;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A dataset as the commands show it: the object of {@code --json}. */
record DatasetView(
        int schemaVersion,
        String useCase,
        String hash,
        String created,
        JsonNode settings,
        JsonNode counts,
        Map<String, String> files) {
    static DatasetView of(Dataset dataset, Map<Split, Path> files) {
        Map<String, String> names = new LinkedHashMap<>();
        files.forEach((split, file) -> names.put(split.label(), file.toString()));
        return new DatasetView(
                1,
                dataset.useCase(),
                dataset.hash(),
                dataset.created().toString(),
                JsonMapper.shared().readTree(dataset.settings()),
                JsonMapper.shared().readTree(dataset.counts()),
                names);
    }

    /** One line. */
    void printLine() {
        System.out.printf(
                "%s  %-24s %s  train %d, validation %d, test %d%n",
                hash.substring(0, 12),
                useCase,
                created.substring(0, 19),
                tasks("train"),
                tasks("validation"),
                tasks("test"));
    }

    private int tasks(String split) {
        return counts.path("tasks").path(split).asInt();
    }

    private int count(String name) {
        return counts.path(name).asInt();
    }

    /** All of it. */
    void print() {
        System.out.printf(
                "dataset %s of use case [%s]%n  tasks    train %d, validation %d, test %d, in %d groups that stay together%n"
                        + "  left out %d exact duplicates, %d near-duplicates, %d corrected by a later demonstration, %d between"
                        + " splits of time%n  of       %d labelled traces%n",
                hash,
                useCase,
                tasks("train"),
                tasks("validation"),
                tasks("test"),
                count("groups"),
                count("exactDuplicates"),
                count("nearDuplicates"),
                count("corrected"),
                count("straddling"),
                count("traces"));
        warnings().forEach(warning -> System.out.println("  note     " + warning));
        files.forEach((split, file) -> System.out.printf("  %-10s %s%n", split, file));
    }

    /** What somebody should know before training on it. */
    private List<String> warnings() {
        int tasks = tasks("train") + tasks("validation") + tasks("test");
        List<String> warnings = new java.util.ArrayList<>();
        if (count("classes") == 1) {
            warnings.add("every task has the same answer: there is nothing to learn; import rows with other answers");
        }
        boolean labels = count("classes") <= tasks / 2;
        if (labels && count("singleClasses") > 0) {
            warnings.add(
                    "%d of %d classes have one task only: it is in one split, and cannot be learned and judged both"
                            .formatted(count("singleClasses"), count("classes")));
        }
        if (labels && count("unseenTasks") > 0) {
            warnings.add(
                    "%d tasks of validation and test are of %d classes that training never sees; --split stratified spreads classes"
                            .formatted(count("unseenTasks"), count("unseenClasses")));
        }
        return warnings;
    }
}
