package dev.hone.loop;

import dev.hone.charter.LoopRules.Start;
import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Judged;
import dev.hone.loop.Results.Arm;
import dev.hone.loop.Results.Trained;
import dev.hone.record.Grader.Grade;
import dev.hone.record.Split;
import dev.hone.record.Task;
import dev.hone.run.AnswersFile;
import dev.hone.run.LoopTraining;
import dev.hone.run.Manifest;
import dev.hone.run.ModelContender;
import dev.hone.run.ModelPanel;
import dev.hone.run.UseCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Trains from the base model, which learns all tasks, and from the live version, which learns the new ones and some of those that it knows, so that it
 * keeps them; the one that answers the validation split better is chosen.
 */
final class TrainingStep {
    private final Begun begun;
    private final RoundFolder folder;
    private final RoundTasks tasks;
    private final int drawn;
    private final RoundListener listener;

    /** @param drawn answers of which the most probable counts, as the version would be served; 0 for the greedy one */
    TrainingStep(Begun begun, RoundFolder folder, RoundTasks tasks, int drawn, RoundListener listener) {
        this.begun = begun;
        this.folder = folder;
        this.tasks = tasks;
        this.drawn = drawn;
        this.listener = listener;
    }

    /** Where the model of a training is. @param from as {@link Arm#from} */
    static Path model(RoundFolder folder, String from) {
        return folder.file("model-" + from);
    }

    /**
     * Trains and chooses, or goes on where an interrupted attempt was.
     *
     * @param live the files of the live version; null where none is
     * @return nothing when stopped
     */
    Optional<Trained> run(@Nullable Path live, BooleanSupplier stop) throws IOException {
        List<Arm> arms = new ArrayList<>();
        for (Start start : begun.from()) {
            String name = start.name().toLowerCase(Locale.ROOT);
            String model = switch (start) {
                case BASE -> begun.model();
                case LIVE -> live == null ? "" : live.toString();
            };
            if (model.isEmpty()) {
                continue;
            }
            Optional<Arm> arm = arm(name, model, rows(start), stop);
            if (arm.isEmpty()) {
                return Optional.empty();
            }
            arms.add(arm.get());
        }
        Arm best = arms.getFirst();
        for (Arm arm : arms) {
            if (arm.quality() > best.quality()) {
                best = arm;
            }
        }
        return Optional.of(new Trained(arms, best.from()));
    }

    /** All tasks of the training split; from the live version the new ones, and of the others as many as are replayed for each of these. */
    private List<Task> rows(Start start) {
        List<Task> all = tasks.of(Split.TRAIN);
        List<Task> fresh = all.stream().filter(task -> !tasks.isEarlier(task)).toList();
        return switch (start) {
            case BASE -> all;
            case LIVE -> {
                if (fresh.isEmpty()) {
                    yield all;
                }
                List<Task> known =
                        new ArrayList<>(all.stream().filter(tasks::isEarlier).toList());
                Collections.shuffle(known, new Random(begun.seed()));
                long count = Math.min(known.size(), Math.round(begun.replay() * fresh.size()));
                Set<Task> chosen = new HashSet<>(fresh);
                chosen.addAll(known.subList(0, (int) count));
                yield all.stream().filter(chosen::contains).toList();
            }
        };
    }

    private Optional<Arm> arm(String name, String model, List<Task> rows, BooleanSupplier stop) throws IOException {
        UseCase useCase = tasks.useCase();
        listener.stage("Training from %s on %d tasks".formatted(name, rows.size()));
        Path out = model(folder, name);
        Optional<Manifest> manifest = new LoopTraining(useCase, listener, tasks.hash(), begun.seed(), begun.precision())
                .fromDemonstrations(model, rows, begun.epochs(), begun.rate(), out, stop);
        if (manifest.isEmpty()) {
            return Optional.empty();
        }
        List<Task> validation = tasks.of(Split.VALIDATION);
        Optional<Double> quality = validation.isEmpty() ? Optional.of(0.0) : quality(name, out, validation, stop);
        return quality.map(value -> {
            Manifest.Training training = manifest.get().training();
            return new Arm(
                    name,
                    rows.size(),
                    (int) rows.stream().filter(tasks::isEarlier).count(),
                    training.steps(),
                    training.finalLoss(),
                    training.wallSeconds(),
                    value);
        });
    }

    private Optional<Double> quality(String name, Path model, List<Task> validation, BooleanSupplier stop)
            throws IOException {
        UseCase useCase = tasks.useCase();
        ModelPanel panel =
                new ModelPanel(begun.mode(), useCase, new AnswersFile(folder.file("answers-validation")), listener);
        Optional<List<Answers>> answers = panel.ask(
                model.toString(),
                stop,
                new ModelContender(name, validation, 0, useCase::ask, useCase::constrain, drawn));
        return answers.map(given -> Judged.of(validation, given.getFirst(), useCase.grader()).grades().stream()
                .mapToDouble(Grade::score)
                .average()
                .orElse(0));
    }
}
