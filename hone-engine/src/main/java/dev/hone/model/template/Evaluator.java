package dev.hone.model.template;

import dev.hone.model.template.Expression.FilterCall;
import dev.hone.model.template.Statement.Binding;
import dev.hone.model.template.Statement.Branch;
import dev.hone.model.template.Statement.Parameter;
import dev.hone.model.template.Statement.Signature;
import dev.hone.model.template.Statement.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Executes the statements of a template: one render, one thread. */
final class Evaluator {
    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    private final Budget budget;
    private final Operators operators;
    private final Expressions expressions;
    private final Output root;
    private final List<Rendered.Span> generated = new ArrayList<>();
    private boolean generatedElsewhere;

    Evaluator(Budget budget) {
        this.budget = budget;
        this.operators = new Operators(budget);
        this.expressions = new Expressions(budget, operators);
        this.root = budget.output();
    }

    int line() {
        return expressions.line();
    }

    Rendered render(List<Statement> template, Map<String, Value> globals, Map<String, Value> variables) {
        Map<String, Value> names = new LinkedHashMap<>(globals);
        names.putAll(variables);
        execute(template, new Scope(names).inner(), root);
        return new Rendered(root.toString(), generated, generatedElsewhere);
    }

    private Flow execute(List<Statement> statements, Scope scope, Output output) {
        for (Statement statement : statements) {
            Flow flow = execute(statement, scope, output);
            if (flow != Flow.ON) {
                return flow;
            }
        }
        return Flow.ON;
    }

    private Flow execute(Statement statement, Scope scope, Output output) {
        budget.spend(1);
        switch (statement) {
            case Statement.Text text -> output.append(text.text());
            case Statement.Print print ->
                output.append(PythonText.str(expressions.evaluate(print.expression(), scope), budget));
            case Statement.If conditional -> {
                return execute(chosen(conditional, scope), scope, output);
            }
            case Statement.For loop -> loop(loop, scope, output);
            case Statement.Break ignored -> {
                return Flow.BREAK;
            }
            case Statement.Continue ignored -> {
                return Flow.CONTINUE;
            }
            case Statement.Assign assign -> {
                Value value = expressions.evaluate(assign.value(), scope);
                expressions.at(assign.line());
                assign(assign.target(), value, scope);
            }
            case Statement.AssignBlock block ->
                assign(block.target(), captured(block.body(), block.filters(), scope), scope);
            case Statement.FilterBlock block ->
                output.append(PythonText.str(captured(block.body(), block.filters(), scope), budget));
            case Statement.With with -> {
                Scope inner = scope.inner();
                for (Binding binding : with.bindings()) {
                    assign(binding.target(), expressions.evaluate(binding.value(), scope), inner);
                }
                return execute(with.body(), inner, output);
            }
            case Statement.Macro macro ->
                scope.set(macro.name(), macro(macro.name(), macro.signature(), macro.body(), scope));
            case Statement.CallBlock block -> {
                Value caller = macro("caller", block.signature(), block.body(), scope);
                Value result = expressions.call(block.call(), Map.of("caller", caller), scope);
                output.append(PythonText.str(result, budget));
            }
            case Statement.Generation generation -> {
                int start = output.length();
                execute(generation.body(), scope.inner(), output);
                if (output == root) {
                    generated.add(new Rendered.Span(start, output.length()));
                } else {
                    generatedElsewhere = true;
                }
            }
        }
        return Flow.ON;
    }

    private List<Statement> chosen(Statement.If conditional, Scope scope) {
        for (Branch branch : conditional.branches()) {
            if (expressions.evaluate(branch.test(), scope).truth()) {
                return branch.body();
            }
        }
        return conditional.otherwise();
    }

