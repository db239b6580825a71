package dev.hone.run;

import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.Report;
import dev.hone.record.Constraint;
import dev.hone.record.SamplingMode;
import dev.hone.record.Task;
import dev.hone.task.Folds;
import dev.hone.train.BlockShape;
import dev.hone.train.MachineCeiling;
import dev.hone.train.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The experiment behind the demo: what do rewards add to demonstrations, on rows that nobody demonstrated? In every cell, a fold
 * and a seed, a quarter of the training rows have demonstrations, the others only a gradable outcome. One model warms up on the
 * quarter and goes on with rewards of the others: reinforcement, and then demonstrations of the right answers that it found
 * (rejection sampling, Yuan et al. 2023). At equal compute and from the same warm-up, two go on without rewards: with the same
 * demonstrations again, and, as experts would have it who wrote down everything, with demonstrations of all rows. What is
 * finished is found again.
 */
public final class Study {
    private static final String FILE = "study.json";

    /** The result's file in the study's folder. */
    public static final String REPORT = "study-report.json";

    private static final SamplingMode MODE = SamplingMode.EXACT;

    /** Rows of a fold that the prompted base model is judged on: its prompts are long. */
    static final int PROMPTED_ROWS = 12;

    private final Options options;
    private final UseCase useCase;
    private final Folds folds;
    private final Amounts amounts;
    private final Loop.Listener listener;

    /**
     * What to run. Cells: every fold with seed 1, then the first fold with the other seeds.
     *
     * @param model base model
     * @param folds how many of the five folds are judged, from the first on
     * @param seeds how many seeds the first fold is judged with
     * @param pricePerCoreHour in whatever currency
     */
    public record Options(String model, int folds, int seeds, double pricePerCoreHour, Path out) {
        public Options {
            if (folds < 1 || folds > Loop.FOLDS) {
                throw new IllegalArgumentException("--folds must be 1 to %d, not [%d]".formatted(Loop.FOLDS, folds));
            }
            if (seeds < 1 || seeds > 100) {
                throw new IllegalArgumentException("--seeds must be 1 to 100, not [%d]".formatted(seeds));
            }
        }
    }

    /** A fold that is judged, and a seed of everything that is drawn. */
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

