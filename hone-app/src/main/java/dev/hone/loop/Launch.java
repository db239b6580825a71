package dev.hone.loop;

import dev.hone.record.ModelVersion;
import java.util.UUID;

/** What gives a version its first calls of users, and more of them. */
public interface Launch {
    /** That a version of a use case is being rolled out, in a few words; empty where none is. */
    String goingOn(UUID useCase);

    /**
     * Asks for the rollout of a version whose gates have been passed; one that was asked for before is found.
     *
     * @return its id
     * @throws IllegalArgumentException when another of the use case is not over
     */
    String begin(ModelVersion version, String who);
}
