package dev.hone.store;

import dev.hone.record.FinishedRun;
import dev.hone.record.ModelVersion;
import dev.hone.record.RunLog;
import dev.hone.record.VersionReference;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** Versions that nobody trained, and what gates say of them. */
public record VersionRows(Database database) {
    private static String hash(String of) {
        return HexFormat.of().toHexDigits(of.hashCode()).repeat(8);
    }

    /** One that passed its gates against what is live now. @param project whose use case it is */
    public ModelVersion passed(String useCase, String project) {
        UUID id = new UseCases(database).obtain(useCase, project);
        int number = new ModelVersions(database).list(id).size();
        return judged(useCase, project, hash("files of " + project + useCase + number), true);
    }

    /** One whose files are somewhere. @param passed what its gates say against what is live now */
    public ModelVersion judged(String useCase, String project, String artifact, boolean passed) {
        UUID id = new UseCases(database).obtain(useCase, project);
        String name = project + useCase + new ModelVersions(database).list(id).size();
        ModelVersion version = new ModelVersions(database)
                .add(
                        id,
                        new ModelVersions.Candidate(
                                new FinishedRun(
                                        hash(name), "data", 1, "base", "weights", "{}", "{}", "{}", Instant.now()),
                                new RunLog(List.of(), List.of()),
                                null,
                                artifact,
                                null,
                                name))
                .version();
        UUID live = new ModelVersions(database)
                .find(new VersionReference.Aliased(project, useCase, Rollouts.LIVE))
                .map(ModelVersion::id)
                .orElse(null);
        new GateVerdicts(database).add(version, null, passed, "{}", null, live, "test");
        return version;
    }
}
