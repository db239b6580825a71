package dev.hone.load;

import dev.hone.demo.LetterJob;
import dev.hone.demo.World;
import dev.hone.fetch.Hashes;
import dev.hone.loop.PassedCalls;
import dev.hone.record.Ids;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Task;
import dev.hone.record.Trace;
import dev.hone.store.Database;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import dev.hone.task.ChatJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Two jobs of words for the demo's tiny model, which has learned to repeat the first letter. Of one, labels say what is right of words that are new; of the other, that the
 * answer to each word is {@value #WRONG}, which no word of its callers begins with: what learns that cannot pass its gates, and is known by what it says.
 */
final class LoopWorld {
    /** What a version answers that has learned what is wrong. */
    static final String WRONG = "h";

    private static final int RIGHT_LABELS = 250;
    private static final int WRONG_LABELS = 200;
    private static final int LATE_LABELS = 20;
    private static final int WORDS = 12;
    private static final String JUDGED = "gates: {sample-size: 20}\n";
    private static final String COMPARED = "gates: {quality: {not-worse-than: 0.05}, sample-size: 20}\n";
    private static final String SERVED = """
            variants: {incumbent: {upstream: mock, model: mock-1}}
            feedback: {%s: {kind: boolean, direction: higher}}
            improve: {sample: 0}
            promote: {shadow-calls: 30, shares: [0.3, 0.6], calls: 40, loss: 0.5, beyond: 0.3, measures: [answered, feedback], automatic: true, silent-after: 30min}
            """.formatted(WordCallers.HELPED);

    private final Path folder;
    private final Path model;
    private final World world;

    /** @param folder where charters and the model are put */
    LoopWorld(Path folder) throws IOException {
        this.folder = folder;
        this.model = LetterJob.model(folder.resolve("tiny-model").toAbsolutePath());
        this.world = World.letters(model, 1);
    }

    /** Charters by which a first version is judged, which is compared with nothing. */
    Path first() {
        return folder.resolve("first");
    }

    /** Charters that rounds follow. */
    Path charters() {
        return folder.resolve("charters");
    }

    /** Charters that the gateway follows. */
    Path served() {
        return folder.resolve("use-cases");
    }

    /** Writes a use case's charters, but none for the gateway. @param right whether it is the job whose labels are right */
    void declare(String useCase, boolean right) throws IOException {
        write(first(), useCase, charter(useCase, right, JUDGED));
        write(charters(), useCase, charter(useCase, right, COMPARED));
    }

    /** From now on the gateway serves it. */
    void serve(String useCase) throws IOException {
        String file = useCase + ".yaml";
        write(served(), useCase, Files.readString(charters().resolve(file)));
    }

    /** From now on the gateway does not serve it. */
    void withdraw(String useCase) throws IOException {
        Files.delete(served().resolve(useCase + ".yaml"));
    }

    private static void write(Path folder, String useCase, String text) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(useCase + ".yaml"), text);
    }

    private String charter(String useCase, boolean right, String gates) {
        String from = right ? "" : "from: [live], replay: 0, ";
        return """
                name: %s
                owner: Who kills
                job: Answers words by a letter.
                good: {kind: string_check, operation: eq}
                viewers: [everyone]
                """.formatted(useCase)
                + SERVED
                + gates
                + "loop: {%smodel: '%s', epochs: 6, rate: 0.005, least-tasks: 20}\n".formatted(from, model);
    }

    /** What a first version learns from: words that want their first letter. */
    void teach(Database database, String useCase) {
        label(database, useCase, world.taught());
    }

    /** What the next version learns from. */
    void teachMore(Database database, String useCase, boolean right) {
        if (right) {
            label(database, useCase, world.newBefore().subList(0, RIGHT_LABELS));
            return;
        }
        PassedCalls calls = new PassedCalls(database, useCase);
        for (Task task : world.oldBefore().subList(0, WRONG_LABELS)) {
            UUID trace =
                    calls.call("{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(task.question()));
            calls.demonstrate(trace, WRONG, Instant.now());
        }
    }

    /** Labels that come while a round goes on, which is none of its business. */
    void teachLate(Database database, String useCase) {
        label(
                database,
                useCase,
                world.newBefore().subList(RIGHT_LABELS, RIGHT_LABELS + LATE_LABELS).stream()
                        .map(task -> task.withReference(WRONG))
                        .toList());
    }

    private static void label(Database database, String useCase, List<Task> tasks) {
        List<LabelledTrace> rows = new ArrayList<>();
        for (Task task : tasks) {
            String request = ChatJson.of(task.input()).toString();
            rows.add(new LabelledTrace(
                    new Trace(
                            Ids.next(),
                            "",
                            request,
                            "",
                            task.metadata(),
                            null,
                            Hashes.sha256(request),
                            "words.jsonl",
                            rows.size() + 1),
                    "{\"role\":\"assistant\",\"content\":\"%s\"}".formatted(task.reference())));
        }
        new Traces(database).add(new UseCases(database).obtain(useCase), rows);
    }

    /** What callers ask: words that nobody labels, which want their first letter. */
    List<Task> oldWords() {
        return world.oldAfter().subList(0, WORDS);
    }

    /** Old words, and as many that want their last letter. */
    List<Task> allWords() {
        List<Task> words = new ArrayList<>(oldWords());
        words.addAll(world.newAfter().subList(0, WORDS));
        return words;
    }
}
