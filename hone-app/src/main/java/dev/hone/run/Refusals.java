package dev.hone.run;

import dev.hone.record.Constraint;
import dev.hone.record.Task;
import dev.hone.schema.Grammar;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Why the decoder would not let a right answer be written: where the data accept what their own schemas do not, whoever answers under these cannot be right.
 * Each constraint is read once.
 */
public final class Refusals implements Function<Task, Optional<String>> {
    private final Function<Task, Constraint> constrain;
    private final Function<Task, String> answer;
    private final Map<Constraint, Optional<Grammar>> grammars = new HashMap<>();

    /**
     * @param constrain what an answer may be
     * @param answer the right one, as a model is taught to write it
     */
    Refusals(Function<Task, Constraint> constrain, Function<Task, String> answer) {
        this.constrain = constrain;
        this.answer = answer;
    }

    /** Of a use case. */
    public static Refusals of(UseCase useCase) {
        return new Refusals(
                useCase::constrain,
                task -> useCase.demonstrate(task).messages().getLast().content());
    }

    /** @throws dev.hone.schema.SchemaException when the constraint itself cannot be followed */
    @Override
    public Optional<String> apply(Task task) {
        return grammars.computeIfAbsent(constrain.apply(task), Refusals::grammar)
                .flatMap(grammar -> grammar.refusal(answer.apply(task)));
    }

    private static Optional<Grammar> grammar(Constraint constraint) {
        return switch (constraint) {
            case Constraint.None() -> Optional.empty();
            case Constraint.Schema(String schema) -> Optional.of(Grammar.ofSchema(schema));
            case Constraint.Call(var tools) -> Optional.of(Grammar.ofCalls(tools));
        };
    }
}
