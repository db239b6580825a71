package dev.hone.run;

import dev.hone.evaluate.Judged;
import dev.hone.evaluate.PriceList;
import dev.hone.evaluate.Report;
import dev.hone.record.Task;
import dev.hone.task.Folds;
import dev.hone.train.BlockShape;
import dev.hone.train.MachineCeiling;
import dev.hone.train.Precision;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The experiment behind the demo: what do rewards add to demonstrations, on rows that nobody demonstrated? In every cell, a fold
 * and a seed, a quarter of the training rows have demonstrations, the others only a gradable outcome. One model warms up on the
 * quarter and goes on with rewards of the others: reinforcement, and then demonstrations of the right answers that it found
 * (rejection sampling, Yuan et al. 2023). At equal compute and from the same warm-up, two go on without rewards: with the same
 * demonstrations again, and, as experts would have it who wrote down everything, with demonstrations of all rows. What is
 * finished is found again, and reported from the first cell on; several processes may share a folder, each at a cell of its own.
 */
public final class Study {
    private static final String FILE = "study.json";

    /** The result's file in the study's folder. */
    public static final String REPORT = "study-report.json";

    /** Held while the result is written: several processes may be at it. */
    private static final String REPORT_LOCK = ".report.lock";

    /** The data that {@link Amounts#STANDARD} was made for, assistant actions, and the folds by which its settings were chosen (docs/results/demo.md). */
    private static final String STANDARD_DATA = "6c39ebcec578a646a901f3a1e709843ed1f71f5b1b9dbe4c80952444d11cb2bb";

    private static final Set<Integer> CHOSEN_BY = Set.of(0, 1);

    private final Options options;
    private final UseCase useCase;
    private final Folds folds;
    private final @Nullable Amounts given;
    private final Loop.Listener listener;

    /**
     * What to run. Cells: every fold with seed 1, then the first fold with the other seeds.
     *
     * @param model base model
     * @param folds how many of the five folds are judged, from the first on
     * @param seeds how many seeds the first fold is judged with
     * @param prices for the cost of a request
     */
    public record Options(String model, int folds, int seeds, PriceList prices, Path out) {
        public Options {
            if (folds < 1 || folds > Loop.FOLDS) {
                throw new IllegalArgumentException("--folds must be 1 to %d, not [%d]".formatted(Loop.FOLDS, folds));
            }
            if (seeds < 1 || seeds > 100) {
                throw new IllegalArgumentException("--seeds must be 1 to 100, not [%d]".formatted(seeds));
            }
        }
    }

    /** A fold that is judged, and a seed of everything that is drawn. Its work is a {@link StudyCell}. */
    record Cell(int fold, long seed) {}

    /** How a model came to be, in the order of the cell's work. */
    enum Arm {
        /** Demonstrations of a quarter. */
        WARM("a quarter demonstrated"),
        /** Then rewards of the others. */
        REWARDS("then rewards of the rest"),
        /** Then demonstrations, also of what was found. */
        FOUND("then what it found"),
        /** Instead of both, the same demonstrations for as long. */
        AGAIN("the same again instead"),
        /** Or demonstrations of all rows for as long. */
        ALL("all demonstrated instead");

        private final String contender;

        Arm(String contender) {
            this.contender = contender;
        }

        /** Its name where it is judged. */
        String contender() {
            return contender;
        }

        /** Its name where it answers without a grammar. */
        String free() {
            return contender + ", free";
        }

        /** Its name where the most probable of several answers counts. */
        String best() {
            return contender + ", best of " + Loop.DRAWN;
        }
    }

    /** The order of the work: the question first, for all cells; what experts would have reached is as much work again. */
    enum Stage {
        QUESTION(List.of(Arm.WARM, Arm.REWARDS, Arm.FOUND, Arm.AGAIN)),
        EXPERTS(List.of(Arm.ALL));

        private final List<Arm> arms;

        Stage(List<Arm> arms) {
            this.arms = arms;
        }

        List<Arm> arms() {
            return arms;
        }
    }

