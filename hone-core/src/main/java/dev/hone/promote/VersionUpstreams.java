package dev.hone.promote;

import dev.hone.capture.upstream.Price;
import dev.hone.capture.upstream.Upstream;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Servers of versions of Hone's own, as calls reach them. */
final class VersionUpstreams {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(120);
    private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(5);
    private static final int PATIENCE = 10;

    /** Nobody is paid for what Hone's own models answer. */
    private static final Price OWN = new Price(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    private final VersionServers servers;

    VersionUpstreams(VersionServers servers) {
        this.servers = servers;
    }

    /** Empty as long as its server is not open. */
    Optional<Upstream> of(Served version, Promotion promotion) {
        return servers.state(version) instanceof VersionServers.State.Answers answers
                ? Optional.of(new Upstream(
                                version.reference(),
                                answers.base(),
                                answers.key() == null ? null : answers.key().text(),
                                CONNECT,
                                silence(promotion.within()),
                                true,
                                true,
                                Map.of(version.reference(), OWN))
                        .asOwn())
                : Optional.empty();
    }

    /** How long a version may say nothing before somebody else is asked: no user waits for one that hangs as for a server far away. */
    private static Duration silence(@Nullable Duration within) {
        if (within == null) {
            return LONGEST_SILENCE;
        }
        Duration patient = within.multipliedBy(PATIENCE);
        Duration least = patient.compareTo(SHORTEST_SILENCE) < 0 ? SHORTEST_SILENCE : patient;
        return least.compareTo(LONGEST_SILENCE) > 0 ? LONGEST_SILENCE : least;
    }
}
