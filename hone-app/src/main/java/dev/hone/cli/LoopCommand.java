package dev.hone.cli;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.charter.LoopRules;
import dev.hone.loop.Ended;
import dev.hone.loop.LoopWiring;
import dev.hone.loop.Results;
import dev.hone.loop.RoundFolder;
import dev.hone.loop.RoundStep;
import dev.hone.loop.Rounds;
import dev.hone.promote.GateOutlook;
import dev.hone.record.UseCaseName;
import dev.hone.store.Database;
import dev.hone.store.Loops;
import dev.hone.train.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hone loop}: a round from labels to a version that waits for its first calls. */
@Command(
        name = "loop",
        mixinStandardHelpOptions = true,
        description = {
            "Turn the wheel once: what experts labelled becomes a dataset, a model, a version; that is judged beside the"
                    + " live one, held against the gates of the charter, and rolled out by hone serve (docs/loop.md).",
            "Run again after an interruption, it goes on where it was. One round of a use case runs at a time."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  hone loop support --dry-run",
            "  hone loop support --why \"three new queues\"",
            "  hone loop support --from base --epochs 5 --no-rollout --json",
            "  hone loop support --abandon",
            "  hone loop support --abandon --yes",
            "",
            "Exit code 1: the version did not pass its gates, or what the round was begun with is gone, and it ended there."
        })
final class LoopCommand implements Callable<Integer> {
    private static final int NOT_PASSED = 1;

    @Parameters(paramLabel = "USE_CASE", description = "Whose labels.")
    private String useCase = "";

    @Mixin
    private ProjectOption project = new ProjectOption();

    @Option(
            names = "--use-cases",
            defaultValue = "use-cases",
            paramLabel = "FOLDER",
            description = "Where its charter is (default ${DEFAULT-VALUE}).")
    private Path useCases = Path.of("use-cases");

    @Option(names = "--why", paramLabel = "TEXT", description = "Kept with the round (default: by hand).")
    private @Nullable String why;

    @Option(
            names = "--unattended",
            description =
                    "As hone serve begins it: only where the charter allows it, and not before the cool-down is over.")
    private boolean unattended;

    @Option(
            names = "--from",
            split = ",",
            paramLabel = "base|live",
            description =
                    "What is trained from, instead of what the charter says; both, by a comma, for the better one.")
    private List<LoopRules.Start> from = List.of();

    @Option(names = "--model", paramLabel = "NAME|PATH", description = "The base model, instead of the charter's.")
    private @Nullable String model;

    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the tasks, instead of the charter's.")
    private @Nullable Double epochs;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Of adapters, order and chance (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--precision",
            description = "fp32 or bf16, of products with frozen weights (default: the faster here).")
    private @Nullable Precision precision;

    @Option(
            names = "--price",
            paramLabel = "CORE-HOUR",
            description = "Price of a core-hour, for the cost of a request, instead of the charter's.")
    private @Nullable Double price;

    @Option(
            names = "--again",
            description =
                    "Begin also where nothing was labelled since the last dataset that a version learned from: the same"
                            + " is learned from anew.")
    private boolean again;

    @Option(names = "--no-rollout", description = "End when the version has passed its gates.")
    private boolean withoutRollout;

    @Option(names = "--dry-run", description = "Say what a round would do, and do nothing.")
    private boolean dryRun;

    @Option(names = "--abandon", description = "Give up the round that was interrupted; what it made stays.")
    private boolean abandon;

    @Option(
            names = "--yes",
            description = "With --abandon: also a round whose files are not here, as where its machine is gone.")
    private boolean yes;

