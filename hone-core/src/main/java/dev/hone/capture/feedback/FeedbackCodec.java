package dev.hone.capture.feedback;

import dev.hone.record.Feedback;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What was said at once as one record of a journal: kind, then JSON. */
public final class FeedbackCodec {
    private static final byte KIND = 'f';

    private FeedbackCodec() {}

    public static byte[] encode(List<Feedback> feedback) {
        byte[] json = JsonMapper.shared().writeValueAsBytes(feedback);
        byte[] record = new byte[json.length + 1];
        record[0] = KIND;
        System.arraycopy(json, 0, record, 1, json.length);
        return record;
    }

    /** Whether a record is of this kind. */
    public static boolean isFeedback(byte[] record) {
        return record.length > 0 && record[0] == KIND;
    }

    /** @throws IllegalArgumentException when these are no such bytes */
    public static List<Feedback> decode(byte[] record) {
        if (!isFeedback(record)) {
            throw new IllegalArgumentException("The record is no feedback");
        }
        try {
            return JsonMapper.shared()
                    .readValue(Arrays.copyOfRange(record, 1, record.length), new TypeReference<List<Feedback>>() {});
        } catch (JacksonException e) {
            throw new IllegalArgumentException("The record of feedback is damaged: " + e.getOriginalMessage(), e);
        }
    }
}
