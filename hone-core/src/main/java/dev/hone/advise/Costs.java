package dev.hone.advise;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * What a use case costs, and would cost with a model of its own, to the cent: each line is worked out exactly, or with 34 digits where it is
 * divided, and rounded once, half up; sums are of rounded lines. The formulas, with a worked table, are in docs/advise.md.
 *
 * @param now of a month, as things are
 * @param machineHours of a month that are paid for
 * @param serving of a month: these hours
 * @param newRows of a month: experts' minutes
 * @param retraining of a month
 * @param quality what better answers save in a month; below 0 where they are worse
 * @param tuned of a month with the tuned model: serving, new rows and retraining
 * @param saving of a month: now − tuned + quality
 * @param trainingHours of one run
 * @param labelling once: rows that are not there yet
 * @param training once: the first runs
 * @param setup once: an engineer
 * @param once all three
 * @param months until what is saved has paid for that, with two digits; null for never
 */
public record Costs(
        BigDecimal now,
        BigDecimal machineHours,
        BigDecimal serving,
        BigDecimal newRows,
        BigDecimal retraining,
        BigDecimal quality,
        BigDecimal tuned,
        BigDecimal saving,
        BigDecimal trainingHours,
        BigDecimal labelling,
        BigDecimal training,
        BigDecimal setup,
        BigDecimal once,
        @Nullable BigDecimal months) {
    /** Of a month: 365 days of 24 hours, by twelve. */
    static final BigDecimal HOURS = BigDecimal.valueOf(730);

    private static final MathContext DIGITS = MathContext.DECIMAL128;
    private static final BigDecimal SECONDS = BigDecimal.valueOf(3600);
    private static final BigDecimal MINUTES = BigDecimal.valueOf(60);

    public static Costs of(Scenario scenario) {
        BigDecimal calls = scenario.get(Input.CALLS);
        BigDecimal now = cents(calls.multiply(scenario.get(Input.PRICE)));
        BigDecimal hours = machineHours(scenario);
        BigDecimal machine = scenario.get(Input.MACHINE_HOUR);
        BigDecimal serving = cents(hours.multiply(machine));
        BigDecimal newRows = labelled(scenario, scenario.get(Input.ROWS_A_MONTH));
        BigDecimal run = trainingHours(scenario);
        BigDecimal retraining =
                cents(run.multiply(scenario.get(Input.RUNS_A_MONTH)).multiply(machine));
        BigDecimal quality = cents(calls.multiply(scenario.get(Input.GAIN)).multiply(scenario.get(Input.WRONG_ANSWER)));
        BigDecimal tuned = serving.add(newRows).add(retraining);
        BigDecimal saving = now.subtract(tuned).add(quality);
        BigDecimal labelling = labelled(
                scenario,
                scenario.get(Input.ROWS)
                        .subtract(scenario.get(Input.ROWS_THERE))
                        .max(BigDecimal.ZERO));
        BigDecimal training = cents(run.multiply(scenario.get(Input.FIRST_RUNS)).multiply(machine));
        BigDecimal setup = cents(scenario.get(Input.SETUP_HOURS).multiply(scenario.get(Input.ENGINEER_HOUR)));
        BigDecimal once = labelling.add(training).add(setup);
        return new Costs(
                now,
                hours,
                serving,
                newRows,
                retraining,
                quality,
                tuned,
                saving,
                run,
                labelling,
                training,
                setup,
                once,
                saving.signum() > 0 ? once.divide(saving, 2, RoundingMode.HALF_UP) : null);
    }

    /** The hours that answering takes, beyond which machines must not be busy; whole machines where these are always on. */
    private static BigDecimal machineHours(Scenario scenario) {
        BigDecimal seconds = scenario.get(Input.PROMPT_TOKENS)
                .divide(scenario.get(Input.PROMPT_TOKENS_PER_SECOND), DIGITS)
                .add(scenario.get(Input.ANSWER_TOKENS).divide(scenario.get(Input.TOKENS_PER_SECOND), DIGITS));
        BigDecimal hours = scenario.get(Input.CALLS)
                .multiply(seconds, DIGITS)
                .divide(SECONDS, DIGITS)
                .divide(scenario.get(Input.BUSY), DIGITS);
        return scenario.alwaysOn()
                ? hours.divide(HOURS, 0, RoundingMode.CEILING)
                        .max(BigDecimal.ONE)
                        .multiply(HOURS)
                : hours;
    }

    private static BigDecimal trainingHours(Scenario scenario) {
        return scenario.get(Input.ROWS)
                .multiply(scenario.get(Input.PROMPT_TOKENS).add(scenario.get(Input.ANSWER_TOKENS)))
                .multiply(scenario.get(Input.EPOCHS))
                .divide(scenario.get(Input.TRAINING_TOKENS_PER_SECOND), DIGITS)
                .divide(SECONDS, DIGITS);
    }

    private static BigDecimal labelled(Scenario scenario, BigDecimal rows) {
        return cents(rows.multiply(scenario.get(Input.MINUTES_PER_ROW))
                .multiply(scenario.get(Input.EXPERT_HOUR))
                .divide(MINUTES, DIGITS));
    }

    private static BigDecimal cents(BigDecimal amount) {
        return amount.setScale(2, RoundingMode.HALF_UP);
    }

    /** How much of what has to be paid once a month pays; 0 where it pays nothing. */
    double rate() {
        if (saving.signum() <= 0) {
            return 0;
        }
        return once.signum() == 0 ? Double.POSITIVE_INFINITY : saving.doubleValue() / once.doubleValue();
    }
}
