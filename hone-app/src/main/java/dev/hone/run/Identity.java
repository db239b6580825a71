package dev.hone.run;

import dev.hone.fetch.Hashes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** SHA-256 over everything that decides a result, so that what is found again is what would be made again. */
final class Identity {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final MessageDigest digest = Hashes.sha256();

    Identity add(String field) {
        byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
        return this;
    }

    /** As JSON, the members of maps by their names. */
    Identity addValue(Object value) {
        return add(JSON.writeValueAsString(value));
    }

    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
