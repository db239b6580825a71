package dev.hone.run;

import dev.hone.evaluate.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@link ModelCard} as Markdown. What others wrote is text in it, whatever it is. */
public final class CardText {
    private static final String UNKNOWN = "not known";

    private final StringBuilder text = new StringBuilder();

    private CardText() {}

    public static String of(ModelCard card) {
        CardText text = new CardText();
        text.write(card);
        return text.text.toString();
    }

    private void write(ModelCard card) {
        line("# " + plain(card.version()));
        line("");
        fact("use case", plain(card.useCase()));
        fact("job", said(card.job()));
        fact("owner", said(card.owner()));
        fact("what is right", card.good() == null ? UNKNOWN : "by a grader of the kind " + plain(card.good()));
        fact("made", plain(card.created()));
        fact("files (SHA-256)", plain(card.artifact()));
        fact("aliases", card.aliases().isEmpty() ? "none" : plain(String.join(", ", card.aliases())));
        card.forgotten().forEach(sentence -> fact("**saw forgotten rows**", plain(sentence)));
        heading("Base model");
        fact("model", plain(card.base().model()));
        fact(
                "weights (SHA-256)",
                card.base().weights().isEmpty() ? UNKNOWN : plain(card.base().weights()));
        fact("licence", said(card.base().licence()));
        data(card.data());
        training(card.training());
        evaluations(card.evaluations());
        gates(card.verdicts());
        limits(card);
        heading("Lineage");
        fact("began with", card.parents().isEmpty() ? "the base model" : plain(String.join(", then ", card.parents())));
        fact("went on as", card.children().isEmpty() ? "nothing so far" : plain(String.join(", ", card.children())));
        for (ModelCard.Pointed pointed : card.pointed()) {
            fact(
                    "alias " + plain(pointed.alias()),
                    "from %s to %s, by %s"
                            .formatted(
                                    plain(pointed.from()),
                                    pointed.to() == null ? "now" : plain(pointed.to()),
                                    plain(pointed.who())));
        }
    }

    private void data(ModelCard.Data data) {
        heading("Data");
        fact("dataset", data.dataset() == null ? "none of the store's" : plain(data.dataset()));
        fact("hash as the run has it", plain(data.hash()));
        fact("examples learned from", Integer.toString(data.examples()));
        if (data.train() != null) {
            fact(
                    "rows now",
                    "%d to learn from, %d to choose by, %d to judge by"
                            .formatted(data.train(), data.validation(), data.test()));
        }
        if (data.rebuilt() != null) {
            fact("rebuilt without forgotten rows as", plain(data.rebuilt()));
        }
    }

    private void training(ModelCard.Training training) {
        heading("Training");
        fact("finished", plain(training.finished()));
        values("setting", training.settings());
        values("figure", training.figures());
        values("computed with", training.versions());
    }

    private void values(String what, Map<String, String> values) {
        values.forEach((name, value) -> fact("%s %s".formatted(what, plain(name)), plain(value)));
    }

    private void evaluations(List<ModelCard.Evaluated> evaluations) {
        heading("Evaluations");
        if (evaluations.isEmpty()) {
            line("It was never judged.");
        }
        for (ModelCard.Evaluated one : evaluations) {
            fact(
                    "report",
                    "%s of %s, on data %s, grader %s"
                            .formatted(
                                    plain(one.report()),
                                    plain(one.created()),
                                    plain(one.dataHash()),
                                    said(one.grader())));
            if (one.contender() == null) {
                fact("  which contender it is", UNKNOWN);
            } else {
                fact("  called there", plain(one.contender()));
                fact(
                        "  right",
                        one.quality() == null ? UNKNOWN : "%s %% of %d".formatted(share(one.quality()), one.rows()));
                fact("  price of 1,000 requests", number(one.costPerThousand()));
                fact("  95 of 100 requests within, ms", number(one.p95Ms()));
                one.comparisons()
                        .forEach(compared -> fact(
                                "  less " + plain(compared.other()),
                                "%s points on %d tasks".formatted(points(compared.difference()), compared.rows())));
            }
        }
    }

    private void gates(List<ModelCard.Gated> verdicts) {
        heading("Gates");
        if (verdicts.isEmpty()) {
            line("They were not asked.");
        }
        for (ModelCard.Gated verdict : verdicts) {
            boolean forced = verdict.passed() && verdict.forced() != null;
            fact(
                    verdict.passed() && !forced ? verdict.word() : "**%s**".formatted(verdict.word()),
                    "%s, %s by %s"
                            .formatted(plain(verdict.created()), forced ? "let past" : "asked", plain(verdict.who())));
            if (forced) {
                fact("  why", said(verdict.forced()));
            }
            verdict.lines()
                    .forEach(line -> fact(
                            "  %s: %s".formatted(plain(line.gate()), plain(line.state())), plain(line.sentence())));
        }
    }

    private void limits(ModelCard card) {
        heading("Known limits");
        if (card.limits().isEmpty()) {
            line(
                    card.evaluations().isEmpty()
                            ? "Not known: it was never judged."
                            : "No slice of the newest evaluation is shown to be worse than the whole; slices that it does not tell apart are not known.");
        }
        card.limits()
                .forEach(limit -> fact(
                        plain(limit.slice()),
                        "%s %% of %d right, where the whole is %.1f %%"
                                .formatted(share(limit.quality()), limit.rows(), 100 * limit.whole())));
    }

    private void heading(String heading) {
        line("");
        line("## " + heading);
        line("");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /** A name that begins with two blanks stands below the one before. */
    private void fact(String name, String value) {
        String indent = name.startsWith("  ") ? "  " : "";
        line("%s- %s: %s".formatted(indent, name.strip(), value));
    }

    private static String said(@Nullable String value) {
        return value == null || value.isBlank() ? UNKNOWN : plain(value);
    }

    private static String number(@Nullable Double value) {
        return value == null ? UNKNOWN : String.format(Locale.ROOT, "%.4g", value);
    }

    private static String share(Interval share) {
        return String.format(
                Locale.ROOT, "%.1f (%.1f to %.1f)", 100 * share.value(), 100 * share.low(), 100 * share.high());
    }

    private static String points(Interval difference) {
        return String.format(
                Locale.ROOT,
                "%+.1f (%+.1f to %+.1f)",
                100 * difference.value(),
                100 * difference.low(),
                100 * difference.high());
    }

    /** Without what Markdown would make something of. */
    static String plain(String text) {
        List<String> letters = new ArrayList<>();
        text.codePoints().forEach(letter -> {
            String one = Character.toString(letter);
            letters.add(
                    Character.isISOControl(letter)
                            ? " "
                            : "\\`*_{}[]<>()#+!|~&".contains(one) && !Character.isLetterOrDigit(letter)
                                    ? "\\" + one
                                    : one);
        });
        return String.join("", letters);
    }
}
