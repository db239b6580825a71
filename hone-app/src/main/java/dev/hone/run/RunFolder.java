package dev.hone.run;

import dev.hone.algorithm.Checkpoints;
import dev.hone.file.Durable;
import dev.hone.model.ModelConfig;
import dev.hone.train.Adaptation;
import dev.hone.train.MemoryEstimate;
import dev.hone.train.WorkerClient;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The folder of a run: while it goes on {@code metrics.jsonl} and {@code checkpoints/}, at its end the adapter (or the whole
 * model), the tokenizer and, last, the {@link Manifest}.
 *
 * @param path which need not exist yet
 */
record RunFolder(Path path) {
    static final String CHECKPOINTS = "checkpoints";
    private static final String METRICS = "metrics.jsonl";
    private static final int KEEP = 2;

    /** Whether a run was begun here, even if it was killed before its first checkpoint. */
    boolean isBegun() {
        return Files.exists(metrics()) || Files.isDirectory(path.resolve(CHECKPOINTS));
    }

    Path metrics() {
        return path.resolve(METRICS);
    }

    Checkpoints checkpoints() {
        return new Checkpoints(path.resolve(CHECKPOINTS), KEEP);
    }

    /**
     * Makes the folder, never over another result in silence.
     *
     * @param resume whether the run that it holds is gone on with
     * @throws IllegalArgumentException when it holds something else, or too little room is left
     */
    void open(boolean resume, ModelConfig config, Adaptation adaptation) throws IOException {
        if (Files.exists(path.resolve(Manifest.FILE))) {
            throw new IllegalArgumentException(
                    "[%s] holds a finished run: choose another --out, or remove it first".formatted(path));
        }
        if (isBegun() && !resume) {
            throw new IllegalArgumentException(
                    "[%s] holds a run that is not finished: go on with --resume, choose another --out, or remove it first"
                            .formatted(path));
        }
        if (!isBegun() && resume) {
            throw new IllegalArgumentException(
                    "There is no run to resume in [%s]: leave --resume out to begin one, or correct --out"
                            .formatted(path));
        }
        if (!isBegun() && !isFree()) {
            throw new IllegalArgumentException(
                    "[%s] is not empty, and what it holds is no run: choose another --out".formatted(path));
        }
        Files.createDirectories(path);
        requireDisk(config, adaptation);
    }

    private boolean isFree() throws IOException {
        if (!Files.exists(path)) {
            return true;
        }
        try (Stream<Path> inside = Files.list(path)) {
            return inside.findAny().isEmpty();
        }
    }

    /** Room for the checkpoints that are kept, the one being written, and the result. */
    private void requireDisk(ModelConfig config, Adaptation adaptation) throws IOException {
        long trained = MemoryEstimate.trained(config, adaptation) * Float.BYTES;
        long needed = trained * 3 * (KEEP + 1) + trained;
        FileStore store = Files.getFileStore(path);
        if (store.getUsableSpace() < needed) {
            throw new IllegalArgumentException(
                    "[%s] has [%d MiB] free, and checkpoints and result need about [%d MiB]: make room, or choose another --out"
                            .formatted(path, store.getUsableSpace() >> 20, needed >> 20));
        }
    }

    /** Writes the trained weights aside, then moves them into place file by file. */
    void export(WorkerClient trainer, LoadedModel model) throws IOException {
        Path aside = path.resolve(".export");
        Durable.delete(aside);
        trainer.export(aside);
        model.writeCompanions(aside);
        try (Stream<Path> files = Files.list(aside)) {
            for (Path file : files.toList()) {
                Durable.publish(file, path.resolve(file.getFileName()));
            }
        }
        Durable.delete(aside);
    }

    /** Makes what the folder holds count, and removes what only an unfinished run needs. */
    void finish(Manifest manifest) throws IOException {
        manifest.write(path);
        checkpoints().clear();
    }
}
