package dev.hone.watch;

import dev.hone.capture.feedback.FeedbackRefusal;
import dev.hone.capture.feedback.FeedbackRules;
import dev.hone.fetch.Hashes;
import dev.hone.store.Labels;
import dev.hone.watch.LabelDesk.Expert;
import dev.hone.watch.LabelDesk.Giving;
import dev.hone.watch.LabelDesk.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What experts say, as feedback: under an identifier that follows from the call, the person and the round, so that it is there once, whatever dies. A vote that
 * comes with a right answer has the same with an ending.
 */
final class LabelFeedback {
    private static final int MOST_ROUNDS = 50;
    private static final String VOTE = "-vote";

    private final Labels labels;
    private final Giving giving;

    LabelFeedback(Labels labels, Giving giving) {
        this.labels = labels;
        this.giving = giving;
    }

    /** @return the id under which it was given */
    String give(Expert expert, UUID trace, String kind, JsonNode value) throws IOException, InterruptedException {
        int round = labels.rounds(trace, expert.name());
        for (int i = 0; i < MOST_ROUNDS; i++) {
            String id = id(trace, expert, round + i);
            // Whoever took it back and died before that stood beside it would say something that does not count.
            if (labels.isWithdrawn(trace, id)) {
                continue;
            }
            try {
                give(expert, trace, kind, null, value, id);
                return id;
            } catch (FeedbackRefusal refusal) {
                // Another answer under this id got into the journal, and whoever wrote it died before it stood beside
                // it.
                if (!refusal.code().equals("id_conflict")) {
                    throw new Refused(String.valueOf(refusal.getMessage()));
                }
                withdraw(expert, trace, id, true);
            }
        }
        throw new Refused("This call has been labelled too often");
    }

    /** A vote beside a right answer. @param id of that */
    void vote(Expert expert, UUID trace, JsonNode value, String id) throws IOException, InterruptedException {
        try {
            give(expert, trace, "preference", null, value, id + VOTE);
        } catch (FeedbackRefusal refusal) {
            throw new Refused(String.valueOf(refusal.getMessage()));
        }
    }

    private void give(Expert expert, UUID trace, String kind, @Nullable String name, JsonNode value, String id)
            throws IOException, InterruptedException {
        ObjectNode feedback = JsonMapper.shared()
                .createObjectNode()
                .put("trace", trace.toString())
                .put("kind", kind)
                .put("author", expert.name())
                .put("id", id);
        if (name != null) {
            feedback.put("name", name);
        }
        feedback.set("value", value);
        giving.give(expert.project(), feedback.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Takes it back. @param voted whether a vote may stand beside it */
    void withdraw(Expert expert, UUID trace, String id, boolean voted) throws IOException, InterruptedException {
        if (voted) {
            withdraw(expert, trace, id + VOTE);
        }
        withdraw(expert, trace, id);
    }

    private void withdraw(Expert expert, UUID trace, String id) throws IOException, InterruptedException {
        try {
            give(
                    expert,
                    trace,
                    "comment",
                    FeedbackRules.WITHDRAWAL,
                    JsonMapper.shared().getNodeFactory().stringNode(id),
                    id + Labels.BACK);
        } catch (FeedbackRefusal refusal) {
            throw new Refused(String.valueOf(refusal.getMessage()));
        }
    }

    /** Of letters alone: redaction takes nothing out of it. */
    private static String id(UUID trace, Expert expert, int round) {
        StringBuilder id = new StringBuilder("label-");
        Hashes.sha256("%s\0%s\0%d".formatted(trace, expert.name(), round))
                .chars()
                .limit(32)
                .forEach(digit -> id.append((char) (digit < 'a' ? 'k' + digit - '0' : digit)));
        return id.toString();
    }
}
