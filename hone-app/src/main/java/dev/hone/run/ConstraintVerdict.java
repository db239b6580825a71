package dev.hone.run;

import dev.hone.charter.Charter.Constraints;
import dev.hone.evaluate.Report;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a contender stands to one of its use case's constraints.
 *
 * @param constraint its key in the charter
 * @param limit most that is allowed: the report's currency, or milliseconds
 * @param measured in the same unit
 */
public record ConstraintVerdict(String constraint, double limit, double measured) {
    /** A contender against everything that a charter constrains, in the charter's order; empty when it constrains nothing. */
    public static List<ConstraintVerdict> of(Constraints constraints, Report.Contender contender) {
        List<ConstraintVerdict> verdicts = new ArrayList<>();
        if (constraints.costPerThousand() != null) {
            verdicts.add(new ConstraintVerdict(
                    "cost-per-thousand", constraints.costPerThousand(), contender.costPerThousand()));
        }
        if (constraints.p95() != null) {
            verdicts.add(new ConstraintVerdict("p95", constraints.p95().toNanos() / 1e6, contender.p95Ms()));
        }
        return verdicts;
    }

    /** All contenders against all constraints; empty without any. */
    public static List<Report.Constraint> of(@Nullable Constraints constraints, List<Report.Contender> contenders) {
        if (constraints == null) {
            return List.of();
        }
        return contenders.stream()
                .flatMap(contender -> of(constraints, contender).stream()
                        .map(one -> new Report.Constraint(
                                contender.name(), one.constraint(), one.limit(), one.measured(), one.met())))
                .toList();
    }

    /** Whether it was kept; what was not measured was not kept. */
    public boolean met() {
        return measured <= limit;
    }
}
