package dev.hone.advise;

import dev.hone.evaluate.Interval;
import dev.hone.record.Ids;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version of one's own that a use case has, and what its calls show, over those that were looked at.
 *
 * @param version as users write it
 * @param since when it became live
 * @param calls that came since then, whoever answered
 * @param answered of these, by it
 * @param judged of all that it answered, before then as well, those of which somebody said whether it was good
 * @param good of these
 */
public record LiveModel(String version, Instant since, long calls, long answered, long judged, long good) {
    /** Where the store says that one is live. */
    public record Pointed(String version, Instant since) {}

    static LiveModel of(Pointed live, List<SampledCall> calls) {
        long came = 0;
        long answered = 0;
        long judged = 0;
        long good = 0;
        for (SampledCall call : calls) {
            boolean byIt = live.version().equals(call.figures().own());
            if (!call.figures().imported() && !Ids.time(call.id()).isBefore(live.since())) {
                came++;
                answered += byIt ? 1 : 0;
            }
            if (byIt && call.signal().good() != null) {
                judged++;
                good += call.signal().good() ? 1 : 0;
            }
        }
        return new LiveModel(live.version(), live.since(), came, answered, judged, good);
    }

    /** How many of its calls are good; null where fewer than {@value Measures#LEAST_JUDGED} were judged. */
    @Nullable
    Interval share() {
        return judged < Measures.LEAST_JUDGED ? null : Interval.wilson((int) good, (int) judged);
    }

    /** Its use case, as commands take it. */
    String useCase() {
        return version.substring(0, Math.max(0, version.lastIndexOf('/')));
    }
}
