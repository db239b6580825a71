package dev.hone.watch;

import dev.hone.capture.feedback.FeedbackDesk;
import dev.hone.capture.feedback.FeedbackRefusal;
import dev.hone.fetch.Hashes;
import dev.hone.improve.BlindPair;
import dev.hone.improve.FormGraders;
import dev.hone.improve.Queue;
import dev.hone.improve.SeenCall;
import dev.hone.store.Database;
import dev.hone.store.DrawnCalls;
import dev.hone.store.Labels;
import dev.hone.store.Labels.Kind;
import dev.hone.store.Labels.Label;
import dev.hone.store.TraceDetails;
import dev.hone.store.TraceDetails.Detail;
import dev.hone.store.TraceSearch;
import dev.hone.store.WatchedCalls;
import dev.hone.store.WatchedCalls.Said;
import dev.hone.store.WatchedCalls.Stored;
import dev.hone.task.AnswerKey;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes what experts say of calls. It goes the way of all feedback, by the journal, with an identifier that follows from the call, the person and the
 * round, so that it is there once, whatever dies; beside it stands who said something, and a hash of what. What is taken back is taken back by a comment
 * of its own.
 */
public final class LabelDesk {
    private static final int LONGEST_BODY = 2 << 20;

    /** Of an answer that is shown whole: a link to the rest would tell whose it is. */
    private static final int LONGEST_BLIND = 60_000;

    private static final int MOST_WAITING = 200;
    private static final String AGAIN = "You had labelled it already";
    private static final String TAKEN = "Taken";

    private final Labels labels;
    private final WatchedCalls calls;
    private final DrawnCalls drawn;
    private final TraceDetails details;
    private final TraceSearch search;
    private final Waiting waiting;
    private final LabelFeedback feedback;

    /** Takes feedback of a project, as {@link FeedbackDesk} does. */
    public interface Giving {
        /** @throws FeedbackRefusal when it is not taken */
        void give(String project, byte[] body) throws IOException, InterruptedException;
    }

    public LabelDesk(Database database, Giving giving) {
        this.labels = new Labels(database);
        this.calls = new WatchedCalls(database);
        this.drawn = new DrawnCalls(database);
        this.details = new TraceDetails(database);
        this.search = new TraceSearch(database);
        this.waiting = new Waiting(database);
        this.feedback = new LabelFeedback(labels, giving);
    }

    /** Somebody who labels. @param project of the use case */
    public record Expert(String name, String project) {}

    /** What an expert says of a call. */
    public sealed interface Say {
        /** The model's answer is right. */
        record Right() implements Say {}

        /** It is one of the classes. */
        record Named(String name) implements Say {}

        /** It is this text, or where a tool is to be called this call. */
        record Text(String text, boolean call) implements Say {}

        /** It is this call, or where it is none this text: nobody knows which of two answers is which. */
        record Written(String text) implements Say {}

        /** Of the two, this is better. @param right whether it is right, too: then it is learned from */
        record Better(boolean first, boolean right) implements Say {}

        /** None is better. */
        record Same() implements Say {}

        record Skip() implements Say {}
    }

