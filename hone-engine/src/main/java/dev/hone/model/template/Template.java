package dev.hone.model.template;

import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parsed template. Immutable: any number of threads may render it at once. */
public final class Template {
    private final List<Statement> statements;
    private final boolean marksGeneration;
    private final Limits limits;

    private Template(Parser.Parsed parsed, Limits limits) {
        this.statements = parsed.statements();
        this.marksGeneration = parsed.marksGeneration();
        this.limits = limits;
    }

    /** Parses within {@link Limits#DEFAULT}. */
    public static Template parse(String source) {
        return parse(source, Limits.DEFAULT);
    }

    /**
     * Parses a template.
     *
     * @throws TemplateException where it is not a template or uses a statement that is not supported
     */
    public static Template parse(String source, Limits limits) {
        try {
            return new Template(Parser.parse(source, limits), limits);
        } catch (StackOverflowError e) {
            throw new TemplateException(1, "the template nests too deeply");
        }
    }

    /** Whether it says with {@code {% generation %}} what the assistant writes. */
    public boolean marksGeneration() {
        return marksGeneration;
    }

    /**
     * Renders the template.
     *
     * @param variables texts, numbers, booleans, null, lists and maps of these; only data, never read as template
     * @param now what {@code strftime_now} tells
     * @throws TemplateException where the template fails, uses what is not supported, or exceeds the limits
     */
    public Rendered render(Map<String, ? extends @Nullable Object> variables, LocalDateTime now) {
        Budget budget = new Budget(limits);
        Evaluator evaluator = new Evaluator(budget);
        Map<String, Value> values = new LinkedHashMap<>();
        variables.forEach((name, value) -> values.put(name, Value.of(value)));
        try {
            return evaluator.render(statements, Globals.functions(now, budget), values);
        } catch (Failure e) {
            throw new TemplateException(evaluator.line(), e.reason());
        } catch (StackOverflowError e) {
            throw new TemplateException(evaluator.line(), "values or expressions nest too deeply");
        }
    }
}
