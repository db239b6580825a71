package dev.hone.run;

import dev.hone.fetch.Hashes;
import dev.hone.record.AliasChange;
import dev.hone.record.Dataset;
import dev.hone.record.FinishedRun;
import dev.hone.record.ModelVersion;
import dev.hone.record.RunLog;
import dev.hone.record.Split;
import dev.hone.record.StoredGrader;
import dev.hone.record.VersionReference;
import dev.hone.store.Aliases;
import dev.hone.store.Database;
import dev.hone.store.Datasets;
import dev.hone.store.Evaluations;
import dev.hone.store.Graders;
import dev.hone.store.ModelVersions;
import dev.hone.store.UseCases;
import dev.hone.task.DatasetFiles;
import dev.hone.train.StoredModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes model versions of finished runs: their files become {@link Artifacts}, the runs with their figures, the versions, the
 * report and the alias go into the store. A run that began with the result of another brings that along. Done again, it adds
 * nothing; after {@code kill -9}, it adds the rest.
 */
public final class ModelRegistration {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final UseCases useCases;
    private final ModelVersions versions;
    private final Evaluations evaluations;
    private final Aliases aliases;
    private final Graders graders;
    private final Datasets datasets;
    private final Artifacts artifacts;
    private final ModelArchive archive;
    private final Path home;

    /** @param home where Hone keeps things */
    public ModelRegistration(Database database, Path home) {
        useCases = new UseCases(database);
        versions = new ModelVersions(database);
        evaluations = new Evaluations(database);
        aliases = new Aliases(database);
        graders = new Graders(database);
        datasets = new Datasets(database);
        artifacts = new Artifacts(home);
        archive = new ModelArchive(artifacts);
        this.home = home.toAbsolutePath().normalize();
    }

    /**
     * What is registered.
     *
     * @param useCase whose versions they are; made when it is new
     * @param project whose use case; null for the only one that has it, or else the default
     * @param runs folders of finished runs, the last is the result
     * @param report {@code report.json} that judges them; null when there is none
     * @param grader that the report judged by; null when it is not known
     * @param alias that then points at the last; null to leave aliases alone
     * @param who does it
     */
    public record Order(
            String useCase,
            @Nullable String project,
            List<Path> runs,
            @Nullable Path report,
            @Nullable StoredGrader grader,
            @Nullable String alias,
            String who) {
        public Order {
            UseCases.requireName(useCase);
            runs = List.copyOf(runs);
            if (runs.isEmpty()) {
                throw new IllegalArgumentException("No run was given for [%s]".formatted(useCase));
            }
            if (alias != null) {
                Aliases.requireName(alias);
            }
            if (who.isBlank()) {
                throw new IllegalArgumentException("Somebody must register, not [%s]".formatted(who));
            }
        }
    }

    /**
     * What is there now.
     *
     * @param versions of the runs, in their order
     * @param fresh references of those that were not there before, with what they stand on
     * @param reportAdded whether the report was not there before
     * @param alias the move that made the alias point at the last; null when none was asked for
     */
    public record Result(
            List<ModelVersion> versions,
            List<String> fresh,
            boolean reportAdded,
            @Nullable AliasChange alias) {}

    /**
     * Registers.
     *
     * @throws IllegalArgumentException when a run is not finished or was changed, or the report is of something else
     * @throws dev.hone.tensor.ModelFileException when a model is damaged, or what it stands on is missing
     */
    public Result register(Order order) throws IOException {
        return register(order, null);
    }

    /**
     * Registers runs whose data is known.
     *
     * @param dataset hash of the frozen dataset that the last of them learned from; null where its manifest says it, or it is none of the store's
     * @throws IllegalArgumentException as {@link #register(Order)}, and when there is no such dataset
     */
    public Result register(Order order, @Nullable String dataset) throws IOException {
        JudgedReport report = order.report() == null ? null : JudgedReport.read(order.report());
        for (Path run : order.runs()) {
            Manifest first = first(run);
            if (report != null) {
                report.requireOf(order.useCase(), first);
            }
        }
        UUID useCase = useCases.obtain(order.useCase(), order.project());
        List<ModelVersion> registered = new ArrayList<>();
        List<String> fresh = new ArrayList<>();
        for (Path run : order.runs()) {
            boolean last = run.equals(order.runs().getLast());
            registered.add(version(useCase, run, fresh, last ? dataset : null));
        }
        boolean reportAdded = false;
        if (report != null) {
            UUID grader = order.grader() == null ? null : graders.obtain(useCase, order.grader());
            List<UUID> judged = registered.stream().map(ModelVersion::id).toList();
            reportAdded = evaluations.add(useCase, report.text(), report.dataHash(), report.seed(), grader, judged);
        }
        AliasChange alias = order.alias() == null
                ? null
                : aliases.set(
                        new VersionReference.Numbered(
                                useCases.project(order.useCase(), order.project()),
                                order.useCase(),
                                registered.getLast().number()),
                        order.alias(),
                        order.who());
        List<ModelVersion> now = registered.stream()
                .map(version -> versions.of(version.useCaseId(), version.number()))
                .toList();
        return new Result(now, fresh, reportAdded, alias);
    }

