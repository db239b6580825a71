package dev.hone.model.template;

import dev.hone.model.template.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Splits a template into tokens as jinja2's lexer does with {@code trim_blocks} and {@code lstrip_blocks}: the first
 * newline after a block or comment goes, and so do spaces before one that begins its line; {@code -} strips all white
 * space on its side, {@code +} keeps it. Line ends are normalised to {@code \n} and one at the very end is dropped.
 */
final class Lexer {
    private static final Set<String> TWO_CHARACTER_OPERATORS = Set.of("//", "**", "==", "!=", ">=", "<=");
    private static final String ONE_CHARACTER_OPERATORS = "+-/*%~[](){}><=.:|,;";

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private boolean lineStarting = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        if (source.endsWith("\n")) {
            source = source.substring(0, source.length() - 1);
        }
        return new Lexer(source).run();
    }

    private List<Token> run() {
        while (position < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                add(Kind.DATA, source.substring(position));
                moveTo(source.length());
                break;
            }
            char kind = source.charAt(tag + 1);
            char sign = at(tag + 2) == '-' || at(tag + 2) == '+' ? at(tag + 2) : ' ';
            int inside = sign == ' ' ? tag + 2 : tag + 3;
            data(tag, sign, kind != '{');
            int rawBody = kind == '%' ? afterRaw(inside, "raw", false) : -1;
            moveTo(inside);
            lineStarting = false;
            if (rawBody >= 0) {
                lineStarting = source.charAt(rawBody - 1) == '\n';
                moveTo(rawBody);
                raw();
            } else if (kind == '#') {
                comment();
            } else {
                tag(kind == '%');
            }
        }
        add(Kind.END, "");
        return tokens;
    }

    private int nextTag() {
        for (int at = source.indexOf('{', position); at >= 0; at = source.indexOf('{', at + 1)) {
            char kind = at(at + 1);
            if (kind == '{' || kind == '%' || kind == '#') {
                return at;
            }
        }
        return -1;
    }

    /** Text up to a tag, stripped as the tag's sign and its place on the line ask. */
    private void data(int end, char sign, boolean block) {
        String text = source.substring(position, end);
        if (sign == '-') {
            text = PythonText.stripEnd(text);
        } else if (sign != '+' && block) {
            int lineBegin = text.lastIndexOf('\n') + 1;
            if ((lineBegin > 0 || lineStarting) && PythonText.isBlank(text.substring(lineBegin))) {
                text = text.substring(0, lineBegin);
            }
        }
        if (!text.isEmpty()) {
            add(Kind.DATA, text);
        }
        moveTo(end);
    }

    private void comment() {
        int end = source.indexOf("#}", position);
        if (end < 0) {
            throw failure("a comment is not closed: [#}] is missing");
        }
        moveTo(afterBlockEnd(end, end > position ? source.charAt(end - 1) : ' '));
        lineStarting = source.charAt(position - 1) == '\n';
    }

    /** Position after the two characters of a block's or comment's end at {@code end} and what its sign strips. */
    private int afterBlockEnd(int end, char sign) {
        int after = end + 2;
        if (sign == '-') {
            return skipSpace(after);
        }
        return sign != '+' && at(after) == '\n' ? after + 1 : after;
    }

    /** Position after {@code raw %}} or {@code endraw %}} at {@code from}, or -1. */
    private int afterRaw(int from, String word, boolean closing) {
        int at = skipSpace(from);
        if (!source.startsWith(word, at)) {
            return -1;
        }
        at = skipSpace(at + word.length());
        char sign = at(at) == '-' || (closing && at(at) == '+') ? at(at) : ' ';
        int end = sign == ' ' ? at : at + 1;
        if (!source.startsWith("%}", end)) {
            return -1;
        }
        if (closing) {
            return afterBlockEnd(end, sign);
        }
        return sign == '-' ? skipSpace(end + 2) : end + 2;
    }

    private void raw() {
        for (int at = source.indexOf("{%", position); at >= 0; at = source.indexOf("{%", at + 1)) {
            char sign = at(at + 2) == '-' || at(at + 2) == '+' ? at(at + 2) : ' ';
            int after = afterRaw(sign == ' ' ? at + 2 : at + 3, "endraw", true);
            if (after >= 0) {
                data(at, sign, true);
                moveTo(after);
                lineStarting = source.charAt(after - 1) == '\n';
                return;
            }
        }
        throw failure("[raw] is not closed: [{% endraw %}] is missing");
    }

    private void tag(boolean block) {
        add(block ? Kind.BLOCK_BEGIN : Kind.VARIABLE_BEGIN, "");
        Deque<Character> brackets = new ArrayDeque<>();
        while (true) {
            moveTo(skipSpace(position));
            if (position >= source.length()) {
                throw failure("a tag is not closed: [%s] is missing".formatted(block ? "%}" : "}}"));
            }
            if (brackets.isEmpty()) {
                int end = tagEnd(block);
                if (end >= 0) {
                    add(block ? Kind.BLOCK_END : Kind.VARIABLE_END, "");
                    moveTo(end);
                    lineStarting = source.charAt(end - 1) == '\n';
                    return;
                }
            }
            char c = source.charAt(position);
            if (c >= '0' && c <= '9') {
                number();
            } else if (c == '_' || Character.isLetterOrDigit(source.codePointAt(position))) {
                name();
            } else if (c == '\'' || c == '"') {
                string(c);
            } else {
                operator(brackets);
            }
        }
    }

    /** Position after the end of a tag that stands here with what it strips, or -1. */
    private int tagEnd(boolean block) {
        char sign = at(position) == '-' || (block && at(position) == '+') ? at(position) : ' ';
        int end = sign == ' ' ? position : position + 1;
        if (!source.startsWith(block ? "%}" : "}}", end)) {
            return -1;
        }
        if (block) {
            return afterBlockEnd(end, sign);
        }
        return sign == '-' ? skipSpace(end + 2) : end + 2;
    }

    private void number() {
        int end = position;
        boolean real = false;
        if (position == 0 || source.charAt(position - 1) != '.') {
            end = digits(position);
            if (at(end) == '.' && isDigit(at(end + 1))) {
                end = digits(end + 1);
                real = true;
            }
            if (at(end) == 'e' || at(end) == 'E') {
                int exponent = at(end + 1) == '+' || at(end + 1) == '-' ? end + 2 : end + 1;
                if (isDigit(at(exponent))) {
                    end = digits(exponent);
                    real = true;
                }
            }
        }
        if (!real) {
            end = integer();
        }
        add(real ? Kind.FLOAT : Kind.INTEGER, source.substring(position, end).replace("_", ""));
        moveTo(end);
    }

    private int integer() {
        int radix = switch (at(position) == '0' ? Character.toLowerCase(at(position + 1)) : ' ') {
            case 'x' -> 16;
            case 'o' -> 8;
            case 'b' -> 2;
            default -> 10;
        };
        if (radix == 10 && at(position) == '0') {
            int end = position + 1;
            while (at(end) == '0' || (at(end) == '_' && at(end + 1) == '0')) {
                end++;
            }
            return end;
        }
        int end = radix == 10 ? position : position + 2;
        while (Character.digit(at(end), radix) >= 0 || (at(end) == '_' && Character.digit(at(end + 1), radix) >= 0)) {
            end++;
        }
        return end;
    }

    private int digits(int from) {
        int end = from;
        while (isDigit(at(end)) || (at(end) == '_' && isDigit(at(end + 1)))) {
            end++;
        }
        return end;
    }

    private void name() {
        int end = position;
        while (end < source.length()
                && (source.charAt(end) == '_' || Character.isLetterOrDigit(source.codePointAt(end)))) {
            end += Character.charCount(source.codePointAt(end));
        }
        add(Kind.NAME, source.substring(position, end));
        moveTo(end);
    }

    private void string(char quote) {
        int end = position + 1;
        while (at(end) != quote) {
            if (end >= source.length()) {
                throw failure("a string is not closed: [%s] is missing".formatted(quote));
            }
            end += at(end) == '\\' ? 2 : 1;
        }
        add(Kind.STRING, StringLiteral.decode(source.substring(position + 1, end), line));
        moveTo(end + 1);
    }

    private void operator(Deque<Character> brackets) {
        String two = source.substring(position, Math.min(source.length(), position + 2));
        String operator = TWO_CHARACTER_OPERATORS.contains(two) ? two : two.substring(0, 1);
        if (ONE_CHARACTER_OPERATORS.indexOf(operator.charAt(0)) < 0 && operator.length() == 1) {
            throw failure("unexpected character [%s]".formatted(Character.toString(source.codePointAt(position))));
        }
        switch (operator) {
            case "(" -> brackets.push(')');
            case "[" -> brackets.push(']');
            case "{" -> brackets.push('}');
            case ")", "]", "}" -> {
                if (brackets.isEmpty() || brackets.pop() != operator.charAt(0)) {
                    throw failure("unexpected [%s]".formatted(operator));
                }
            }
            default -> {}
        }
        add(Kind.OPERATOR, operator);
        moveTo(position + operator.length());
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private char at(int index) {
        return index < source.length() ? source.charAt(index) : '\0';
    }

    private int skipSpace(int from) {
        int at = from;
        while (at < source.length() && PythonText.isSpace(source.charAt(at))) {
            at++;
        }
        return at;
    }

    private void moveTo(int end) {
        for (int i = position; i < end; i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
        position = end;
    }

    private void add(Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }

    private TemplateException failure(String reason) {
        return new TemplateException(line, reason);
    }
}
