package dev.hone.schema;

import dev.hone.schema.CharacterSet.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the regular part of ECMA-262's expressions: literals, classes, escapes, {@code .}, groups, alternation, repetition,
 * {@code ^} and {@code $}. Where dialects differ ({@code .}, {@code \s}), the set is the one that all of them accept. What it
 * does not support it names.
 */
final class PatternParser {
    private static final int MOST_CHARACTERS = 10_000;
    private static final int MOST_DEPTH = 50;
    private static final int MOST_TIMES = 1_000;

    private static final CharacterSet DIGIT = CharacterSet.of('0', '9');
    private static final CharacterSet WORD =
            CharacterSet.union(List.of(new Span('0', '9'), new Span('A', 'Z'), new Span('a', 'z'), new Span('_', '_')));
    private static final CharacterSet SPACE = CharacterSet.of(" \t\n\u000b\f\r");

    /** White space by any dialect. */
    private static final CharacterSet ANY_SPACE = CharacterSet.union(List.of(
            new Span('\t', '\r'),
            new Span(0x1c, ' '),
            new Span(0x85, 0x85),
            new Span(0xa0, 0xa0),
            new Span(0x1680, 0x1680),
            new Span(0x180e, 0x180e),
            new Span(0x2000, 0x200a),
            new Span(0x2028, 0x2029),
            new Span(0x202f, 0x202f),
            new Span(0x205f, 0x205f),
            new Span(0x3000, 0x3000),
            new Span(0xfeff, 0xfeff)));

    private static final CharacterSet DOT =
            CharacterSet.of("\n\r\u0085\u2028\u2029").complement();

    private final String text;
    private final String place;
    private int at;

    private PatternParser(String text, String place) {
        this.text = text;
        this.place = place;
    }

    /** @throws SchemaException when it is none, or is not regular */
    static Expression parse(String text, String place) {
        if (text.length() > MOST_CHARACTERS) {
            throw new SchemaException(
                    "[pattern] at [%s] has more than [%d] characters".formatted(place, MOST_CHARACTERS));
        }
        PatternParser parser = new PatternParser(text, place);
        Expression expression = parser.choice(0);
        if (parser.at < text.length()) {
            throw parser.wrong("has a [)] that closes nothing");
        }
        return expression;
    }

    private SchemaException wrong(String what) {
        return new SchemaException("[pattern] at [%s] %s, at character [%d]: %s".formatted(place, what, at + 1, text));
    }

    private SchemaException unsupported(String what) {
        return wrong("has %s, which is not supported in constrained answers".formatted(what));
    }

    private boolean hasMore() {
        return at < text.length();
    }

    private boolean takes(String expected) {
        if (text.startsWith(expected, at)) {
            at += expected.length();
            return true;
        }
        return false;
    }

    private int character() {
        if (!hasMore()) {
            throw wrong("ends too early");
        }
        int point = text.codePointAt(at);
        at += Character.charCount(point);
        return point;
    }

    private Expression choice(int depth) {
        if (depth > MOST_DEPTH) {
            throw wrong("nests more than [%d] groups".formatted(MOST_DEPTH));
        }
        List<Expression> options = new ArrayList<>();
        do {
            options.add(sequence(depth));
        } while (takes("|"));
        return options.size() == 1 ? options.getFirst() : new Expression.Choice(options);
    }

    private Expression sequence(int depth) {
        List<Expression> parts = new ArrayList<>();
        while (hasMore() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            parts.add(repeated(atom(depth)));
        }
        return parts.size() == 1 ? parts.getFirst() : new Expression.Sequence(parts);
    }

    private Expression atom(int depth) {
        int start = at;
        int point = character();
        switch (point) {
            case '^' -> {
                return new Expression.Begin();
            }
            case '$' -> {
                return new Expression.End();
            }
            case '(' -> {
                group();
                Expression inner = choice(depth + 1);
                if (!takes(")")) {
                    throw wrong("has a group that is not closed");
                }
                return inner;
            }
            case '[' -> {
                return new Expression.Characters(set());
            }
            case '.' -> {
                return new Expression.Characters(DOT);
            }
            case '\\' -> {
                return new Expression.Characters(escape(false));
            }
            case '*', '+', '?', '{' -> {
                at = start;
                throw wrong("has [%s] after nothing that it could repeat: write [\\%<s] for the character"
                        .formatted(Character.toString(point)));
            }
            default -> {
                return new Expression.Characters(CharacterSet.of(point, point));
            }
        }
    }

    /** After an opening bracket. */
    private void group() {
        if (!takes("?")) {
            return;
        }
        if (takes("=") || takes("!")) {
            throw unsupported("look-ahead");
        }
        if (takes("<=") || takes("<!")) {
            throw unsupported("look-behind");
        }
        if (takes("<")) {
            int close = text.indexOf('>', at);
            if (close < 0 || !text.substring(at, close).matches("[A-Za-z_$][A-Za-z0-9_$]*")) {
                throw wrong("has a group with a name that is none");
            }
            at = close + 1;
        } else if (!takes(":")) {
            throw unsupported("a group of the kind [(?%s]".formatted(hasMore() ? text.charAt(at) : ""));
        }
    }