    @Option(names = "--json", description = "Print one JSON object last (docs/cli.md).")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        UseCaseName.require(useCase);
        requireOptions();
        Charter charter = charter();
        try (Database database = Store.open()) {
            Rounds rounds = LoopWiring.rounds(database, Store.home(), charter, project.name());
            if (abandon) {
                return abandon(rounds);
            }
            Rounds.Order order = order(charter);
            if (dryRun) {
                return dryRun(rounds, order, charter);
            }
            if (unattended && !charter.loop().unattended()) {
                throw new IllegalArgumentException(
                        "The charter of [%s] lets nobody but a person begin a round: write [unattended: true] under [loop], or leave --unattended out"
                                .formatted(useCase));
            }
            Rounds.Result result;
            try (Interruption interruption = new Interruption()) {
                result = rounds.run(order, new RoundProgress(before(rounds, database)), interruption::requested);
            }
            return told(result);
        }
    }

    private void requireOptions() {
        if (abandon && dryRun) {
            throw new IllegalArgumentException("--abandon and --dry-run exclude each other");
        }
        if (yes && !abandon) {
            throw new IllegalArgumentException("--yes belongs to --abandon: leave it out");
        }
        if (price != null && !(price >= 0 && price < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("--price must be 0 or more, not [" + price + "]");
        }
        if (epochs != null && !(epochs > 0 && epochs <= 100)) {
            throw new IllegalArgumentException("--epochs must be above 0 and at most 100, not [" + epochs + "]");
        }
        if (why != null && why.isBlank()) {
            throw new IllegalArgumentException("--why is empty: say why, or leave it out");
        }
    }

    private Charter charter() throws IOException {
        Path file = Files.isRegularFile(useCases) ? useCases : useCases.resolve(useCase + CharterReader.END);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "There is no charter [%s]: a loop needs what is good, and the gates; write it (docs/charter.md), or name its folder by --use-cases"
                            .formatted(file));
        }
        return CharterReader.read(file);
    }

    private Rounds.Order order(Charter charter) {
        LoopRules rules = charter.loop();
        return new Rounds.Order(
                why == null ? "by hand" : why,
                unattended ? LoopWiring.SERVE : ModelsCommand.who(),
                !unattended,
                again,
                seed,
                LoopWiring.coolDown(charter),
                new LoopRules(
                        rules.unattended(),
                        from.isEmpty() ? rules.from() : from,
                        model == null ? rules.model() : model,
                        epochs == null ? rules.epochs() : epochs,
                        rules.rate(),
                        rules.replay(),
                        rules.leastTasks(),
                        rules.hours(),
                        rules.judge(),
                        price == null ? rules.coreHour() : price),
                precision,
                !withoutRollout);
    }

    private static Map<RoundStep, Double> before(Rounds rounds, Database database) {
        Map<RoundStep, Double> before = new EnumMap<>(RoundStep.class);
        rounds.lastFinished()
                .ifPresent(last -> new Loops(database).steps(last.id()).forEach(done -> {
                    for (RoundStep step : RoundStep.values()) {
                        if (step.word().equals(done.step())) {
                            before.put(step, done.seconds());
                        }
                    }
                }));
        return before;
    }

    private int dryRun(Rounds rounds, Rounds.Order order, Charter charter) throws IOException {
        Optional<RoundFolder> unfinished = rounds.unfinished();
        Results.DatasetMade plan = null;
        String obstacle = null;
        List<String> warnings = List.of();
        if (unfinished.isEmpty()) {
            try {
                Rounds.Preview preview = rounds.preview(order);
                plan = preview.made();
                warnings = warnings(preview.outlook());
                rounds.require(order, preview);
            } catch (IllegalArgumentException e) {
                obstacle = e.getMessage();
            }
        }
        if (json) {
            Json.print(new LoopView(
                    1,
                    "dry-run",
                    useCase,
                    unfinished.map(round -> round.path().toString()).orElse(null),
                    unfinished.isPresent(),
                    null,
                    null,
                    null,
                    List.of(),
                    plan,
                    obstacle,
                    warnings));
            return 0;
        }
        if (unfinished.isPresent()) {
            System.out.printf(
                    "would go on with the round in %s, which is done up to %s%n",
                    unfinished.get().path(), upTo(unfinished.get()));
            return 0;
        }
        if (plan != null) {
            System.out.println("dataset:  " + RoundProgress.words(plan));
        }
        if (obstacle != null) {
            System.out.println("would not begin: " + obstacle);
            return 0;
        }
        LoopRules rules = order.rules();
        System.out.printf(
                "training: from %s, %s epochs, base model %s; the best on the validation split becomes a version%n",
                rules.from(), rules.epochs(), rules.model());
        System.out.printf(
                "judged:   beside %s, then by the gates of %s%n",
                rounds.liveReference().orElse("what production answered, since no version is live"), charter.name());
        warnings.forEach(warning -> System.out.println("warning:  " + warning));
        System.out.println(withoutRollout ? "rollout:  none" : "rollout:  asked for, when the gates are passed");
        double seconds = rounds.lastFinished().map(Loops.Round::seconds).orElse(0.0);
        System.out.println(
                seconds > 0
                        ? "time:     the last round took " + Progress.format(Math.round(seconds * 1e9))
                        : "time:     not known before the first round; hone train --dry-run measures this machine");
        return 0;
    }

    /** Where a rollout is asked for, what cannot be passed is no warning: the round does not begin. */
    private List<String> warnings(GateOutlook outlook) {
        List<String> warnings = new ArrayList<>(withoutRollout ? outlook.impossible() : List.of());
        warnings.addAll(outlook.unlikely());
        return warnings;
    }

    private static String upTo(RoundFolder round) throws IOException {
        String done = "nothing";
        for (RoundStep step : RoundStep.values()) {
            if (round.finished(step).isPresent()) {
                done = step.title();
            }
        }
        return done;
    }

    private int abandon(Rounds rounds) throws IOException {
        Optional<RoundFolder> here = rounds.abandon(ModelsCommand.who());
        if (here.isPresent()) {
            String folder = here.get().path().toString();
            return abandoned("abandoned", folder, "given up: " + folder);
        }
        Optional<Loops.Round> elsewhere = yes ? rounds.abandonElsewhere(ModelsCommand.who()) : rounds.elsewhere();
        if (elsewhere.isEmpty()) {
            return abandoned("abandoned", null, "there is no round of [%s] that was interrupted".formatted(useCase));
        }
        Loops.Round round = elsewhere.get();
        if (yes) {
            return abandoned("abandoned", round.home(), "given up: %s, which is not here".formatted(round.home()));
        }
        return abandoned(
                "elsewhere",
                round.home(),
                "A round goes on since [%s], begun by [%s], and its files are not here: they belong in [%s]. Give it up there, or where that is gone by --abandon --yes; whoever works on it then stops before the next step"
                        .formatted(round.begun(), round.who(), round.home()));
    }

    private int abandoned(String status, @Nullable String folder, String sentence) {
        if (json) {
            Json.print(new LoopView(
                    1, status, useCase, folder, false, null, sentence, null, List.of(), null, null, List.of()));
        } else {
            System.out.println(sentence);
        }
        return 0;
    }

    private int told(Rounds.Result result) throws IOException {
        Ended ended = result.ended();
        List<LoopView.Step> steps = new ArrayList<>();
        for (RoundStep step : RoundStep.values()) {
            result.round()
                    .finished(step)
                    .ifPresent(done -> steps.add(new LoopView.Step(step.word(), done.seconds(), done.result())));
        }
        String version = ended == null || ended.version() == null ? null : useCase + "/" + ended.version();
        if (json) {
            Json.print(new LoopView(
                    1,
                    ended == null ? "stopped" : "finished",
                    useCase,
                    result.round().path().toString(),
                    result.resumed(),
                    ended == null ? null : ended.outcome().word(),
                    ended == null ? null : ended.reason(),
                    version,
                    steps,
                    null,
                    null,
                    List.of()));
        } else if (ended == null) {
            RoundStep at = result.stoppedAt();
            System.out.printf(
                    "stopped before the end of [%s]; hone loop %s goes on%n", at == null ? "" : at.title(), useCase);
        } else {
            System.out.println(
                    switch (ended.outcome()) {
                        case ROLLOUT ->
                            "%s passed, and waits for its first calls: hone serve rolls it out".formatted(version);
                        case PASSED -> "%s passed; no rollout was asked for".formatted(version);
                        case NOT_PASSED -> "ended without a rollout: " + ended.reason();
                        case ABANDONED -> "could not be gone on with: " + ended.reason();
                    });
        }
        return ended == null
                ? 0
                : switch (ended.outcome()) {
                    case ROLLOUT, PASSED -> 0;
                    case NOT_PASSED, ABANDONED -> NOT_PASSED;
                };
    }
}