    private void loop(Statement.For loop, Scope scope, Output output) {
        List<Value> items = expressions.evaluate(loop.items(), scope).iterated();
        if (loop.test() != null) {
            List<Value> kept = new ArrayList<>();
            for (Value item : items) {
                Scope inner = scope.inner();
                assign(loop.target(), item, inner);
                if (expressions.evaluate(loop.test(), inner).truth()) {
                    kept.add(item);
                }
            }
            items = kept;
        }
        LoopState state = new LoopState(items, operators);
        Value variable = new Value.Loop(state);
        boolean completed = false;
        for (Value item : items) {
            state.advance();
            Scope inner = scope.inner();
            inner.set("loop", variable);
            assign(loop.target(), item, inner);
            Flow flow = execute(loop.body(), inner, output);
            completed |= flow == Flow.ON;
            if (flow == Flow.BREAK) {
                break;
            }
        }
        // jinja2 runs [else] also where every turn ended in [break] or [continue]
        if (!completed) {
            execute(loop.otherwise(), scope.inner(), output);
        }
    }

    private void assign(Target target, Value value, Scope scope) {
        switch (target) {
            case Target.Variable variable -> scope.set(variable.name(), value);
            case Target.Field field -> {
                if (!(scope.find(field.namespace()) instanceof Value.Namespace namespace)) {
                    throw new Failure(
                            "[%s] is no namespace, so [%s] cannot be set".formatted(field.namespace(), field.name()));
                }
                if (field.name().startsWith("_")) {
                    throw new Failure("a namespace cannot have a field named [%s]".formatted(field.name()));
                }
                namespace.fields().put(field.name(), value);
            }
            case Target.Unpacked unpacked -> {
                List<Value> parts = value.iterated();
                if (parts.size() != unpacked.targets().size()) {
                    throw new Failure("cannot unpack [%d] values into [%d] names"
                            .formatted(parts.size(), unpacked.targets().size()));
                }
                for (int i = 0; i < parts.size(); i++) {
                    assign(unpacked.targets().get(i), parts.get(i), scope);
                }
            }
        }
    }

    private Value captured(List<Statement> body, List<FilterCall> filters, Scope scope) {
        Output output = budget.output();
        Scope inner = scope.inner();
        execute(body, inner, output);
        Value value = output.value();
        for (FilterCall filter : filters) {
            value = expressions.filter(filter, value, inner);
        }
        return value;
    }

    private Value macro(String name, Signature signature, List<Statement> body, Scope around) {
        return new Value.Function(name, arguments -> {
            Scope scope = around.inner();
            bind(name, signature, arguments, scope);
            Output output = budget.output();
            execute(body, scope, output);
            return output.value();
        });
    }

    /** Binds as Jinja does: a parameter without a value is undefined; what is left over is varargs and kwargs. */
    private void bind(String name, Signature signature, Arguments arguments, Scope scope) {
        List<Parameter> parameters = signature.parameters();
        Map<String, Value> named = new LinkedHashMap<>(arguments.named());
        List<Value> positional = arguments.positional();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            Value value = named.remove(parameter.name());
            if (i < positional.size()) {
                if (value != null) {
                    throw new Failure("[%s] is given [%s] twice".formatted(name, parameter.name()));
                }
                value = positional.get(i);
            }
            if (value == null) {
                value = parameter.fallback() != null
                        ? expressions.evaluate(parameter.fallback(), scope)
                        : new Value.Undefined("parameter [%s] was not provided".formatted(parameter.name()));
            }
            scope.set(parameter.name(), value);
        }
        Set<String> extras = signature.extras();
        Value caller = extras.contains("caller") ? named.remove("caller") : null;
        if (extras.contains("caller")) {
            scope.set("caller", caller != null ? caller : new Value.Undefined("no caller defined"));
        }
        if (positional.size() > parameters.size() && !extras.contains("varargs")) {
            throw new Failure("the macro [%s] takes at most [%d] arguments, not [%d]"
                    .formatted(name, parameters.size(), positional.size()));
        }
        if (!named.isEmpty() && !extras.contains("kwargs")) {
            throw new Failure("the macro [%s] has no parameter [%s]"
                    .formatted(name, named.keySet().iterator().next()));
        }
        List<Value> rest = positional.subList(Math.min(parameters.size(), positional.size()), positional.size());
        scope.set("varargs", new Value.Tuple(rest));
        Map<Value, Value> restNamed = new LinkedHashMap<>();
        named.forEach((key, value) -> restNamed.put(new Value.Text(key), value));
        scope.set("kwargs", new Value.Mapping(Collections.unmodifiableMap(restNamed)));
    }
}
