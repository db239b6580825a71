package dev.hone.model.template;

import dev.hone.model.template.Expression.FilterCall;
import dev.hone.model.template.Statement.Binding;
import dev.hone.model.template.Statement.Branch;
import dev.hone.model.template.Statement.Parameter;
import dev.hone.model.template.Statement.Signature;
import dev.hone.model.template.Statement.Target;
import dev.hone.model.template.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Jinja's statements by recursive descent. */
final class Parser {
    private static final Set<String> CONSTANTS = Set.of("true", "false", "none", "True", "False", "None");
    private static final Set<String> EXTRAS = Set.of("varargs", "kwargs", "caller");

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int loops;
    private boolean marksGeneration;

    private Parser(TokenStream tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    /** A template's statements, and whether one of them is {@code generation}. */
    record Parsed(List<Statement> statements, boolean marksGeneration) {}

    static Parsed parse(String source, Limits limits) {
        Parser parser = new Parser(new TokenStream(Lexer.tokens(source), limits.nesting()));
        List<Statement> statements = parser.statements(Set.of(), 1);
        return new Parsed(statements, parser.marksGeneration);
    }

    /** Statements up to a tag with one of {@code ends}, or to the end of the template where there are none. */
    private List<Statement> statements(Set<String> ends, int begun) {
        tokens.enter();
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.take();
            switch (token.kind()) {
                case DATA -> statements.add(new Statement.Text(token.text()));
                case VARIABLE_BEGIN -> {
                    statements.add(new Statement.Print(expressions.tuple(true)));
                    tokens.expect(Kind.VARIABLE_END, "[}}]");
                }
                case BLOCK_BEGIN -> {
                    if (tokens.atName(ends)) {
                        tokens.leave();
                        return statements;
                    }
                    statements.add(statement());
                    tokens.expect(Kind.BLOCK_END, "[%}]");
                }
                case END -> {
                    if (!ends.isEmpty()) {
                        throw new TemplateException(
                                begun, "a block is not closed: [%s] is missing".formatted(String.join("] or [", ends)));
                    }
                    tokens.leave();
                    return statements;
                }
                case VARIABLE_END, BLOCK_END, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
                    throw new TemplateException(token.line(), "unexpected [%s]".formatted(token.shown()));
            }
        }
    }

    /** The body of a block, from the end of its opening tag to the name in its closing one, which stays. */
    private List<Statement> body(Set<String> ends) {
        int begun = tokens.current().line();
        tokens.skipOperator(":");
        tokens.expect(Kind.BLOCK_END, "[%}]");
        return statements(ends, begun);
    }

    private List<Statement> body(String end) {
        List<Statement> body = body(Set.of(end));
        tokens.take();
        return body;
    }

    private Statement statement() {
        Token name = tokens.expect(Kind.NAME, "a statement");
        int line = name.line();
        return switch (name.text()) {
            case "if" -> conditional();
            case "for" -> loop(line);
            case "set" -> assignment(line);
            case "macro" -> macro(line);
            case "call" -> callBlock(line);
            case "filter" -> filterBlock(line);
            case "with" -> with(line);
            case "generation" -> {
                marksGeneration = true;
                yield new Statement.Generation(body("endgeneration"), line);
            }
            case "break" -> inLoop(new Statement.Break(), name);
            case "continue" -> inLoop(new Statement.Continue(), name);
            default ->
                throw new TemplateException(
                        line,
                        ("the statement [%s] is not supported; chat templates use if, for, set, macro, call, filter,"
                                        + " with, break, continue, raw and generation")
                                .formatted(name.text()));
        };
    }

    private Statement inLoop(Statement statement, Token name) {
        if (loops == 0) {
            throw new TemplateException(name.line(), "[%s] outside a loop".formatted(name.text()));
        }
        return statement;
    }

    private Statement conditional() {
        List<Branch> branches = new ArrayList<>();
        String end;
        do {
            Expression test = expressions.tuple(false);
            branches.add(new Branch(test, body(Set.of("elif", "else", "endif"))));
            end = tokens.take().text();
        } while (end.equals("elif"));
        return new Statement.If(branches, end.equals("else") ? body("endif") : List.of());
    }

