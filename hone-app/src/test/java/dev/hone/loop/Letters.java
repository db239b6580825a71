package dev.hone.loop;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.fetch.Hashes;
import dev.hone.record.CallUsage;
import dev.hone.record.CapturedCall;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Ids;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Project;
import dev.hone.record.Trace;
import dev.hone.store.Calls;
import dev.hone.store.Database;
import dev.hone.store.Traces;
import dev.hone.store.UseCases;
import dev.hone.task.ChatJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;

/** A job for a tiny model: to repeat the first letter of a word; with its charter and labelled traces. */
public final class Letters {
    private Letters() {}

    /** @param more keys of the charter */
    static Path charter(Path folder, String name, Path model, String more) throws IOException {
        Files.createDirectories(folder);
        return Files.writeString(
                folder.resolve(name + ".yaml"), """
                name: %s
                owner: Ada
                job: Repeats the first letter of a word.
                good: {kind: string_check, operation: eq}
                viewers: [everyone]
                """.formatted(name) + more.replace("MODEL", model.toString()));
    }

    public static Charter read(Path folder, String name, Path model, String more) throws IOException {
        return CharterReader.read(charter(folder, name, model, more));
    }

    static String word(int number) {
        return new Random(number)
                .ints(8, 'a', 'i')
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    /** Stores traces of the words from one number to before another; half of them with what production answered, which is wrong for every fourth. */
    public static void label(Database database, String useCase, int from, int to) {
        List<LabelledTrace> rows = new ArrayList<>();
        for (int i = from; i < to; i++) {
            String word = word(i);
            rows.add(new LabelledTrace(
                    new Trace(
                            Ids.next(),
                            "",
                            ChatJson.of(Conversation.of(ChatMessage.of("user", word)))
                                    .toString(),
                            message(i % 4 == 0 ? "h" : word.substring(0, 1)),
                            Map.of(),
                            null,
                            Hashes.sha256(useCase + word),
                            "words.jsonl",
                            i + 1),
                    message(word.substring(0, 1))));
        }
        new Traces(database).add(new UseCases(database).obtain(useCase), rows);
    }

    /** Stores calls as the gateway does, of which nobody has said what would have been right. */
    public static void ask(Database database, String useCase, int count) {
        List<CapturedCall> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            calls.add(new CapturedCall(
                    new CapturedCall.Facts(
                            Ids.next(),
                            Instant.now(),
                            "/v1/chat/completions",
                            "use-case/" + useCase,
                            useCase,
                            true,
                            "incumbent",
                            new CapturedCall.Origin(Project.DEFAULT, null, null, null, Map.of(), null, null),
                            false,
                            200,
                            CapturedCall.End.ANSWERED,
                            null,
                            12,
                            CallUsage.UNKNOWN,
                            null,
                            List.of()),
                    "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                            .formatted(word(i))
                            .getBytes(StandardCharsets.UTF_8),
                    "{\"choices\":[{\"message\":%s}]}".formatted(message("a")).getBytes(StandardCharsets.UTF_8)));
        }
        new Calls(database).add(UUID.randomUUID(), new Calls.Checkpoint(1, 1), calls);
    }

    private static String message(String text) {
        return "{\"role\":\"assistant\",\"content\":\"" + text + "\"}";
    }
}
