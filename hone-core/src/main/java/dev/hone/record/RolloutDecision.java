package dev.hone.record;

import java.time.Instant;
import java.util.UUID;

/**
 * What was done with a version on its way to the calls of users. Made by the gateway, kept for ever.
 *
 * @param id of version 7
 * @param phase that came of it
 * @param step that came of it
 * @param action in a word, such as {@code canary} or {@value #ROLL_BACK}
 * @param who decided; {@value #NOBODY} where no person did
 * @param evidence what was known by each measure, as a JSON object
 */
public record RolloutDecision(
        UUID id,
        UUID rollout,
        Instant at,
        String phase,
        int step,
        String action,
        String who,
        String reason,
        String evidence) {
    /** The gateway itself; no person has a name with a space. */
    public static final String NOBODY = "hone serve";

    /** It went back by what its calls showed. */
    public static final String ROLL_BACK = "roll-back";

    /** It went back, whatever its calls showed: nothing lets it have calls any more, or it cannot be opened. */
    public static final String WITHDRAW = "withdraw";

    /** Whether a person decided. */
    public boolean isOfPerson() {
        return !who.equals(NOBODY);
    }
}
