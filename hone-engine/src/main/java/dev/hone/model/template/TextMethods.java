package dev.hone.model.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** Methods of Python's {@code str}. */
final class TextMethods {
    private static final Set<String> NAMES = Set.of(
            ("capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha"
                            + " isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle"
                            + " isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace"
                            + " rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase"
                            + " title translate upper zfill")
                    .split(" "));

    private static final Set<String> WITHOUT_ARGUMENTS = Set.of(
            "upper",
            "lower",
            "casefold",
            "capitalize",
            "title",
            "swapcase",
            "isdigit",
            "isdecimal",
            "isnumeric",
            "isalpha",
            "isalnum",
            "isspace",
            "isascii",
            "isupper",
            "islower");

    private final Budget budget;

    TextMethods(Budget budget) {
        this.budget = budget;
    }

    /** The method bound to a text, or null where {@code str} has none of this name. */
    @Nullable
    Value bound(String text, String name) {
        return NAMES.contains(name) ? new Value.Function(name, arguments -> call(text, name, arguments)) : null;
    }

    private Value call(String text, String name, Arguments arguments) {
        budget.spendOn(text.length());
        if (WITHOUT_ARGUMENTS.contains(name)) {
            arguments.bind(name);
        }
        return switch (name) {
            case "strip" -> new Value.Text(strip(text, characters(name, arguments), true, true));
            case "lstrip" -> new Value.Text(strip(text, characters(name, arguments), true, false));
            case "rstrip" -> new Value.Text(strip(text, characters(name, arguments), false, true));
            case "split" -> split(text, arguments.bind(name, "sep", "maxsplit"), false);
            case "rsplit" -> split(text, arguments.bind(name, "sep", "maxsplit"), true);
            case "splitlines" ->
                texts(lines(text, arguments.bind(name, "keepends").flag("keepends")));
            case "startswith" -> edge(text, name, arguments);
            case "endswith" -> edge(text, name, arguments);
            case "replace" -> {
                var bound = arguments.bind(name, "old", "new", "count");
                yield new Value.Text(
                        replace(text, bound.text("old"), bound.text("new"), bound.integer("count", -1), budget));
            }
            case "join" -> {
                List<String> parts = new ArrayList<>();
                for (Value part :
                        arguments.bind(name, "iterable").get("iterable").iterated()) {
                    if (!(part instanceof Value.Text partText)) {
                        throw new Failure("[join] needs strings, not [%s]".formatted(part.type()));
                    }
                    parts.add(partText.value());
                }
                yield new Value.Text(Output.join(text, parts, budget));
            }
            case "upper" -> new Value.Text(text.toUpperCase(Locale.ROOT));
            case "lower" -> new Value.Text(text.toLowerCase(Locale.ROOT));
            case "casefold" -> new Value.Text(text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
            case "capitalize" -> new Value.Text(capitalized(text));
            case "title" -> new Value.Text(titled(text));
            case "swapcase" -> new Value.Text(swapped(text));
            case "find", "rfind", "index", "rindex" -> Value.Int.of(find(text, name, arguments));
            case "count" -> Value.Int.of(count(text, arguments.bind(name, "sub").text("sub")));
            case "partition", "rpartition" -> partition(text, name, arguments);
            case "removeprefix" -> {
                String prefix = arguments.bind(name, "prefix").text("prefix");
                yield new Value.Text(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
            }
            case "removesuffix" -> {
                String suffix = arguments.bind(name, "suffix").text("suffix");
                yield new Value.Text(text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text);
            }
            case "ljust", "rjust", "center", "zfill" -> padded(text, name, arguments);
            case "isdigit", "isdecimal", "isnumeric" -> all(text, Character::isDigit);
            case "isalpha" -> all(text, Character::isLetter);
            case "isalnum" -> all(text, Character::isLetterOrDigit);
            case "isspace" -> Value.Bool.of(!text.isEmpty() && PythonText.isBlank(text));
            case "isascii" -> Value.Bool.of(text.chars().allMatch(c -> c < 128));
            case "isupper" -> Value.Bool.of(cased(text, Character::isUpperCase, Character::isLowerCase));
            case "islower" -> Value.Bool.of(cased(text, Character::isLowerCase, Character::isUpperCase));
            case "format" -> new Value.Text(new TextFormat(budget).format(text, arguments));
            default -> throw Failure.unsupported("the string method [%s]".formatted(name));
        };
    }

    private static @Nullable String characters(String name, Arguments arguments) {
        return arguments.bind(name, "chars").textOrNull("chars");
    }

    /** Without the characters at its ends that are in {@code characters}, or are white space where that is null. */
    static String strip(String text, @Nullable String characters, boolean start, boolean end) {
        int from = 0;
        int to = text.length();
        while (start && from < to && stripped(text.codePointAt(from), characters)) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (end && to > from && stripped(text.codePointBefore(to), characters)) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static boolean stripped(int codePoint, @Nullable String characters) {
        return characters == null
                ? codePoint < 0x10000 && PythonText.isSpace((char) codePoint)
                : characters.indexOf(codePoint) >= 0;
    }

    private static Value texts(List<String> parts) {
        return Value.of(parts);
    }

    private Value split(String text, Arguments.Bound bound, boolean fromEnd) {
        String separator = bound.textOrNull("sep");
        int most = bound.integer("maxsplit", -1);
        if (separator != null && separator.isEmpty()) {
            throw new Failure("[split] needs a separator that is not empty");
        }
        List<String> parts = new ArrayList<>();
        int width = separator == null ? 1 : separator.length();
        int begin = separator == null && !fromEnd ? skipSpace(text, 0) : 0;
        int end = separator == null && fromEnd ? skipSpaceBack(text, text.length()) : text.length();
        while (most < 0 || parts.size() < most) {
            int at = fromEnd ? lastSeparator(text, separator, end) : separator(text, separator, begin);
            if (at < 0) {
                break;
            }
            parts.add(fromEnd ? text.substring(at + width, end) : text.substring(begin, at));
            if (fromEnd) {
                end = separator == null ? skipSpaceBack(text, at) : at;
            } else {
                begin = separator == null ? skipSpace(text, at + 1) : at + width;
            }
        }
        if (separator != null || begin < end) {
            parts.add(text.substring(begin, end));
        }
        budget.spendOn(parts.size() * 16L);
        if (fromEnd) {
            Collections.reverse(parts);
        }
        return texts(parts);
    }

    private static int separator(String text, @Nullable String separator, int from) {
        if (separator != null) {
            return text.indexOf(separator, from);
        }
        int at = from;
        while (at < text.length() && !PythonText.isSpace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? at : -1;
    }

    private static int lastSeparator(String text, @Nullable String separator, int end) {
        if (separator != null) {
            return end < separator.length() ? -1 : text.lastIndexOf(separator, end - separator.length());
        }
        int at = end - 1;
        while (at >= 0 && !PythonText.isSpace(text.charAt(at))) {
            at--;
        }
        return at;
    }

    private static int skipSpace(String text, int from) {
        int at = from;
        while (at < text.length() && PythonText.isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int skipSpaceBack(String text, int end) {
        int at = end;
        while (at > 0 && PythonText.isSpace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    /** {@code str.splitlines}. */
    static List<String> lines(String text, boolean keepEnds) {
        List<String> lines = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c >= '\n' && c <= '\r') || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 || c == 0x2029) {
                int end = i;
                if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                    i++;
                }
                lines.add(text.substring(begin, keepEnds ? i + 1 : end));
                begin = i + 1;
            }
        }
        if (begin < text.length()) {
            lines.add(text.substring(begin));
        }
        return lines;
    }

    private Value edge(String text, String name, Arguments arguments) {
        var bound = arguments.bind(name, "prefix", "start", "end");
        String part = bound.optional("start") == null && bound.optional("end") == null
                ? text
                : Members.slice(text, bound.get("start", Value.NONE), bound.get("end", Value.NONE), Value.NONE);
        Value wanted = bound.get("prefix");
        List<Value> candidates = wanted instanceof Value.Tuple tuple ? tuple.items() : List.of(wanted);
        for (Value candidate : candidates) {
            if (!(candidate instanceof Value.Text edge)) {
                throw new Failure("[%s] needs a string, not [%s]".formatted(name, candidate.type()));
            }
            if (name.equals("startswith") ? part.startsWith(edge.value()) : part.endsWith(edge.value())) {
                return Value.Bool.TRUE;
            }
        }
        return Value.Bool.FALSE;
    }

    /** {@code str.replace}; a negative count means all. */
    static String replace(String text, String old, String replacement, int count, Budget budget) {
        Output output = budget.output();
        int from = 0;
        int done = 0;
        while (count < 0 || done < count) {
            int at = old.isEmpty()
                    ? (done == 0 ? 0 : from < text.length() ? text.offsetByCodePoints(from, 1) : -1)
                    : text.indexOf(old, from);
            if (at < 0) {
                break;
            }
            output.append(text.substring(from, at)).append(replacement);
            from = at + old.length();
            done++;
        }
        return output.append(text.substring(from)).toString();
    }

    static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.codePointAt(0);
        int after = Character.charCount(first);
        return Character.toString(Character.toTitleCase(first))
                + text.substring(after).toLowerCase(Locale.ROOT);
    }

    private static String titled(String text) {
        StringBuilder titled = new StringBuilder(text.length());
        boolean inWord = false;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int c = text.codePointAt(at);
            titled.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
        }
        return titled.toString();
    }

    private static String swapped(String text) {
        StringBuilder swapped = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c))
                .forEach(swapped::appendCodePoint);
        return swapped.toString();
    }

