package dev.hone.capture;

import dev.hone.record.ConfigurationText;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What a gateway's files say as a record of a journal: kind, then JSON. It stands there before the first call that follows it. */
public final class ConfigurationCodec {
    private static final byte KIND = 'g';

    private ConfigurationCodec() {}

    public static byte[] encode(ConfigurationText text) {
        byte[] json = JsonMapper.shared().writeValueAsBytes(text);
        byte[] record = new byte[json.length + 1];
        record[0] = KIND;
        System.arraycopy(json, 0, record, 1, json.length);
        return record;
    }

    /** Whether a record is of this kind. */
    static boolean isConfiguration(byte[] record) {
        return record.length > 0 && record[0] == KIND;
    }

    /** @throws IllegalArgumentException when these are no such bytes */
    public static ConfigurationText decode(byte[] record) {
        if (!isConfiguration(record)) {
            throw new IllegalArgumentException("The record is no configuration");
        }
        try {
            return JsonMapper.shared().readValue(Arrays.copyOfRange(record, 1, record.length), ConfigurationText.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "The record of a configuration is damaged: " + e.getOriginalMessage(), e);
        }
    }
}
