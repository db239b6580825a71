package dev.hone.run;

import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Judged;
import dev.hone.record.Constraint;
import dev.hone.record.SamplingMode;
import dev.hone.record.Task;
import dev.hone.task.Folds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * One cell of a {@link Study}: its trainings, and what comes of them on the fold's rows. While it is worked on it has a folder with models and
 * answers; what is finished is one file beside that, which is all that the study needs of it: with the file, on whatever machine,
 * nothing is done again.
 */
final class StudyCell {
    private static final SamplingMode MODE = SamplingMode.EXACT;

    /** Rows of a fold that the prompted base model is judged on: its prompts are long. */
    static final int PROMPTED_ROWS = 12;

    private final Study.Begun begun;
    private final Study.Cell cell;
    private final UseCase useCase;
    private final Folds folds;
    private final Path folder;
    private final Path file;
    private final Loop.Listener listener;

    /** @param out the study's folder */
    StudyCell(Study.Begun begun, Study.Cell cell, UseCase useCase, Folds folds, Path out, Loop.Listener listener) {
        this.begun = begun;
        this.cell = cell;
        this.useCase = useCase;
        this.folds = folds;
        this.folder = out.resolve("fold-%d-seed-%d".formatted(cell.fold(), cell.seed()));
        this.file = out.resolve(folder.getFileName() + ".json");
        this.listener = listener;
    }

    /**
     * What is finished: the cell's file.
     *
     * @param begun what the study was begun with
     * @param answers of everybody who was asked, in that order
     * @param trainings in the order of the work
     */
    record Finished(Study.Begun begun, Study.Cell cell, List<Answers> answers, List<Study.Trained> trainings) {
        Finished {
            answers = List.copyOf(answers);
            trainings = List.copyOf(trainings);
        }

        Optional<Manifest> manifest(Study.Arm arm) {
            return trainings.stream()
                    .filter(one -> one.arm() == arm)
                    .map(Study.Trained::manifest)
                    .findFirst();
        }
    }

    /** Empty before the first stage is finished. */
    Optional<Finished> finished() throws IOException {
        Optional<Finished> found = JsonFile.read(file, Finished.class);
        if (found.isPresent()
                && !(found.get().begun().equals(begun) && found.get().cell().equals(cell))) {
            throw new IllegalArgumentException("[%s] is of %s in a study with %s, not of %s in one with %s: remove it"
                    .formatted(file, found.get().cell(), found.get().begun(), cell, begun));
        }
        return found;
    }

    boolean isFinished(Study.Stage stage) throws IOException {
        Optional<Finished> found = finished();
        return found.isPresent()
                && stage.arms().stream()
                        .allMatch(arm -> found.get().manifest(arm).isPresent());
    }

    /** What the contenders' answers are worth. */
    Study.Result result(Finished finished) {
        List<Task> test = folds.test(cell.fold());
        return new Study.Result(
                cell,
                finished.answers().stream()
                        .map(answers -> Judged.of(test, answers, useCase.grader()))
                        .toList());
    }

    /**
     * Trains and judges the arms of a stage, as far as that is not done.
     *
     * @param stop whether to stop at the next step
     * @return whether the stage is finished
     */
    boolean run(Study.Stage stage, BooleanSupplier stop) throws IOException {
        Optional<Finished> before = finished();
        List<Answers> answers = new ArrayList<>();
        List<Study.Trained> trainings = new ArrayList<>();
        before.ifPresent(finished -> {
            answers.addAll(finished.answers());
            trainings.addAll(finished.trainings());
        });
        for (Study.Arm arm : stage.arms()) {
            tell(arm);
            Optional<Manifest> manifest = train(arm, before, stop);
            if (manifest.isEmpty()) {
                return false;
            }
            trainings.add(new Study.Trained(
                    cell,
                    arm,
                    manifest.get(),
                    arm == Study.Arm.REWARDS ? LoopTraining.reinforcement(folder(arm), manifest.get()) : null));
            Optional<List<Answers>> judged = judge(arm, stop);
            if (judged.isEmpty()) {
                return false;
            }
            answers.addAll(judged.get());
        }
        JsonFile.write(file, new Finished(begun, cell, answers, trainings));
        return true;
    }

    private void tell(Study.Arm arm) {
        listener.stage("Fold %d, seed %d: %s".formatted(cell.fold(), cell.seed(), arm.contender()));
    }

