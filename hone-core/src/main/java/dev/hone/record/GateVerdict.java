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
 * @param passed whether every gate was met, or somebody let it pass all the same
 * @param forced why somebody let it pass whatever its gates say; null where they were asked
 * @param evidence the gates with their figures and sentences, as a JSON object
 * @param gates SHA-256 of the gates that were declared; null where none are known
 * @param artifact SHA-256 of the weights that were judged; null of a verdict that does not say
 * @param baseline the version that was live; null where none was
 * @param who asked
 */
public record GateVerdict(
        UUID id,
        String useCase,
        int number,
        UUID version,
        @Nullable UUID evaluation,
        boolean passed,
        @Nullable String forced,
        String evidence,
        @Nullable String gates,
        @Nullable String artifact,
        @Nullable UUID baseline,
        String who,
        Instant created) {
    /** In a word or two, for people. */
    public String word() {
        return !passed ? "not passed" : forced == null ? "passed" : "forced";
    }

    /** Whether it says of which weights it is, and so against whom. */
    public boolean isBound() {
        return artifact != null;
    }
}
