package dev.hone.cli;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import dev.hone.run.CallUseCase;
import dev.hone.run.ExampleCharter;
import dev.hone.run.LabelUseCase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code hone demo} is told: about what, how much, and where to. */
final class DemoOptions {
    enum Example {
        ACTIONS,
        TRIAGE
    }

    @Option(
            names = "--use-case",
            description =
                    "actions: a sentence becomes a call. triage: a vulnerability's description becomes its class of"
                            + " weakness, with classic contenders (default actions).")
    @Nullable
    Example example;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description =
                    "Your own use case: one JSON object a line, as hone import reads it. What its answers are (calls of"
                            + " tools, labels, numbers or texts) is told by looking at them.")
    @Nullable
    Path data;

    @Option(
            names = "--response",
            paramLabel = "COLUMN",
            description = "Column of --data with what production answered: it becomes a contender (default response).")
    @Nullable
    String response;

    @Option(
            names = "--charter",
            paramLabel = "FILE",
            description =
                    "What the use case is for (docs/charter.md): its grader judges --data, and report and verdict say who"
                            + " keeps its constraints (default: of an example its own, from use-cases).")
    @Nullable
    Path charterFile;

    @Mixin
    IncumbentOptions incumbent = new IncumbentOptions();

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description =
                    "Time to fill after the downloads: how much is trained and judged follows from it and from the"
                            + " machine (default 20).")
    @Nullable
    Double minutes;

    @Option(names = "--quick", description = "The same as --minutes 5: little training, wide intervals.")
    boolean quick;

    @Option(
            names = "--show",
            paramLabel = "N",
            description =
                    "Where answers are calls: let the model see the N nearest of its demonstrations before each question, in"
                            + " training and afterwards (default 0).")
    int shown;

    @Option(names = "--seed", description = "Of adapters, order and drawn answers (default 1).")
    @Nullable
    Long seed;

    @Option(names = "--fold", description = "Which of the five folds is judged, 0 to 4 (default 0).")
    @Nullable
    Integer fold;

    @Option(
            names = "--folds",
            paramLabel = "N",
            description =
                    "Judge the first N of the five folds, and report over all of their rows (hours). Where there are"
                            + " rewards, as the study of what they add: a quarter of the rows demonstrated, the others rewarded, at"
                            + " equal compute.")
    @Nullable
    Integer folds;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "Seeds that the study judges its first fold with (default 1).")
    @Nullable
    Integer seeds;

    @Option(
            names = "--loop",
            description =
                    "Turn the wheel once around a real gateway: simulated users ask for tools never seen before, which is"
                            + " noticed, labelled, trained, gated and rolled out; then a bad version is caught. With --quick a toy job"
                            + " of a tiny model, in some minutes (docs/loop.md).")
    boolean loop;

    @Mixin
    ModelOption base = new ModelOption();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of the model and the report (default hone-demo; with --use-case triage"
                    + " hone-demo-triage, with --data hone-demo- and its name, with --loop hone-demo-loop; each"
                    + " with -quick after --quick and -study after --folds).")
    @Nullable
    Path folder;

    @Option(names = "--no-store", description = "Leave the trained models in their folders alone.")
    boolean withoutStore;

    @Option(
            names = "--price",
            paramLabel = "CORE-HOUR",
            description =
                    "Price of a core-hour, for the cost of a request (default: of --prices, half of the hour of a machine with"
                            + " two cores: 0.05).")
    @Nullable
    Double price;

    @Option(
            names = "--prices",
            paramLabel = "FILE",
            description =
                    "Dated prices over those that come with Hone, as hone advise takes them (docs/advise.md): of machines, and"
                            + " of models by name for --incumbent.")
    @Nullable
    Path prices;

    @Option(names = "--json", description = "Print the report as one JSON object last (docs/report.md).")
    boolean json;

    /** Of the examples that need no data of one's own. */
    Example example() {
        return example == null ? Example.ACTIONS : example;
    }

    /** The column with what production answered. */
    String response() {
        return response == null ? "response" : response;
    }

    /** The one that was given, or an example's own; null for data of one's own without. */
    @Nullable
    Charter charter() throws IOException {
        if (charterFile != null) {
            return CharterReader.read(charterFile);
        }
        return data != null
                ? null
                : ExampleCharter.of(
                        switch (example()) {
                            case ACTIONS -> CallUseCase.ASSISTANT_ACTIONS;
                            case TRIAGE -> LabelUseCase.VULNERABILITY_TRIAGE;
                        });
    }

    /** The file's, as far as it can be a name. */
    static String name(Path file) {
        String name = String.valueOf(file.getFileName())
                .replaceFirst("\\.[^.]*$", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        return name.isEmpty() ? "own" : name;
    }

    /** @throws IllegalArgumentException when some exclude each other, or cannot be */
    void require() {
        if (loop
                && (data != null
                        || example != null
                        || charterFile != null
                        || minutes != null
                        || fold != null
                        || folds != null
                        || seeds != null
                        || shown != 0)) {
            throw new IllegalArgumentException(
                    "--loop is a story of its own: give --quick, --seed, --out and --json alone");
        }
        if (data != null && example != null) {
            throw new IllegalArgumentException("--data is a use case of its own: leave out --use-case");
        }
        if (data == null && response != null) {
            throw new IllegalArgumentException("--response is a column of --data: give both");
        }
        if (fold != null && (fold < 0 || fold > 4)) {
            throw new IllegalArgumentException("--fold must be 0 to 4, not [" + fold + "]");
        }
        if (price != null && !(price >= 0 && price < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("--price must be 0 or more, not [" + price + "]");
        }
        if (minutes != null && quick) {
            throw new IllegalArgumentException("--quick and --minutes exclude each other: --quick is --minutes 5");
        }
        if (shown != 0 && seeds != null) {
            throw new IllegalArgumentException(
                    "--seeds is of the study, which shows no examples: leave out --show, or give --folds alone");
        }
        if ((folds != null || seeds != null) && fold != null) {
            throw new IllegalArgumentException(
                    "--folds and --seeds judge the first folds, --fold one of them: give either");
        }
    }

    /** The folder of the model and the report. */
    Path out() {
        String use = data != null ? "-" + name(data) : example() == Example.TRIAGE ? "-triage" : "";
        if (loop) {
            use = "-loop";
        }
        String how = quick ? "-quick" : folds != null || seeds != null ? "-study" : "";
        return folder != null ? folder : Path.of("hone-demo" + use + how);
    }

    /** Time to fill. */
    Duration budget() {
        double wanted = minutes != null ? minutes : quick ? 5 : 20;
        if (!(wanted >= 1 && wanted <= 24 * 60)) {
            throw new IllegalArgumentException("--minutes must be 1 to 1440, not [" + wanted + "]");
        }
        return Duration.ofSeconds(Math.round(60 * wanted));
    }
}