    private Optional<Manifest> train(Study.Arm arm, Optional<Finished> before, BooleanSupplier stop)
            throws IOException {
        List<Task> rows = new ArrayList<>(folds.train(cell.fold()));
        Collections.shuffle(rows, new Random(cell.seed()));
        Study.Amounts amounts = begun.amounts();
        int count = (int) Math.round(amounts.demonstrated() * rows.size());
        List<Task> demonstrated = List.copyOf(rows.subList(0, count));
        LoopTraining training = new LoopTraining(useCase, listener, folds.hash(), cell.seed(), begun.precision());
        List<Task> rewarded = rows.subList(count, rows.size());
        Path warm = folder(Study.Arm.WARM);
        Path out = folder(arm);
        return switch (arm) {
            case WARM ->
                training.fromDemonstrations(
                        begun.model(), demonstrated, amounts.warmEpochs(), LoopTraining.RATE, out, stop);
            case REWARDS -> training.fromRewards(warm, rewarded, amounts.steps(), out, stop);
            case FOUND -> {
                Path rewards = folder(Study.Arm.REWARDS);
                List<Task> known = new ArrayList<>(demonstrated);
                known.addAll(ReinforcementRun.solved(rewards, rewarded, useCase.grader()));
                yield training.fromDemonstrations(
                        rewards.toString(), known, amounts.foundEpochs(), amounts.againRate(), out, stop);
            }
            case AGAIN -> again(training, demonstrated, manifest(Study.Arm.FOUND, before), out, stop);
            case ALL -> {
                // Where the cell came as its file, from another machine, the warm-up is the same work again.
                Optional<Manifest> warmed = train(Study.Arm.WARM, before, stop);
                yield warmed.isEmpty() ? warmed : again(training, rows, manifest(Study.Arm.FOUND, before), out, stop);
            }
        };
    }

    private Manifest manifest(Study.Arm arm, Optional<Finished> before) throws IOException {
        Optional<Manifest> known = before.flatMap(finished -> finished.manifest(arm));
        return known.isPresent() ? known.get() : Manifest.read(folder(arm)).orElseThrow();
    }

    /** From the warm-up on as many positions as take as long as learning from rewards and from what was found. */
    private Optional<Manifest> again(
            LoopTraining training, List<Task> tasks, Manifest found, Path out, BooleanSupplier stop)
            throws IOException {
        Path warm = folder(Study.Arm.WARM);
        Manifest before = Manifest.read(warm).orElseThrow();
        double tokensPerRow = before.training().tokens() / before.training().epochs() / before.rows();
        Study.Amounts amounts = begun.amounts();
        long tokens =
                amounts.steps() * amounts.tokensPerStep() + found.training().tokens();
        double epochs = tokens / (tokensPerRow * tasks.size());
        double rounded = Math.round(epochs * 20) / 20.0;
        return training.fromDemonstrations(warm.toString(), tasks, rounded, amounts.againRate(), out, stop);
    }

    private Optional<List<Answers>> judge(Study.Arm arm, BooleanSupplier stop) throws IOException {
        List<Task> test = folds.test(cell.fold());
        List<ModelContender> contenders = new ArrayList<>();
        contenders.add(new ModelContender(arm.contender(), test, 1, useCase::ask, useCase::constrain));
        if (arm == Study.Arm.FOUND) {
            contenders.add(new ModelContender(arm.free(), test, 1, useCase::ask, task -> new Constraint.None()));
            contenders.add(new ModelContender(arm.best(), test, 1, useCase::ask, useCase::constrain, Loop.DRAWN));
        }
        Optional<List<Answers>> answers =
                panel().ask(folder(arm).toString(), stop, contenders.toArray(ModelContender[]::new));
        if (answers.isEmpty() || arm != Study.Arm.WARM || cell.seed() != 1) {
            return answers;
        }
        return judgeOthers(test, stop)
                .map(others ->
                        Stream.concat(answers.get().stream(), others.stream()).toList());
    }

    /** Whom no seed moves. */
    private Optional<List<Answers>> judgeOthers(List<Task> test, BooleanSupplier stop) throws IOException {
        List<Task> train = folds.train(cell.fold());
        List<Answers> floors = useCase.floors(train, test);
        UseCase.Prompted best = useCase.studied(train);
        return panel().ask(
                        begun.model(),
                        stop,
                        new ModelContender(
                                best.name(),
                                test.subList(0, Math.min(PROMPTED_ROWS, test.size())),
                                1,
                                best.ask(),
                                best.constrain()))
                .map(prompted ->
                        Stream.concat(floors.stream(), prompted.stream()).toList());
    }

    private ModelPanel panel() {
        return new ModelPanel(MODE, useCase, new AnswersFile(folder.resolve("answers")), listener);
    }

    private Path folder(Study.Arm arm) {
        return folder.resolve(arm.name().toLowerCase(Locale.ROOT));
    }
}