    /**
     * How much every cell does.
     *
     * @param demonstrated share of the training rows with demonstrations
     * @param warmEpochs of the warm-up over these
     * @param steps of learning from rewards
     * @param tokensPerStep positions of demonstrations that take as long as such a step: what makes compute equal
     * @param foundEpochs over demonstrations and what was found
     * @param againRate highest learning rate of the arms that go on with demonstrations
     */
    public record Amounts(
            double demonstrated,
            double warmEpochs,
            long steps,
            long tokensPerStep,
            double foundEpochs,
            double againRate) {
        static final Amounts STANDARD = new Amounts(0.25, 4, 31, 9_200, 2, 5e-4);

        /**
         * Positions of demonstrations that take as long as one of a step of rewards, where answers to a question share it: a step of {@link #STANDARD} has
         * 16 questions of 76 tokens with 8 answers of 38 to each.
         */
        private static final double POSITION = 1.5;

        /**
         * The same for other data: rewards of each row once, and compute that is equal by the length of questions and answers.
         *
         * @param counts of a model's tokens
         */
        Amounts scaled(List<Task> train, RowCounts counts) {
            long rewarded = train.size() - Math.round(demonstrated * train.size());
            double question = counts.question(train);
            double answer = (double) counts.demonstrations(train) / train.size() - question;
            double positions = LoopTraining.PROMPTS * (question + LoopTraining.SAMPLES * answer);
            return new Amounts(
                    demonstrated,
                    warmEpochs,
                    Math.max(1, Math.ceilDiv(rewarded, LoopTraining.PROMPTS)),
                    Math.round(POSITION * positions),
                    foundEpochs,
                    againRate);
        }
    }

    /** Hears of every report as it is written. */
    public interface Reported {
        void reported(StudyOutcome outcome) throws IOException;
    }

    /** What a folder was begun with: it is gone on with under the same alone. */
    record Begun(String model, String dataHash, Precision precision, Amounts amounts) {}

    /**
     * What a cell's contenders said.
     *
     * @param judged in the order in which they were asked
     */
    record Result(Cell cell, List<Judged> judged) {}

    /**
     * A finished training.
     *
     * @param reinforcement what came of it; null where it learned from demonstrations
     */
    record Trained(Cell cell, Arm arm, Manifest manifest, Report.@Nullable Reinforcement reinforcement) {}

    /**
     * The study of a use case, without the rows that model and training have no room for: every arm learns from the same.
     *
     * @throws IOException when the model cannot be fetched
     */
    public static Study of(Options options, UseCase useCase, Loop.Listener listener) throws IOException {
        return new Study(options, fitting(options.model(), useCase, listener), null, listener);
    }

    static UseCase fitting(String model, UseCase useCase, Loop.Listener listener) throws IOException {
        UseCase.Data data = useCase.data();
        List<Task> tasks;
        try (LoadedModel base = LoadedModel.open(model, listener)) {
            tasks = new RowCounts(base, useCase).fitting(data.tasks(), model, listener);
        }
        int left = data.tasks().size() - tasks.size();
        if (left == 0) {
            return useCase;
        }
        Map<String, Integer> excluded = new TreeMap<>(data.excluded());
        excluded.put(RowCounts.TOO_LONG, left);
        return useCase.with(new UseCase.Data(data.name(), tasks, data.recorded(), excluded));
    }

    /**
     * @param useCase whose rows fit
     * @param given how much every cell does; null for what suits the data
     */
    Study(Options options, UseCase useCase, @Nullable Amounts given, Loop.Listener listener) {
        if (useCase.reward() == null) {
            throw new IllegalArgumentException(
                    "[%s] has no rewards to study: its answers are right or wrong, and demonstrations say which"
                            .formatted(useCase.data().name()));
        }
        this.options = options;
        this.useCase = asBegun(useCase);
        this.folds = Folds.of(useCase.data().tasks(), Loop.FOLDS, useCase.part());
        this.given = given;
        this.listener = listener;
    }

    /** As models were asked when it was begun: by tools as they were written, before products' were another matter. None of them is served. */
    static UseCase asBegun(UseCase useCase) {
        return useCase instanceof CallUseCase calls ? calls.askedByToolsAsWritten() : useCase;
    }

