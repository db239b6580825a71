package dev.hone.capture.redact;

import com.google.re2j.Pattern;

/** Whether numbers can be what they look like. */
final class CheckDigits {
    /** By the first digits: Visa, Mastercard, American Express, Diners, JCB, Discover, Maestro, UnionPay. */
    private static final Pattern ISSUERS = Pattern.compile(
            "4\\d{12}(?:\\d{3}){0,2}|(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)\\d+|3[47]\\d{13}|3(?:0[0-5]|[689])\\d+|35\\d{14}|6\\d+|5[06789]\\d+");

    private CheckDigits() {}

    static String digits(String text) {
        StringBuilder digits = new StringBuilder();
        text.chars().filter(Character::isDigit).forEach(digit -> digits.append((char) digit));
        return digits.toString();
    }

    static boolean isCard(String digits) {
        return digits.length() >= 13 && digits.length() <= 19 && ISSUERS.matches(digits) && isLuhn(digits);
    }

    /** Every second digit from the last but one on counts twice, its digits added: the sum ends with 0 (ISO/IEC 7812-1). */
    static boolean isLuhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int counted = i % 2 == 0 ? digit : 2 * digit;
            sum += counted > 9 ? counted - 9 : counted;
        }
        return sum % 10 == 0;
    }

    /** With the first four characters at the end and letters as 10 to 35, the number leaves 1 over 97 (ISO 7064). */
    static boolean isMod97(String iban) {
        int rest = 0;
        for (int i = 0; i < iban.length(); i++) {
            int value = Character.digit(iban.charAt((i + 4) % iban.length()), 36);
            rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
        }
        return rest == 1;
    }
}