    /** Something that cannot be taken, and why. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    /** What waits first; empty where nothing does. */
    public Optional<LabelItem> next(Subject subject, Expert expert, Instant now) {
        List<Queue.Item> items = waiting.of(subject, expert.name(), MOST_WAITING, now);
        for (Queue.Item item : items) {
            Optional<LabelItem> found = item(subject, expert, item, items.size());
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** A call that may not wait any more, such as one whose label was just taken back. */
    public Optional<LabelItem> item(Subject subject, Expert expert, UUID trace, Instant now) {
        List<Queue.Item> items = waiting.of(subject, expert.name(), MOST_WAITING, now);
        Queue.Item item = items.stream()
                .filter(one -> one.trace().equals(trace))
                .findFirst()
                .orElseGet(() -> new Queue.Item(trace, 0, List.of("asked for"), 0, false));
        return item(subject, expert, item, items.size());
    }

    private Optional<LabelItem> item(Subject subject, Expert expert, Queue.Item item, int waits) {
        return seen(subject, expert, item.trace()).map(seen -> {
            Both both = seen.both();
            boolean first = BlindPair.liveFirst(item.trace(), expert.name());
            return new LabelItem(
                    item,
                    waits,
                    seen.request(),
                    seen.response(),
                    both == null
                            ? null
                            : new LabelItem.Pair(
                                    first ? seen.response() : both.response(),
                                    first ? both.response() : seen.response()),
                    both == null ? seen.live().output() : "",
                    both == null && (!seen.live().calls().isEmpty() || wantsCalls(seen)),
                    FormGraders.classes(subject.charter().good()),
                    seen.live().offered());
        });
    }

    private static boolean wantsCalls(Seen seen) {
        return !seen.live().offered().isEmpty() && seen.live().text().isBlank();
    }

    /** The copy that was answered otherwise. */
    private record Both(UUID other, String response, SeenCall call) {}

    private record Seen(
            String request,
            String response,
            SeenCall live,
            @Nullable Both both) {}

    /** A call of this use case in this project, of which everything is there. */
    private Optional<Seen> seen(Subject subject, Expert expert, UUID trace) {
        Optional<TraceSearch.Found> found = search.find(expert.project(), trace)
                .filter(row -> subject.name().equals(row.useCase()));
        Optional<Detail> detail = found.flatMap(row -> details.find(expert.project(), trace, LONGEST_BODY))
                .map(TraceDetails.Bounded::detail);
        if (detail.isEmpty()) {
            return Optional.empty();
        }
        String request = detail.get().request();
        String response = detail.get().response();
        Optional<SeenCall> live = SeenCall.read(trace, request, response);
        if (request == null || response == null || live.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Seen(
                request,
                response,
                live.get(),
                response.length() > LONGEST_BLIND || drawn.has(trace) ? null : both(trace, request, live.get())));
    }

    /** Of a call that versions are judged by the right answer is asked for, and no vote. */
    private @Nullable Both both(UUID trace, String request, SeenCall live) {
        Said said = calls.said(List.of(new Stored(trace, Instant.EPOCH)), LONGEST_BODY)
                .getFirst();
        UUID other = said.other();
        String response = said.otherResponse();
        if (other == null || response == null || response.length() > LONGEST_BLIND) {
            return null;
        }
        return SeenCall.read(other, request, response)
                .filter(call -> !call.key().equals(live.key()))
                .map(call -> new Both(other, response, call))
                .orElse(null);
    }

    /**
     * Takes what an expert says.
     *
     * @return what was done, for people
     * @throws Refused when it cannot be taken: then nothing is
     * @throws IOException when it could not be written
     */
    public String take(Subject subject, Expert expert, UUID trace, Say say, Instant now)
            throws IOException, InterruptedException {
        Seen seen = seen(subject, expert, trace)
                .orElseThrow(() -> new Refused("This call is not there any more: another is next"));
        if (labels.stands(trace, expert.name())) {
            return AGAIN;
        }
        return switch (say) {
            case Say.Right right ->
                demonstrate(subject, expert, trace, seen.live().message(), now, "Right");
            case Say.Named(String name) -> {
                if (!FormGraders.classes(subject.charter().good()).contains(name)) {
                    throw new Refused("[%s] is none of the classes of [%s]".formatted(name, subject.name()));
                }
                yield demonstrate(subject, expert, trace, SeenCall.message(name), now, "Labelled " + name);
            }
            case Say.Text(String text, boolean call) ->
                demonstrate(subject, expert, trace, written(text, call, seen), now, "Corrected");
            case Say.Written(String text) ->
                demonstrate(subject, expert, trace, written(text, isCall(text, seen), seen), now, "Corrected");
            case Say.Better(boolean first, boolean right) -> prefer(subject, expert, trace, seen, first, right, now);
            case Say.Same same ->
                keep(subject, expert, trace, Kind.TIE, "same", null, shown(trace, seen, expert), now, TAKEN);
            case Say.Skip skip -> keep(subject, expert, trace, Kind.SKIP, "", null, Map.of(), now, "Skipped");
        };
    }

    private static ObjectNode written(String text, boolean call, Seen seen) {
        if (text.isBlank()) {
            throw new Refused("An answer is not empty: write the right one, or skip");
        }
        try {
            return call ? SeenCall.calling(text, seen.live().offered()) : SeenCall.message(text.strip());
        } catch (IllegalArgumentException e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isCall(String text, Seen seen) {
        return !seen.live().offered().isEmpty() && text.stripLeading().startsWith("{");
    }

    private String demonstrate(Subject subject, Expert expert, UUID trace, ObjectNode message, Instant now, String done)
            throws IOException, InterruptedException {
        String id = feedback.give(expert, trace, "demonstration", message);
        return keep(subject, expert, trace, Kind.DEMONSTRATION, hash(AnswerKey.of(message)), id, Map.of(), now, done);
    }

    /** What it answers is the same whichever is better: who takes a vote back votes again, and knows no more than before. */
    private String prefer(
            Subject subject, Expert expert, UUID trace, Seen seen, boolean first, boolean right, Instant now)
            throws IOException, InterruptedException {
        Both both = seen.both();
        if (both == null) {
            throw new Refused("There is one answer alone to this call");
        }
        boolean live = first == BlindPair.liveFirst(trace, expert.name());
        ObjectNode chosen = live ? seen.live().message() : both.call().message();
        ObjectNode value = JsonMapper.shared().createObjectNode();
        value.set("chosen", chosen);
        value.set("rejected", live ? both.call().message() : seen.live().message());
        Map<String, String> shown = shown(trace, seen, expert);
        if (!right) {
            String id = feedback.give(expert, trace, "preference", value);
            return keep(subject, expert, trace, Kind.PREFERENCE, live ? "live" : "other", id, shown, now, TAKEN);
        }
        String id = feedback.give(expert, trace, "demonstration", chosen);
        feedback.vote(expert, trace, value, id);
        return keep(subject, expert, trace, Kind.DEMONSTRATION, hash(AnswerKey.of(chosen)), id, shown, now, TAKEN);
    }

    /** Which answer stood where, which the expert did not know. */
    private static Map<String, String> shown(UUID trace, Seen seen, Expert expert) {
        Both both = seen.both();
        String other = both == null ? "" : both.other().toString();
        boolean first = BlindPair.liveFirst(trace, expert.name());
        return Map.of("first", first ? trace.toString() : other, "second", first ? other : trace.toString());
    }

    private String keep(
            Subject subject,
            Expert expert,
            UUID trace,
            Kind kind,
            String answer,
            @Nullable String feedback,
            Map<String, String> shown,
            Instant now,
            String done) {
        boolean fresh =
                labels.add(subject.useCase(), Labels.of(trace, expert.name(), kind, answer, feedback, shown, now));
        return fresh ? done : AGAIN;
    }

    private static String hash(String answer) {
        return Hashes.sha256(answer).substring(0, 32);
    }

    /** Takes the expert's last label back; empty where there is none. @return its trace */
    public Optional<UUID> undo(Subject subject, Expert expert, Instant now) throws IOException, InterruptedException {
        Optional<Label> last = labels.last(subject.useCase(), expert.name());
        if (last.isEmpty()) {
            return Optional.empty();
        }
        String id = last.get().feedback();
        if (id != null) {
            boolean voted = last.get().kind() == Kind.DEMONSTRATION
                    && !last.get().shown().isEmpty();
            feedback.withdraw(expert, last.get().trace(), id, voted);
        }
        labels.undo(last.get().id(), now);
        return Optional.of(last.get().trace());
    }

    /** How many labels of the expert stand since a time. */
    public int count(Subject subject, Expert expert, Instant since) {
        return labels.count(subject.useCase(), expert.name(), since);
    }
}