    /**
     * Reports what is finished, since the rest may take hours, and does what is left to do, and nobody else is doing.
     *
     * @param stop whether to stop at the next step
     * @param reported hears of the report at the beginning, after every finished cell and at the end
     * @return of what is finished; nothing when stopped, or when others have cells that nothing can be said without
     */
    public Optional<StudyOutcome> run(BooleanSupplier stop, Reported reported) throws IOException {
        Begun begun = begin();
        report(begun, reported);
        for (Stage stage : Stage.values()) {
            for (Cell cell : cells()) {
                if (!finish(begun, cell, stage, stop, reported)) {
                    return Optional.empty();
                }
            }
        }
        return report(begun, reported);
    }

    private StudyCell work(Begun begun, Cell cell) {
        return new StudyCell(begun, cell, useCase, folds, options.out(), listener);
    }

    /** @return whether it was not stopped: another process's cell is passed over */
    private boolean finish(Begun begun, Cell cell, Stage stage, BooleanSupplier stop, Reported reported)
            throws IOException {
        StudyCell work = work(begun, cell);
        if (work.isFinished(stage)) {
            return true;
        }
        Path lock = lock(cell);
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = tryLock(channel)) {
            if (held == null) {
                listener.stage("Passing over what another process is doing: [%s]".formatted(lock));
                return true;
            }
            if (!work.isFinished(stage)) {
                if (!work.run(stage, stop)) {
                    return false;
                }
                report(begun, reported);
            }
            return true;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this process has it
        }
    }

    private Path lock(Cell cell) {
        return options.out().resolve(".fold-%d-seed-%d.lock".formatted(cell.fold(), cell.seed()));
    }

    private Optional<StudyOutcome> report(Begun begun, Reported reported) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        options.out().resolve(REPORT_LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assert held.isValid();
            List<Result> results = new ArrayList<>();
            List<Trained> trainings = new ArrayList<>();
            for (Cell cell : cells()) {
                StudyCell work = work(begun, cell);
                Optional<StudyCell.Finished> finished = work.finished();
                if (finished.isPresent()) {
                    results.add(work.result(finished.get()));
                    trainings.addAll(finished.get().trainings());
                }
            }
            if (results.stream().noneMatch(result -> result.cell().seed() == 1)) {
                return Optional.empty();
            }
            boolean standard = folds.hash().equals(STANDARD_DATA);
            StudyOutcome outcome = StudyReport.of(
                    new StudyReport.Subject(
                            useCase, options, begun.amounts(), folds.hash(), standard ? CHOSEN_BY : Set.of()),
                    results,
                    trainings);
            JsonFile.write(options.out().resolve(REPORT), outcome.report());
            reported.reported(outcome);
            return Optional.of(outcome);
        }
    }

    /** The precision of the training's products with frozen weights: the faster one where the study was begun. */
    private Begun begin() throws IOException {
        Files.createDirectories(options.out());
        Path file = options.out().resolve(FILE);
        Optional<Begun> found = JsonFile.read(file, Begun.class);
        Begun asked = new Begun(
                options.model(), folds.hash(), found.isPresent() ? found.get().precision() : faster(), amounts());
        if (found.isPresent() && !found.get().equals(asked)) {
            throw new IllegalArgumentException("[%s] holds a study with %s, not %s: choose another --out, or remove it"
                    .formatted(options.out(), found.get(), asked));
        }
        JsonFile.write(file, asked);
        return asked;
    }

    private Amounts amounts() throws IOException {
        if (given != null) {
            return given;
        }
        if (folds.hash().equals(STANDARD_DATA)) {
            return Amounts.STANDARD;
        }
        try (LoadedModel base = LoadedModel.open(options.model(), listener)) {
            return Amounts.STANDARD.scaled(folds.train(0), new RowCounts(base, useCase));
        }
    }

    private Precision faster() throws IOException {
        listener.stage("Measuring this machine");
        try (LoadedModel base = LoadedModel.open(options.model(), listener)) {
            return MachineCeiling.inWorker(BlockShape.of(base.config())).fastest();
        }
    }

    private List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (int fold = 0; fold < options.folds(); fold++) {
            cells.add(new Cell(fold, 1));
        }
        for (long seed = 2; seed <= options.seeds(); seed++) {
            cells.add(new Cell(0, seed));
        }
        return cells;
    }
}