        String folder() {
            return name().toLowerCase(java.util.Locale.ROOT);
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
    record Amounts(
            double demonstrated,
            double warmEpochs,
            long steps,
            long tokensPerStep,
            double foundEpochs,
            double againRate) {
        static final Amounts STANDARD = new Amounts(0.25, 4, 31, 9_200, 2, 5e-4);
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

    public Study(Options options, UseCase useCase, Loop.Listener listener) {
        this(options, useCase, Amounts.STANDARD, listener);
    }

    Study(Options options, UseCase useCase, Amounts amounts, Loop.Listener listener) {
        if (useCase.reward() == null) {
            throw new IllegalArgumentException(
                    "[%s] has no rewards to study: its answers are right or wrong, and demonstrations say which"
                            .formatted(useCase.data().name()));
        }
        this.options = options;
        this.useCase = useCase;
        this.folds = Folds.of(useCase.data().tasks(), Loop.FOLDS, useCase.part());
        this.amounts = amounts;
        this.listener = listener;
    }

    /**
     * Does what is left to do.
     *
     * @param stop whether to stop at the next step
     * @return nothing when stopped
     */
    public Optional<StudyReport> run(BooleanSupplier stop) throws IOException {
        Precision precision = begin();
        List<Cell> cells = cells();
        // The question first, for all cells; what experts would have reached is the same work again.
        for (List<Arm> arms : List.of(List.of(Arm.WARM, Arm.REWARDS, Arm.FOUND, Arm.AGAIN), List.of(Arm.ALL))) {
            for (Cell cell : cells) {
                for (Arm arm : arms) {
                    listener.stage("Fold %d, seed %d: %s".formatted(cell.fold(), cell.seed(), arm.contender()));
                    if (train(cell, arm, precision, stop).isEmpty()) {
                        return Optional.empty();
                    }
                    judge(cell, arm);
                }
            }
        }
        return Optional.of(report());
    }

    /** Of what is finished so far: cells in which every arm was trained. */
    public StudyReport report() throws IOException {
        List<Result> results = new ArrayList<>();
        List<Trained> trainings = new ArrayList<>();
        for (Cell cell : cells()) {
            if (Manifest.read(folder(cell, Arm.AGAIN)).isPresent()) {
                results.add(result(cell));
                trainings.addAll(trainings(cell));
            }
        }
        if (results.isEmpty()) {
            throw new IllegalArgumentException("No cell of the study in [%s] is finished".formatted(options.out()));
        }
        StudyReport report = StudyReport.of(useCase, options, amounts, folds.hash(), results, trainings);
        JsonFile.write(options.out().resolve(REPORT), report);
        return report;
    }

    private List<Trained> trainings(Cell cell) throws IOException {
        List<Trained> trainings = new ArrayList<>();
        for (Arm arm : Arm.values()) {
            Path run = folder(cell, arm);
            Optional<Manifest> manifest = Manifest.read(run);
            if (manifest.isPresent()) {
                trainings.add(new Trained(
                        cell,
                        arm,
                        manifest.get(),
                        arm == Arm.REWARDS ? LoopTraining.reinforcement(run, manifest.get()) : null));
            }
        }
        return trainings;
    }

    /** The precision of the training's products with frozen weights: the faster one here when the study was begun. */
    private Precision begin() throws IOException {
        Files.createDirectories(options.out());
        Path file = options.out().resolve(FILE);
        Optional<Begun> found = JsonFile.read(file, Begun.class);
        Begun asked = new Begun(
                options.model(), folds.hash(), found.isPresent() ? found.get().precision() : faster(), amounts);
        if (found.isPresent() && !found.get().equals(asked)) {
            throw new IllegalArgumentException("[%s] holds a study with %s, not %s: choose another --out, or remove it"
                    .formatted(options.out(), found.get(), asked));
        }
        JsonFile.write(file, asked);
        return asked.precision();
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

    private Optional<Manifest> train(Cell cell, Arm arm, Precision precision, BooleanSupplier stop) throws IOException {
        List<Task> rows = new ArrayList<>(folds.train(cell.fold()));
        Collections.shuffle(rows, new Random(cell.seed()));
        int count = (int) Math.round(amounts.demonstrated() * rows.size());
        List<Task> demonstrated = List.copyOf(rows.subList(0, count));
        LoopTraining training = new LoopTraining(useCase, listener, folds.hash(), cell.seed(), precision);
        List<Task> rewarded = rows.subList(count, rows.size());
        Path warm = folder(cell, Arm.WARM);
        Path out = folder(cell, arm);
        return switch (arm) {
            case WARM ->
                training.fromDemonstrations(
                        options.model(), demonstrated, amounts.warmEpochs(), LoopTraining.RATE, out, stop);
            case REWARDS -> training.fromRewards(warm, rewarded, amounts.steps(), out, stop);
            case FOUND -> {
                Path rewards = folder(cell, Arm.REWARDS);
                List<Task> known = new ArrayList<>(demonstrated);
                known.addAll(ReinforcementRun.solved(rewards, rewarded, useCase.grader()));
                yield training.fromDemonstrations(
                        rewards.toString(), known, amounts.foundEpochs(), amounts.againRate(), out, stop);
            }
            case AGAIN -> again(training, cell, demonstrated, out, stop);
            case ALL -> again(training, cell, rows, out, stop);
        };
    }

    /** From the warm-up on as many positions as take as long as learning from rewards and from what was found. */
    private Optional<Manifest> again(LoopTraining training, Cell cell, List<Task> tasks, Path out, BooleanSupplier stop)
            throws IOException {
        Path warm = folder(cell, Arm.WARM);
        Manifest before = Manifest.read(warm).orElseThrow();
        double tokensPerRow = before.training().tokens() / before.training().epochs() / before.rows();
        long found =
                Manifest.read(folder(cell, Arm.FOUND)).orElseThrow().training().tokens();
        double epochs = (amounts.steps() * amounts.tokensPerStep() + found) / (tokensPerRow * tasks.size());
        double rounded = Math.round(epochs * 20) / 20.0;
        return training.fromDemonstrations(warm.toString(), tasks, rounded, amounts.againRate(), out, stop);
    }

    private void judge(Cell cell, Arm arm) throws IOException {
        List<Task> test = folds.test(cell.fold());
        List<ModelContender> contenders = new ArrayList<>();
        contenders.add(new ModelContender(arm.contender(), test, 1, useCase::ask, useCase::constrain));
        if (arm == Arm.FOUND) {
            contenders.add(new ModelContender(arm.free(), test, 1, useCase::ask, task -> new Constraint.None()));
        }
        if (arm == Arm.FOUND) {
            contenders.add(new ModelContender(arm.best(), test, 1, useCase::ask, useCase::constrain, Loop.DRAWN));
        }
        panel(cell).ask(folder(cell, arm).toString(), contenders.toArray(ModelContender[]::new));
        if (arm == Arm.WARM && cell.seed() == 1) {
            judgeOthers(cell, test);
        }
    }

    /** Whom no seed moves. */
    private void judgeOthers(Cell cell, List<Task> test) throws IOException {
        List<Task> train = folds.train(cell.fold());
        AnswersFile kept = kept(cell);
        for (Answers floor : useCase.floors(train, test)) {
            kept.write(floor, folds.hash());
        }
        UseCase.Prompted best = useCase.prompted(train).getLast();
        panel(cell)
                .ask(
                        options.model(),
                        new ModelContender(
                                best.name(),
                                test.subList(0, Math.min(PROMPTED_ROWS, test.size())),
                                1,
                                best.ask(),
                                best.constrain()));
    }

    private Result result(Cell cell) throws IOException {
        List<Task> test = folds.test(cell.fold());
        List<Judged> judged = new ArrayList<>();
        for (Answers answers : kept(cell).all()) {
            judged.add(Judged.of(test, answers, useCase.grader()));
        }
        return new Result(cell, judged);
    }

    private ModelPanel panel(Cell cell) {
        return new ModelPanel(MODE, useCase, kept(cell), listener);
    }

    private AnswersFile kept(Cell cell) {
        return new AnswersFile(folder(cell).resolve("answers"));
    }

    private Path folder(Cell cell) {
        return options.out().resolve("fold-%d-seed-%d".formatted(cell.fold(), cell.seed()));
    }

    private Path folder(Cell cell, Arm arm) {
        return folder(cell).resolve(arm.folder());
    }
}