    private Expression repeated(Expression part) {
        int start = at;
        int least;
        int most = Integer.MAX_VALUE;
        if (takes("*")) {
            least = 0;
        } else if (takes("+")) {
            least = 1;
        } else if (takes("?")) {
            least = 0;
            most = 1;
        } else if (takes("{")) {
            least = times();
            most = least;
            if (takes(",")) {
                most = text.startsWith("}", at) ? Integer.MAX_VALUE : times();
            }
            if (!takes("}") || most < least) {
                at = start;
                throw wrong("has a [{] that begins no repetition such as [{2,5}]: write [\\{] for the character");
            }
        } else {
            return part;
        }
        if (part instanceof Expression.Begin || part instanceof Expression.End) {
            at = start;
            throw wrong("repeats an anchor");
        }
        // Reluctant repetition finds other groups, but accepts the same texts.
        takes("?");
        if (hasMore() && "*+?{".indexOf(text.charAt(at)) >= 0) {
            throw unsupported("a repetition of a repetition");
        }
        return new Expression.Repeat(part, least, most);
    }

    private int times() {
        int start = at;
        while (hasMore() && Character.isDigit(text.charAt(at)) && at - start < 9) {
            at++;
        }
        if (at == start || !text.substring(start, at).matches("[0-9]+")) {
            throw wrong("has a [{] that begins no repetition such as [{2,5}]: write [\\{] for the character");
        }
        int times = Integer.parseInt(text.substring(start, at));
        if (times > MOST_TIMES) {
            throw wrong("repeats more than [%d] times".formatted(MOST_TIMES));
        }
        return times;
    }

    /** After the opening bracket of a class. */
    private CharacterSet set() {
        boolean negated = takes("^");
        List<Span> spans = new ArrayList<>();
        while (!takes("]")) {
            if (text.startsWith("&&", at) || text.startsWith("[", at)) {
                throw unsupported("a [%s] in a class that dialects read differently: write it with [\\]"
                        .formatted(text.charAt(at)));
            }
            CharacterSet first = member(negated);
            if (text.startsWith("-", at) && !text.startsWith("-]", at)) {
                at++;
                CharacterSet last = member(negated);
                if (!isOne(first) || !isOne(last)) {
                    throw wrong("has a range in a class between more than two characters");
                }
                int low = first.spans().getFirst().low();
                int high = last.spans().getFirst().high();
                if (low > high) {
                    throw wrong("has a range in a class that goes down");
                }
                spans.add(new Span(low, high));
            } else {
                spans.addAll(first.spans());
            }
        }
        if (spans.isEmpty()) {
            throw wrong("has an empty class, which dialects read differently");
        }
        CharacterSet set = CharacterSet.union(spans);
        return negated ? set.complement() : set;
    }

    private CharacterSet member(boolean negated) {
        int point = character();
        return point == '\\' ? escape(negated) : CharacterSet.of(point, point);
    }

    private static boolean isOne(CharacterSet set) {
        return set.spans().size() == 1
                && set.spans().getFirst().low() == set.spans().getFirst().high();
    }

    /**
     * After a backslash.
     *
     * @param negated whether what is in the set is what may not come: then the larger of two readings is the safe one
     */
    private CharacterSet escape(boolean negated) {
        int point = character();
        return switch (point) {
            case 'd' -> DIGIT;
            case 'D' -> DIGIT.complement();
            case 'w' -> WORD;
            case 'W' -> WORD.complement();
            case 's' -> negated ? ANY_SPACE : SPACE;
            case 'S' -> (negated ? SPACE : ANY_SPACE).complement();
            case 't' -> CharacterSet.of("\t");
            case 'n' -> CharacterSet.of("\n");
            case 'r' -> CharacterSet.of("\r");
            case 'f' -> CharacterSet.of("\f");
            case 'v' -> CharacterSet.of("\u000b");
            case 'x' -> one(hexadecimal(2));
            case 'u' -> one(takes("{") ? inBraces() : hexadecimal(4));
            case 'b', 'B' -> throw unsupported("the word boundary [\\%c]".formatted(point));
            case 'p', 'P' -> throw unsupported("the property [\\%c]".formatted(point));
            case 'k', '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
                throw unsupported("the back reference [\\%c]".formatted(point));
            default -> {
                if (point == '_' || Character.isLetterOrDigit(point)) {
                    throw unsupported("the escape [\\%s]".formatted(Character.toString(point)));
                }
                yield CharacterSet.of(point, point);
            }
        };
    }

    private CharacterSet one(int point) {
        CharacterSet set = CharacterSet.of(point, point);
        if (set.spans().isEmpty()) {
            throw unsupported("half of a surrogate pair");
        }
        return set;
    }

    private int hexadecimal(int digits) {
        if (at + digits > text.length() || !text.substring(at, at + digits).matches("[0-9A-Fa-f]+")) {
            throw wrong("has an escape without [%d] hexadecimal digits".formatted(digits));
        }
        at += digits;
        return Integer.parseInt(text.substring(at - digits, at), 16);
    }

    private int inBraces() {
        int close = text.indexOf('}', at);
        if (close < 0 || !text.substring(at, close).matches("0*(?:10|[0-9A-Fa-f])?[0-9A-Fa-f]{1,4}")) {
            throw wrong("has an escape that is no character");
        }
        int point = Integer.parseInt(text.substring(at, close), 16);
        at = close + 1;
        return point;
    }
}
