package dev.hone.model.template;

/** Escapes in a template's string literals, which are Python's ({@code unicode_escape}). */
final class StringLiteral {
    private StringLiteral() {}

    static String decode(String body, int line) {
        if (body.indexOf('\\') < 0) {
            return body;
        }
        StringBuilder text = new StringBuilder(body.length());
        int at = 0;
        while (at < body.length()) {
            char c = body.charAt(at++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escaped = body.charAt(at++);
            switch (escaped) {
                case '\n' -> {}
                case '\\', '\'', '"' -> text.append(escaped);
                case 'a' -> text.append('\u0007');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'v' -> text.append('\u000b');
                case 'x' -> at = codePoint(body, at, 2, text, line);
                case 'u' -> at = codePoint(body, at, 4, text, line);
                case 'U' -> at = codePoint(body, at, 8, text, line);
                case 'N' -> throw new TemplateException(line, "the string escape [\\N{…}] is not supported");
                case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    int end = at;
                    while (end < body.length() && end < at + 2 && Character.digit(body.charAt(end), 8) >= 0) {
                        end++;
                    }
                    text.append((char) Integer.parseInt(body.substring(at - 1, end), 8));
                    at = end;
                }
                default -> text.append('\\').append(escaped);
            }
        }
        return text.toString();
    }

    private static int codePoint(String body, int from, int digits, StringBuilder text, int line) {
        String hex = body.substring(from, Math.min(body.length(), from + digits));
        if (hex.length() < digits || !hex.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            throw new TemplateException(line, "the string escape [\\%s] is cut short".formatted(hex));
        }
        long codePoint = Long.parseLong(hex, 16);
        if (codePoint > Character.MAX_CODE_POINT) {
            throw new TemplateException(line, "the string escape [\\U%s] is no character".formatted(hex));
        }
        text.appendCodePoint((int) codePoint);
        return from + digits;
    }
}
