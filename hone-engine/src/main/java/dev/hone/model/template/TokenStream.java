package dev.hone.model.template;

import dev.hone.model.template.Token.Kind;
import java.util.List;
import java.util.Set;

/** A cursor over tokens that also counts how deep the parsers have nested. */
final class TokenStream {
    private final List<Token> tokens;
    private final int deepest;
    private int next;
    private int depth;

    TokenStream(List<Token> tokens, int deepest) {
        this.tokens = tokens;
        this.deepest = deepest;
    }

    Token current() {
        return tokens.get(next);
    }

    Token following() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    /** Returns the current token and moves past it; the end is never passed. */
    Token take() {
        Token token = current();
        if (next < tokens.size() - 1) {
            next++;
        }
        return token;
    }

    boolean skipName(String name) {
        return skip(current().isName(name));
    }

    boolean skipOperator(String operator) {
        return skip(current().isOperator(operator));
    }

    private boolean skip(boolean wanted) {
        if (wanted) {
            take();
        }
        return wanted;
    }

    boolean atName(Set<String> names) {
        return current().kind() == Kind.NAME && names.contains(current().text());
    }

    Token expect(Kind kind, String meaning) {
        if (current().kind() != kind) {
            throw failure("expected %s, got [%s]".formatted(meaning, current().shown()));
        }
        return take();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw failure(
                    "expected [%s], got [%s]".formatted(operator, current().shown()));
        }
    }

    void enter() {
        if (++depth > deepest) {
            throw failure("nested deeper than [%d]".formatted(deepest));
        }
    }

    void leave() {
        depth--;
    }

    TemplateException failure(String reason) {
        return new TemplateException(current().line(), reason);
    }
}
