package dev.hone.run;

import dev.hone.evaluate.Answers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The answers of contenders, one file each in a folder: a judging that was killed asks nobody twice.
 *
 * @param folder which need not exist yet
 */
public record AnswersFile(Path folder) {
    /**
     * What stands in a file.
     *
     * @param identity of what was asked, and of who
     */
    record Stored(String identity, Answers answers) {}

    /**
     * What a contender answered.
     *
     * @param identity of what is asked, and of who
     * @return empty when it was not asked this
     */
    Optional<Answers> read(String contender, String identity) throws IOException {
        return JsonFile.read(file(contender), Stored.class)
                .filter(stored -> stored.identity().equals(identity))
                .map(Stored::answers);
    }

    void write(Answers answers, String identity) throws IOException {
        Files.createDirectories(folder);
        JsonFile.write(file(answers.contender()), new Stored(identity, answers));
    }

    private Path file(String contender) {
        return folder.resolve(contender.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".json");
    }
}