    private int find(String text, String name, Arguments arguments) {
        var bound = arguments.bind(name, "sub", "start");
        String part = bound.text("sub");
        int start = Math.min(Math.max(bound.integer("start", 0), 0), PythonText.length(text));
        int at = name.startsWith("r") ? text.lastIndexOf(part) : text.indexOf(part, text.offsetByCodePoints(0, start));
        if (at < 0 && name.endsWith("index")) {
            throw new Failure("[%s] did not find its string".formatted(name));
        }
        return at < 0 ? -1 : text.codePointCount(0, at);
    }

    private static int count(String text, String part) {
        if (part.isEmpty()) {
            return PythonText.length(text) + 1;
        }
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static Value partition(String text, String name, Arguments arguments) {
        String separator = arguments.bind(name, "sep").text("sep");
        if (separator.isEmpty()) {
            throw new Failure("[%s] needs a separator that is not empty".formatted(name));
        }
        boolean last = name.startsWith("r");
        int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
        Value none = new Value.Text("");
        Value whole = new Value.Text(text);
        if (at < 0) {
            return last ? Value.Tuple.of(none, none, whole) : Value.Tuple.of(whole, none, none);
        }
        return Value.Tuple.of(
                new Value.Text(text.substring(0, at)),
                new Value.Text(separator),
                new Value.Text(text.substring(at + separator.length())));
    }

    private Value padded(String text, String name, Arguments arguments) {
        var bound = name.equals("zfill") ? arguments.bind(name, "width") : arguments.bind(name, "width", "fillchar");
        int missing = bound.integer("width", 0) - PythonText.length(text);
        if (missing <= 0) {
            return new Value.Text(text);
        }
        budget.admit((long) text.length() + missing);
        if (name.equals("zfill")) {
            boolean signed = text.startsWith("-") || text.startsWith("+");
            int digits = signed ? 1 : 0;
            return new Value.Text(text.substring(0, digits) + "0".repeat(missing) + text.substring(digits));
        }
        String fill = bound.optional("fillchar") == null ? " " : bound.text("fillchar");
        int left = switch (name) {
            case "ljust" -> 0;
            case "rjust" -> missing;
            default -> missing / 2 + (missing & bound.integer("width", 0) & 1);
        };
        return new Value.Text(fill.repeat(left) + text + fill.repeat(missing - left));
    }

    private static Value all(String text, IntPredicate kind) {
        return Value.Bool.of(!text.isEmpty() && text.codePoints().allMatch(kind));
    }

    static boolean cased(String text, IntPredicate wanted, IntPredicate refused) {
        return text.codePoints().anyMatch(wanted) && text.codePoints().noneMatch(refused);
    }
}
