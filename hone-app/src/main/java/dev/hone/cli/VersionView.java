package dev.hone.cli;

import dev.hone.fetch.Hashes;
import dev.hone.record.AliasChange;
import dev.hone.record.ModelVersion;
import dev.hone.run.Artifacts;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model version as the commands show it: the object of {@code --json}. */
record VersionView(
        String version,
        String useCase,
        int number,
        String created,
        List<String> aliases,
        @Nullable String parent,
        Run run,
        String artifact,
        String path,
        int evaluations) {
    /** The run that made it. */
    record Run(
            String finished,
            String baseModel,
            String baseModelHash,
            String dataHash,
            @Nullable String dataset,
            int examples,
            JsonNode settings,
            JsonNode training,
            JsonNode versions) {
        String method() {
            return settings.path("method").asString("unknown");
        }
    }

    static VersionView of(ModelVersion version) {
        JsonMapper mapper = JsonMapper.shared();
        return new VersionView(
                version.reference(),
                version.useCase(),
                version.number(),
                version.created().toString(),
                version.aliases(),
                version.parent(),
                new Run(
                        version.run().finished().toString(),
                        version.run().baseModel(),
                        version.run().baseModelHash(),
                        version.run().dataHash(),
                        version.dataset(),
                        version.run().examples(),
                        mapper.readTree(version.run().settings()),
                        mapper.readTree(version.run().training()),
                        mapper.readTree(version.run().versions())),
                version.artifact(),
                Store.artifacts().folder(version.artifact()).toString(),
                version.evaluations());
    }

    /** What it began with, for people. */
    String origin() {
        return parent == null ? run.baseModel() : parent;
    }

    /** One line. @param rollout phase of its newest; null where it had none */
    void printLine(@Nullable String rollout) {
        System.out.printf(
                "%-28s %s  %-5s from %-28s %s%s%s%n",
                version,
                created.substring(0, 19),
                run.method(),
                origin(),
                evaluations == 0 ? "not judged" : evaluations == 1 ? "1 report" : evaluations + " reports",
                aliases.stream().map(alias -> "  @" + alias).collect(Collectors.joining()),
                rollout == null ? "" : "  rollout: " + rollout);
    }

    /** All of it. */
    void print(Artifacts.State state) {
        System.out.printf(
                "version %s of %s%n  aliases   %s%n  method    %s, on %d examples, from %s%n  given     %s (weights %s)%n  data  "
                        + "    %s%n  training  %s steps, %.2f epochs, final loss %.4f%s%n  files     %s: %s%n",
                version,
                created.substring(0, 19),
                aliases.isEmpty() ? "none" : String.join(", ", aliases),
                run.method(),
                run.examples(),
                origin(),
                run.baseModel(),
                run.baseModelHash().isEmpty() ? "unknown" : Hashes.shortened(run.baseModelHash()),
                run.dataset() == null ? Hashes.shortened(run.dataHash()) : "dataset " + Hashes.shortened(run.dataset()),
                run.training().path("steps").asString("?"),
                run.training().path("epochs").asDouble(Double.NaN),
                run.training().path("finalLoss").asDouble(Double.NaN),
                run.training().path("finalReward").isNumber()
                        ? ", final reward %.4f"
                                .formatted(run.training().path("finalReward").doubleValue())
                        : "",
                path,
                switch (state) {
                    case INTACT -> "intact";
                    case CHANGED -> "CHANGED since they were kept; restore a back-up, or add the run again elsewhere";
                    case MISSING -> "not on this machine, all or some";
                });
    }

    /** A move for people. */
    static String sentence(AliasChange change) {
        String alias = change.useCase() + "@" + change.alias();
        String when = "%s, by %s".formatted(change.changed().toString().substring(0, 19), change.who());
        if (change.after() == null) {
            return "%s is removed (was %s/%d; %s)".formatted(alias, change.useCase(), change.before(), when);
        }
        String before = change.before() == null ? "" : "was %s/%d; ".formatted(change.useCase(), change.before());
        return "%s is %s/%d (%s%s)".formatted(alias, change.useCase(), change.after(), before, when);
    }
}