    private Statement loop(int line) {
        Target target = target("in", false);
        if (!tokens.skipName("in")) {
            throw tokens.failure(
                    "expected [in], got [%s]".formatted(tokens.current().shown()));
        }
        Expression items = expressions.tuple(false);
        Expression test = tokens.skipName("if") ? expressions.expression() : null;
        if (tokens.current().isName("recursive")) {
            throw tokens.failure("[recursive] loops are not supported; use a macro that calls itself");
        }
        loops++;
        List<Statement> body = body(Set.of("endfor", "else"));
        loops--;
        List<Statement> otherwise = tokens.take().isName("else") ? body("endfor") : List.of();
        return new Statement.For(target, items, test, body, otherwise, line);
    }

    private Statement assignment(int line) {
        Target target = target("=", true);
        if (tokens.skipOperator("=")) {
            return new Statement.Assign(target, expressions.tuple(true), line);
        }
        List<FilterCall> filters = expressions.operands().filters();
        return new Statement.AssignBlock(target, filters, body("endset"), line);
    }

    private Statement macro(int line) {
        String name = tokens.expect(Kind.NAME, "a macro's name").text();
        List<Parameter> parameters = parameters();
        Callable callable = callable(parameters, "endmacro");
        return new Statement.Macro(name, callable.signature(), callable.body(), line);
    }

    private Statement callBlock(int line) {
        List<Parameter> parameters = tokens.current().isOperator("(") ? parameters() : List.of();
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw new TemplateException(line, "[call] needs a call such as [call name(…)]");
        }
        Callable callable = callable(parameters, "endcall");
        return new Statement.CallBlock(callable.signature(), call, callable.body(), line);
    }

    private record Callable(Signature signature, List<Statement> body) {}

    /** A body that a loop around it cannot be left from, with the extra arguments that it speaks of. */
    private Callable callable(List<Parameter> parameters, String end) {
        int loopsAround = loops;
        loops = 0;
        Set<String> namesAround = expressions.operands().startNames();
        List<Statement> body = body(end);
        Set<String> extras = new HashSet<>(expressions.operands().endNames(namesAround));
        extras.retainAll(EXTRAS);
        loops = loopsAround;
        return new Callable(new Signature(parameters, extras), body);
    }

    private Statement filterBlock(int line) {
        List<FilterCall> filters = new ArrayList<>();
        filters.add(expressions.operands().namedFilter());
        filters.addAll(expressions.operands().filters());
        return new Statement.FilterBlock(filters, body("endfilter"), line);
    }

    private Statement with(int line) {
        List<Binding> bindings = new ArrayList<>();
        while (tokens.current().kind() != Kind.BLOCK_END) {
            if (!bindings.isEmpty()) {
                tokens.expectOperator(",");
            }
            Target target = target("=", false);
            tokens.expectOperator("=");
            bindings.add(new Binding(target, expressions.expression()));
        }
        return new Statement.With(bindings, body("endwith"), line);
    }

    private List<Parameter> parameters() {
        tokens.expectOperator("(");
        List<Parameter> parameters = new ArrayList<>();
        boolean optional = false;
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = variable();
            Expression fallback = tokens.skipOperator("=") ? expressions.expression() : null;
            if (fallback == null && optional) {
                throw tokens.failure("parameter [%s] needs a default as one before it has".formatted(name));
            }
            optional = fallback != null;
            parameters.add(new Parameter(name, fallback));
        }
        return parameters;
    }

    /** A name, {@code namespace.name}, or several of them with commas between; {@code end} follows. */
    private Target target(String end, boolean fields) {
        List<Target> targets = new ArrayList<>();
        boolean several = false;
        do {
            if (tokens.current().isName(end)
                    || tokens.current().isOperator(end)
                    || tokens.current().isOperator(")")) {
                break;
            }
            targets.add(single(fields));
            several |= tokens.current().isOperator(",");
        } while (tokens.skipOperator(","));
        if (targets.isEmpty()) {
            throw tokens.failure(
                    "expected a name, got [%s]".formatted(tokens.current().shown()));
        }
        return several ? new Target.Unpacked(targets) : targets.getFirst();
    }

    private Target single(boolean fields) {
        if (tokens.skipOperator("(")) {
            tokens.enter();
            Target inside = target(")", fields);
            tokens.expectOperator(")");
            tokens.leave();
            return inside;
        }
        String name = variable();
        if (fields && tokens.skipOperator(".")) {
            return new Target.Field(name, tokens.expect(Kind.NAME, "a name").text());
        }
        return new Target.Variable(name);
    }

    private String variable() {
        Token name = tokens.expect(Kind.NAME, "a name");
        if (CONSTANTS.contains(name.text())) {
            throw new TemplateException(name.line(), "cannot assign to [%s]".formatted(name.text()));
        }
        return name.text();
    }
}
