package dev.hone.task;

import dev.hone.grade.NumericGrader;
import dev.hone.grade.ToolCallGrader;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.LabelledTrace;
import dev.hone.record.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file of labelled calls ({@link LabelledFile}) as tasks of one kind of answer, which is told by looking at them.
 *
 * @param kind of the answers
 * @param tasks each with the metadatum {@value #PART}
 * @param responses what production answered, by the task's id; tasks without are missing
 * @param excluded how many rows were left out, by the reason
 * @param bad lines that could not be read; counted in {@code excluded}, too
 */
public record TaskFile(
        Kind kind,
        List<Task> tasks,
        Map<String, String> responses,
        Map<String, Integer> excluded,
        List<LineFault> bad) {
    /** Metadatum: a label, the name of a called function, or nothing in particular. */
    public static final String PART = "part";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int LONGEST_LABEL = 100;

    /** Rows of a class at least, on average, where answers are labels. */
    private static final int ROWS_PER_LABEL = 4;

    /** What an answer is. */
    public enum Kind {
        /** A call of a tool that the row offers. */
        CALL,
        /** One of some texts that come again and again. */
        LABEL,
        /** A number, at the end of a text or alone. */
        NUMBER,
        /** Any text. */
        TEXT
    }

    public TaskFile {
        tasks = List.copyOf(tasks);
        responses = Map.copyOf(responses);
        excluded = Map.copyOf(excluded);
        bad = List.copyOf(bad);
    }

    /**
     * Reads a file.
     *
     * @param responseKey of the column with what production answered
     * @throws IllegalArgumentException when nothing can be learned from it, or rows are of several kinds
     * @throws IOException when it cannot be read
     */
    public static TaskFile read(Path file, String responseKey) throws IOException {
        Reading reading = new Reading();
        try (LabelledFile lines = new LabelledFile(file, responseKey)) {
            for (LabelledFile.Line line = lines.next(); line != null; line = lines.next()) {
                switch (line) {
                    case LineFault bad -> reading.bad.add(bad);
                    case LabelledFile.Row row -> reading.add(row);
                }
            }
        }
        return reading.finished(file);
    }

    /** A row before it is known what all rows are. */
    private record Read(String id, Conversation input, ChatMessage answer, String response, Map<String, String> given) {
        boolean isCall() {
            return !answer.toolCalls().isEmpty();
        }

        String reference() {
            return DemonstratedTask.reference(answer);
        }
    }

    private static final class Reading {
        private final List<LineFault> bad = new ArrayList<>();
        private final Map<String, Read> byInput = new LinkedHashMap<>();
        private final Map<String, Integer> ids = new HashMap<>();
        private final Map<String, Integer> excluded = new TreeMap<>();

        void add(LabelledFile.Row row) {
            LabelledTrace labelled = row.labelled();
            ChatMessage answer = ChatJson.message(labelled.demonstration());
            Integer before = labelled.trace().externalId().isEmpty()
                    ? null
                    : ids.putIfAbsent(labelled.trace().externalId(), row.number());
            LineFault fault = before == null
                    ? fault(row.number(), answer, labelled.trace().metadata())
                    : new LineFault(
                            row.number(),
                            "has the id [%s] of line %d: give each row one of its own"
                                    .formatted(labelled.trace().externalId(), before),
                            "has the id of an earlier line");
            if (fault != null) {
                bad.add(fault);
                return;
            }
            String id = labelled.trace().externalId().isEmpty()
                    ? "line " + row.number()
                    : labelled.trace().externalId();
            Read read = new Read(
                    id,
                    ChatJson.conversation(labelled.trace().request()),
                    answer,
                    labelled.trace().response().isEmpty()
                            ? ""
                            : AnswerText.of(labelled.trace().response()),
                    labelled.trace().metadata());
            Read known = byInput.putIfAbsent(labelled.trace().request(), read);
            if (known != null) {
                boolean same = known.reference().equals(read.reference());
                exclude(same ? "said before" : "contradicts an earlier row", 1);
            }
        }

        private static @Nullable LineFault fault(int number, ChatMessage answer, Map<String, String> metadata) {
            if (!answer.toolCalls().isEmpty() && !mayBeAccepted(metadata.get(ToolCallGrader.ACCEPTED))) {
                return new LineFault(
                        number,
                        "has [metadata.%s] that is no {function: {argument: [value, …]}}"
                                .formatted(ToolCallGrader.ACCEPTED));
            }
            if (answer.toolCalls().size() > 1) {
                return new LineFault(
                        number,
                        "answers with [%d] calls: one is supported"
                                .formatted(answer.toolCalls().size()),
                        "answers with several calls");
            }
            return answer.toolCalls().isEmpty() && answer.content().isBlank()
                    ? new LineFault(number, "has an empty answer")
                    : null;
        }

        private static boolean mayBeAccepted(@Nullable String accepted) {
            if (accepted == null) {
                return true;
            }
            try {
                JsonNode functions = JSON.readTree(accepted);
                return functions.isObject()
                        && functions.size() == 1
                        && functions
                                .valueStream()
                                .allMatch(arguments -> arguments.isObject()
                                        && arguments.valueStream().allMatch(JsonNode::isArray));
            } catch (JacksonException e) {
                return false;
            }
        }

        private void exclude(String reason, int rows) {
            if (rows > 0) {
                excluded.merge(reason, rows, Integer::sum);
            }
        }

        TaskFile finished(Path file) {
            new Faults(bad).byKind().forEach(this::exclude);
            List<Read> reads = List.copyOf(byInput.values());
            Kind kind = kind(reads, file);
            List<Task> tasks = new ArrayList<>();
            Map<String, String> responses = new HashMap<>();
            Map<String, Integer> classes = new HashMap<>();
            reads.forEach(read -> classes.merge(read.reference().strip(), 1, Integer::sum));
            for (Read read : reads) {
                if (kind == Kind.LABEL && classes.getOrDefault(read.reference().strip(), 0) == 1) {
                    exclude("only row of its class", 1);
                    continue;
                }
                tasks.add(task(read, kind));
                if (!read.response().isEmpty()) {
                    responses.put(read.id(), read.response());
                }
            }
            return new TaskFile(kind, tasks, responses, excluded, bad);
        }

        private Kind kind(List<Read> reads, Path file) {
            if (reads.isEmpty()) {
                throw new IllegalArgumentException("[%s] has no row to learn from%s".formatted(file, badLines()));
            }
            long calls = reads.stream().filter(Read::isCall).count();
            if (calls > 0 && calls < reads.size()) {
                throw new IllegalArgumentException(
                        "[%s] has [%d] rows that answer with a call and [%d] with a text: a use case has one kind of answer, make two files%s"
                                .formatted(file, calls, reads.size() - calls, badLines()));
            }
            if (calls > 0) {
                requireOffered(reads, file);
                return Kind.CALL;
            }
            List<String> answers = reads.stream()
                    .map(read -> read.reference().strip())
                    .distinct()
                    .toList();
            if (answers.size() == 1) {
                throw new IllegalArgumentException(
                        "[%s] has one answer to everything, [%s]: there is nothing to learn%s"
                                .formatted(file, shortened(answers.getFirst()), badLines()));
            }
            if (answers.size() * ROWS_PER_LABEL <= reads.size()
                    && answers.stream().allMatch(Reading::mayBeLabel)) {
                return Kind.LABEL;
            }
            return answers.stream().allMatch(NumericGrader::gives) ? Kind.NUMBER : Kind.TEXT;
        }

        private static boolean mayBeLabel(String answer) {
            return answer.length() <= LONGEST_LABEL && answer.indexOf('\n') < 0;
        }

        /** Behind what cannot be a use case: often it is these that made it so. */
        private String badLines() {
            return bad.isEmpty() ? "" : "%n[%d] lines are bad:%n%s".formatted(bad.size(), new Faults(bad).shown());
        }

        private void requireOffered(List<Read> reads, Path file) {
            for (Read read : reads) {
                String name = read.answer().toolCalls().getFirst().name();
                boolean offered = read.input().tools().stream()
                        .anyMatch(tool -> JSON.readTree(tool)
                                .path("function")
                                .path("name")
                                .asString("")
                                .equals(name));
                if (!offered) {
                    throw new IllegalArgumentException(
                            "[%s] row [%s] calls [%s], which its [tools] do not offer: give every row the tools that it could call"
                                    .formatted(file, read.id(), name));
                }
            }
        }
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_LABEL ? text : text.substring(0, LONGEST_LABEL) + "…";
    }

    private static Task task(Read read, Kind kind) {
        Map<String, String> metadata = new HashMap<>(read.given());
        String reference = kind == Kind.LABEL ? read.reference().strip() : read.reference();
        if (kind == Kind.CALL) {
            String function = read.answer().toolCalls().getFirst().name();
            metadata.put(AssistantActions.FUNCTION, function);
            metadata.put(PART, function);
            if (!metadata.containsKey(ToolCallGrader.ACCEPTED)) {
                DemonstratedTask.accepted(reference, metadata);
            }
        } else {
            metadata.put(PART, kind == Kind.LABEL ? reference : "all");
        }
        return new Task(read.id(), read.input(), reference, metadata);
    }
}
