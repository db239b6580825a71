package dev.hone.watch;

import dev.hone.improve.Agreement;
import dev.hone.improve.Agreement.Rating;
import dev.hone.improve.FormGraders;
import dev.hone.improve.SeenCall;
import dev.hone.store.Database;
import dev.hone.store.Labels;
import dev.hone.store.Labels.Answer;
import dev.hone.store.WatchedCalls;
import dev.hone.store.WatchedCalls.Said;
import dev.hone.store.WatchedCalls.Stored;
import dev.hone.task.AnswerKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** How far those who label a use case agree, by its own rule of what is the same answer; worked out again where something was labelled since. */
public final class Agreements {
    /** Labels that are looked at, of the newest. */
    private static final int MOST = 2_000;

    private static final int LONGEST_BODY = 2 << 20;
    private static final double SAME = 1 - 1e-9;

    private final Labels labels;
    private final WatchedCalls calls;
    private final Map<UUID, Worked> worked = new ConcurrentHashMap<>();

    private record Worked(List<Answer> answers, Agreement.Result result) {}

    public Agreements(Database database) {
        this.labels = new Labels(database);
        this.calls = new WatchedCalls(database);
    }

    public Agreement.Result of(Subject subject) {
        List<Answer> answers = labels.answers(subject.useCase(), MOST);
        Worked before = worked.get(subject.useCase());
        if (before == null || !before.answers().equals(answers)) {
            before = new Worked(
                    answers,
                    Agreement.of(
                            ratings(subject, answers),
                            FormGraders.compares(subject.charter().good()),
                            subject.useCase().getLeastSignificantBits()));
            worked.put(subject.useCase(), before);
        }
        return before.result();
    }

    /** Answers of one call that are the same are called like the first of them. */
    private List<Rating> ratings(Subject subject, List<Answer> answers) {
        FormGraders graders = subject.graders();
        Map<UUID, List<Answer>> items = new LinkedHashMap<>();
        answers.forEach(answer -> items.computeIfAbsent(answer.trace(), trace -> new ArrayList<>())
                .add(answer));
        List<Rating> ratings = new ArrayList<>();
        items.forEach((trace, of) -> {
            List<String> keys =
                    of.stream().map(answer -> AnswerKey.of(answer.value())).toList();
            String request = FormGraders.compares(subject.charter().good())
                            && keys.stream().distinct().count() > 1
                    ? request(trace)
                    : null;
            for (int i = 0; i < of.size(); i++) {
                int like = i;
                for (int j = 0; j < like; j++) {
                    if (keys.get(j).equals(keys.get(i))
                            || same(
                                    graders,
                                    trace,
                                    request,
                                    of.get(i).value(),
                                    of.get(j).value())) {
                        like = j;
                    }
                }
                ratings.add(new Rating(
                        trace.toString(),
                        of.get(i).person(),
                        named(graders, trace, request, of.get(like), keys.get(like))));
            }
        });
        return ratings;
    }

    private @Nullable String request(UUID trace) {
        return calls.said(List.of(new Stored(trace, Instant.EPOCH)), LONGEST_BODY).stream()
                .map(Said::request)
                .findFirst()
                .orElse(null);
    }

    private static boolean same(FormGraders graders, UUID trace, @Nullable String request, String one, String other) {
        return is(graders, trace, request, one, other) || is(graders, trace, request, other, one);
    }

    /** Whether an answer would be right if another were. */
    private static boolean is(FormGraders graders, UUID trace, @Nullable String request, String answer, String right) {
        Optional<SeenCall> call = SeenCall.read(trace, request, answer);
        return call.flatMap(seen -> graders.against(seen, right)).orElse(0.0) >= SAME;
    }

    /** A class by its name, so that chance is reckoned by classes; else the answer itself. */
    private static String named(FormGraders graders, UUID trace, @Nullable String request, Answer answer, String key) {
        return SeenCall.read(trace, request == null ? "{}" : request, answer.value())
                .map(graders::className)
                .filter(name -> !name.isEmpty())
                .orElse(key);
    }
}
