package dev.hone.loop;

import dev.hone.run.JsonFile;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * Which tasks of a round's dataset earlier versions' datasets have, too. Written by {@link DatasetStep} beside what it came to, and read by all steps that
 * follow: what versions there are may change meanwhile.
 *
 * @param traces that the tasks were made of
 */
record KnownTasks(Set<String> traces) {
    private static final String FILE = "known-tasks.json";

    KnownTasks {
        traces = Set.copyOf(traces);
    }

    void write(RoundFolder folder) throws IOException {
        JsonFile.write(folder.file(FILE), this);
    }

    /** Empty when the round has not got that far. */
    static Optional<KnownTasks> read(RoundFolder folder) throws IOException {
        return JsonFile.read(folder.file(FILE), KnownTasks.class);
    }
}
