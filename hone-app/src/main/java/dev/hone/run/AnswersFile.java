package dev.hone.run;

import dev.hone.evaluate.Answers;
import dev.hone.fetch.Hashes;
import dev.hone.record.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The answers of contenders, one file each in a folder: a judging that was killed asks nobody twice.
 *
 * @param folder which need not exist yet
 */
record AnswersFile(Path folder) {
    /**
     * What stands in a file.
     *
     * @param asked hash of what was asked, and of who
     */
    record Stored(String asked, Answers answers) {}

    /**
     * What a contender answered.
     *
     * @param who hash of what answers: a model, or what was learned from
     * @return empty when it was not asked these tasks
     */
    Optional<Answers> read(String contender, String who, List<Task> tasks) throws IOException {
        return JsonFile.read(file(contender), Stored.class)
                .filter(stored -> stored.asked().equals(hash(who, tasks)))
                .map(Stored::answers);
    }

    /** As {@link #read}. */
    void write(Answers answers, String who, List<Task> tasks) throws IOException {
        Files.createDirectories(folder);
        JsonFile.write(file(answers.contender()), new Stored(hash(who, tasks), answers));
    }

    /** Of everyone who was asked, by the name of the file. */
    List<Answers> all() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Answers> all = new ArrayList<>();
            for (Path file : files.filter(one -> one.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                JsonFile.read(file, Stored.class).ifPresent(stored -> all.add(stored.answers()));
            }
            return all;
        }
    }

    private Path file(String contender) {
        return folder.resolve(contender.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".json");
    }

    /** SHA-256 over an origin and the tasks that were taken from it, in their order. */
    static String hash(String origin, List<Task> tasks) {
        MessageDigest digest = Hashes.sha256();
        digest.update(origin.getBytes(StandardCharsets.UTF_8));
        for (Task task : tasks) {
            for (String field : List.of(task.id(), task.question(), task.reference())) {
                digest.update((byte) 0);
                digest.update(field.getBytes(StandardCharsets.UTF_8));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
