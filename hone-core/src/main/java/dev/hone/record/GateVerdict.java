package dev.hone.record;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the gates of a use case said of one of its model versions. Made by {@code hone gate}; read by whoever gives versions traffic. Never changed.
 *
 * @param number of the version, which may be gone
 * @param version its identifier
 * @param evaluation the report that was judged; null where none was
 * @param passed whether every gate was met
 * @param evidence the gates with their figures and sentences, as a JSON object
 * @param who asked
 */
public record GateVerdict(
        UUID id,
        String useCase,
        int number,
        UUID version,
        @Nullable UUID evaluation,
        boolean passed,
        String evidence,
        String who,
        Instant created) {}