    /** The version of a run, registered with what it stands on unless it is there. */
    private ModelVersion version(UUID useCase, Path folder, List<String> fresh, @Nullable String dataset)
            throws IOException {
        Manifest manifest = finished(folder);
        UUID parent = parent(useCase, folder, manifest, fresh);
        String artifact = archive.keep(folder);
        Optional<ModelVersion> known = versions.byArtifact(useCase, artifact);
        if (known.isPresent() && known.get().useCaseId().equals(useCase)) {
            return known.get();
        }
        ModelVersions.Added added = versions.add(
                useCase,
                new ModelVersions.Candidate(
                        run(folder, manifest, artifact),
                        log(folder),
                        dataset == null ? dataset(useCase, manifest) : require(useCase, dataset),
                        artifact,
                        parent,
                        folder.toString()));
        if (!artifacts.isHere(artifact)) {
            // Whoever deleted the last version with the same files did not know of this one.
            archive.keep(folder);
        }
        if (added.fresh()) {
            fresh.add(added.version().reference());
        }
        return added.version();
    }

    private @Nullable UUID parent(UUID useCase, Path folder, Manifest manifest, List<String> fresh) throws IOException {
        Optional<Path> began = began(folder, manifest);
        if (began.isEmpty()) {
            return null;
        }
        Optional<ModelVersion> known =
                artifacts.hash(began.get()).flatMap(artifact -> versions.byArtifact(useCase, artifact));
        return known.isPresent()
                ? known.get().id()
                : version(useCase, began.get(), fresh, null).id();
    }

    /** The folder of the run whose result a run began with; empty when it began with a base model, or that is gone. */
    private Optional<Path> began(Path folder, Manifest manifest) {
        Optional<Path> below = StoredModel.below(folder);
        if (below.isPresent()) {
            return below.filter(ModelRegistration::isFinished);
        }
        Optional<Path> version = VersionReference.parse(manifest.baseModel())
                .flatMap(versions::find)
                .map(found -> artifacts.folder(found.artifact()));
        try {
            return version.or(() -> Optional.of(Path.of(manifest.baseModel()))).filter(ModelRegistration::isFinished);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static boolean isFinished(Path folder) {
        return Files.exists(folder.resolve(Manifest.FILE));
    }

    /** The manifest of the run that began with a base model, whose result led to this one. */
    private Manifest first(Path folder) throws IOException {
        Manifest manifest = finished(folder);
        Optional<Path> began = began(folder, manifest);
        return began.isPresent() ? first(began.get()) : manifest;
    }

    private static Manifest finished(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        Optional<Manifest> manifest = Manifest.read(folder);
        if (manifest.isEmpty()) {
            throw new IllegalArgumentException(
                    new RunFolder(folder).isBegun()
                            ? "The run in [%s] is not finished: go on with the command that began it, and --resume"
                                    .formatted(folder)
                            : "[%s] is not the folder of a run: it has no [%s], which hone train leaves"
                                    .formatted(folder, Manifest.FILE));
        }
        return manifest.get();
    }

    private FinishedRun run(Path folder, Manifest manifest, String artifact) throws IOException {
        Path file = folder.resolve(Manifest.FILE);
        return new FinishedRun(
                Hashes.sha256(file),
                manifest.dataHash(),
                manifest.rows(),
                place(manifest.baseModel(), artifact),
                manifest.modelHash(),
                JSON.writeValueAsString(manifest.settings()),
                JSON.writeValueAsString(manifest.training()),
                JSON.writeValueAsString(manifest.versions()),
                Files.getLastModifiedTime(file).toInstant());
    }

    /**
     * What a run began with, so that it is true where this home is moved to another place or machine: a path in it is seen from it, and of one elsewhere, of which
     * the version has a copy, the name stays, and where that copy is. A name of a model or version is as it was given.
     */
    private String place(String baseModel, String artifact) {
        Path path;
        try {
            path = Path.of(baseModel);
        } catch (InvalidPathException e) {
            return baseModel;
        }
        if (!path.isAbsolute()) {
            return baseModel;
        }
        path = path.normalize();
        if (path.startsWith(home)) {
            return home.relativize(path).toString();
        }
        Path name = path.getFileName();
        Optional<String> copy = StoredModel.below(artifacts.folder(artifact)).flatMap(artifacts::hash);
        return name == null || copy.isEmpty()
                ? baseModel
                : "%s (artifacts/%s)".formatted(name, Hashes.shortened(copy.get()));
    }

    /** What the files of a run's folder have of its way. */
    static RunLog log(Path folder) throws IOException {
        return new RunLog(
                lines(new RunFolder(folder).metrics()).stream()
                        .map(line -> new RunLog.Metric(line.path("step").asLong(), line.toString()))
                        .toList(),
                lines(folder.resolve(ReinforcementRun.SAMPLES)).stream()
                        .map(line -> new RunLog.Tried(
                                line.path("step").asLong(),
                                line.path("task").asString(""),
                                line.path("output").asString(""),
                                line.path("reward").asDouble(Double.NaN),
                                line.path("reason").asString(""),
                                line.path("tokens").asInt(),
                                line.path("end").asString("")))
                        .toList());
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        return Files.exists(file) ? StepLines.read(file) : List.of();
    }

    private UUID require(UUID useCase, String hash) {
        return datasets.list(useCase).stream()
                .filter(dataset -> dataset.hash().equals(hash))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The use case has no dataset [%s]".formatted(hash)))
                .id();
    }

    /** The frozen dataset of the use case whose training split the run learned from; null when it is none of them. */
    private @Nullable UUID dataset(UUID useCase, Manifest manifest) {
        for (Dataset dataset : datasets.list(useCase)) {
            if (dataset.hash().equals(manifest.dataHash())
                    || DatasetFiles.sha256(datasets.tasks(dataset.id()), Split.TRAIN)
                            .equals(manifest.dataHash())) {
                return dataset.id();
            }
        }
        return datasets.forgotten(useCase, manifest.dataHash()).orElse(null);
    }
}
