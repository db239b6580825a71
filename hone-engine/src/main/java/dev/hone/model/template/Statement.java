package dev.hone.model.template;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a template does in order. Made by {@link Parser}, consumed by {@link Evaluator}. */
sealed interface Statement {
    record Text(String text) implements Statement {}

    record Print(Expression expression) implements Statement {}

    record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

    record Branch(Expression test, List<Statement> body) {}

    record For(
            Target target,
            Expression items,
            @Nullable Expression test,
            List<Statement> body,
            List<Statement> otherwise,
            int line)
            implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    record Assign(Target target, Expression value, int line) implements Statement {}

    record AssignBlock(Target target, List<Expression.FilterCall> filters, List<Statement> body, int line)
            implements Statement {}

    record FilterBlock(List<Expression.FilterCall> filters, List<Statement> body, int line) implements Statement {}

    record With(List<Binding> bindings, List<Statement> body, int line) implements Statement {}

    record Binding(Target target, Expression value) {}

    record Macro(String name, Signature signature, List<Statement> body, int line) implements Statement {}

    record CallBlock(Signature signature, Expression.Call call, List<Statement> body, int line) implements Statement {}

    /** What the assistant wrote: {@code {% generation %}…{% endgeneration %}}. */
    record Generation(List<Statement> body, int line) implements Statement {}

    /**
     * What a macro takes. As in Jinja, more arguments than parameters are taken only where the body speaks of
     * {@code varargs}, other names only where it speaks of {@code kwargs}, and a caller where it speaks of {@code caller}.
     */
    record Signature(List<Parameter> parameters, Set<String> extras) {}

    record Parameter(String name, @Nullable Expression fallback) {}

    /** Where a value is put. */
    sealed interface Target {
        record Variable(String name) implements Target {}

        record Field(String namespace, String name) implements Target {}

        record Unpacked(List<Target> targets) implements Target {}
    }
}
