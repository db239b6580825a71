package dev.hone.grade;

import java.math.BigDecimal;
import java.math.MathContext;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number that a text gives as its answer: in the last {@code \boxed{…}}; else after the last mark such as {@code ####},
 * {@code A:} or "answer is"; else the last number. A number that the text denies ("not 5") is none.
 *
 * @param value with its power of ten and its fraction worked out
 * @param percent whether a percent sign follows
 */
record NumericAnswer(BigDecimal value, boolean percent) {
    private static final int MOST_CHARACTERS = 100_000;
    private static final MathContext PRECISION = MathContext.DECIMAL64;

    private static final Map<String, Integer> POWERS =
            Map.of("hundred", 2, "thousand", 3, "million", 6, "billion", 9, "trillion", 12);

    private static final String DIGITS = "(?:\\d{1,3}(?:\\.\\d{3})+,\\d{1,2}(?!\\d)" // 1.234,56
            + "|\\d{1,3}(?:[,' ]\\d{3})+(?!\\d)(?:\\.\\d+)?" // 1,234.5
            + "|\\d+,\\d{1,2}(?![\\d,])" // 3,5
            + "|\\d+(?:\\.\\d+)?|\\.\\d+)";

    private static final String EXPONENT =
            "(?:[eE][-+]?\\d{1,3}(?!\\d)|\\s?(?:\\*|x|×|·)\\s?10\\s?\\^\\s?\\{?-?\\d{1,3}\\}?)?";

    private static final Pattern NUMBER =
            Pattern.compile("(?<sign>(?<![\\d)\\p{L}])[-+]\\s?)?(?:[$€£¥]\\s?(?<signed>-)?)?"
                    + "(?:(?<whole>\\d+)\\s+(?=\\d+\\s?/\\s?\\d))?"
                    + "(?<digits>" + DIGITS + ")(?<exponent>" + EXPONENT + ")"
                    + "(?:\\s?/\\s?(?<under>\\d+(?:\\.\\d+)?))?"
                    + "(?:\\s?(?<percent>%|percent\\b)|\\s(?<power>hundred|thousand|million|billion|trillion)\\b)?");

    private static final Pattern BOXED = Pattern.compile("\\\\boxed\\s*\\{");
    private static final Pattern MARK = Pattern.compile(
            "####|(?:^|\\n)\\s*A\\s*:|\\b(?:answer|result|total)\\s*(?:is|was|=|:|equals)\\s*:?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern DENIED =
            Pattern.compile("(?:\\bnot|n't)\\s+(?:equal\\s+to\\s+)?$", Pattern.CASE_INSENSITIVE);
    private static final Pattern END_OF_SENTENCE = Pattern.compile("\\n|[.!?](?=\\s|$)");

    /** The answer of a text; empty when it gives none. */
    static Optional<NumericAnswer> in(String text) {
        if (text.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        String plain = plain(text);
        Matcher boxed = BOXED.matcher(plain);
        int start = -1;
        while (boxed.find()) {
            start = boxed.end();
        }
        if (start >= 0) {
            return last(withoutLatex(inBraces(plain, start)));
        }
        String readable = withoutLatex(plain);
        return marked(readable).or(() -> last(readable));
    }

    /** Whether a text is a number alone, or says which number is its answer. */
    static boolean isGivenBy(String text) {
        if (text.length() > MOST_CHARACTERS) {
            return false;
        }
        String plain = plain(text).strip();
        return BOXED.matcher(plain).find()
                || NUMBER.matcher(plain).matches()
                || marked(withoutLatex(plain)).isPresent();
    }

    /** One form for each sign that has several. */
    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .replace('\u2212', '-')
                .replace('\u2013', '-')
                .replace('\u2019', '\'')
                .replace('\u2044', '/');
    }

    private static String inBraces(String text, int start) {
        int depth = 1;
        for (int i = start; i < text.length(); i++) {
            depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return text.substring(start, i);
            }
        }
        return text.substring(start);
    }

    private static String withoutLatex(String text) {
        return text.replaceAll("\\\\[dt]?frac\\s*\\{([^{}]*)\\}\\s*\\{([^{}]*)\\}", " $1/$2")
                .replaceAll("\\\\(?:text|mathrm|mathbf|textbf)\\s*\\{([^{}]*)\\}", " $1")
                .replaceAll("\\\\(?:times|cdot)", "*")
                .replaceAll("\\{,\\}", ",")
                .replaceAll("\\\\[,!;: ]", "")
                .replaceAll("\\\\(?=[$%])", "")
                .replaceAll("\\\\(?:left|right|\\(|\\)|\\[|\\])", "")
                .replaceAll("\\*\\*|__|`", "");
    }

    private static Optional<NumericAnswer> marked(String text) {
        List<MatchResult> marks = MARK.matcher(text).results().toList();
        for (MatchResult mark : marks.reversed()) {
            String rest = text.substring(mark.end());
            Matcher end = END_OF_SENTENCE.matcher(rest.stripLeading());
            String sentence =
                    end.find() && end.start() > 0 ? rest.stripLeading().substring(0, end.start()) : rest;
            int equals = sentence.lastIndexOf('=');
            List<NumericAnswer> numbers = numbers(equals < 0 ? sentence : sentence.substring(equals + 1));
            if (!numbers.isEmpty()) {
                return Optional.of(numbers.getFirst());
            }
        }
        return Optional.empty();
    }

    private static Optional<NumericAnswer> last(String text) {
        List<NumericAnswer> numbers = numbers(text);
        return numbers.isEmpty() ? Optional.empty() : Optional.of(numbers.getLast());
    }

    private static List<NumericAnswer> numbers(String text) {
        List<NumericAnswer> numbers = new ArrayList<>();
        Matcher matcher = NUMBER.matcher(text);
        while (matcher.find()) {
            String before = text.substring(Math.max(0, matcher.start() - 30), matcher.start());
            if (!DENIED.matcher(before).find()) {
                of(matcher).ifPresent(numbers::add);
            }
        }
        return numbers;
    }

    private static Optional<NumericAnswer> of(Matcher matcher) {
        BigDecimal value = digits(matcher.group("digits"));
        String exponent = matcher.group("exponent");
        if (!exponent.isEmpty()) {
            int caret = exponent.lastIndexOf('^');
            String power = exponent.substring(caret < 0 ? 1 : caret + 1).replaceAll("[{}\\s+]", "");
            value = value.scaleByPowerOfTen(Integer.parseInt(power));
        }
        String under = matcher.group("under");
        if (under != null) {
            BigDecimal divisor = new BigDecimal(under);
            if (divisor.signum() == 0) {
                return Optional.empty();
            }
            value = value.divide(divisor, PRECISION);
        }
        String whole = matcher.group("whole");
        if (whole != null) {
            value = value.add(new BigDecimal(whole));
        }
        String power = matcher.group("power");
        if (power != null) {
            value = value.scaleByPowerOfTen(POWERS.getOrDefault(power.toLowerCase(Locale.ROOT), 0));
        }
        String sign = matcher.group("sign");
        boolean negative = sign != null && sign.startsWith("-") || matcher.group("signed") != null;
        return Optional.of(new NumericAnswer(negative ? value.negate() : value, matcher.group("percent") != null));
    }

    private static BigDecimal digits(String text) {
        boolean decimalComma = text.matches("\\d{1,3}(?:\\.\\d{3})+,\\d{1,2}|\\d+,\\d{1,2}");
        String plain = decimalComma ? text.replace(".", "").replace(',', '.') : text.replaceAll("[,' ]", "");
        return new BigDecimal(plain.startsWith(".") ? "0" + plain : plain);
    }

    /**
     * Whether two answers are the same number; 50 % is 0.5, and also 50, since a unit may be left out.
     *
     * @param tolerance relative to the right one
     */
    boolean equals(NumericAnswer right, double tolerance) {
        return near(value, right.value, tolerance)
                || percent != right.percent && near(share(), right.share(), tolerance);
    }

    /** A number that is another one by a tolerance too, as text. */
    String plusOne(double tolerance) {
        BigDecimal beyond = value.abs().multiply(BigDecimal.valueOf(2 * tolerance));
        return value.add(BigDecimal.ONE).add(beyond).toPlainString() + (percent ? "%" : "");
    }

    private BigDecimal share() {
        return percent ? value.movePointLeft(2) : value;
    }

    private static boolean near(BigDecimal a, BigDecimal b, double tolerance) {
        return a.subtract(b).abs().compareTo(b.abs().multiply(BigDecimal.valueOf(tolerance))) <= 0;
    }
}
