package dev.hone.capture.redact;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds telephone numbers that exist by the numbering plans of libphonenumber. A text of more digits than can be looked through counts as
 * one as a whole.
 *
 * @param regions ISO 3166 codes of countries whose numbers are written without a country code
 */
record Phone(List<String> regions) implements Finder {
    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();

    /** Digits of one text that are looked through: each costs some microseconds. */
    static final int MOST_DIGITS = 100_000;

    /** What is looked at on both sides of digits, in characters; no number has as many between its digits. */
    private static final int MARGIN = 64;

    Phone {
        regions = List.copyOf(regions);
        for (String region : regions) {
            if (!NUMBERS.getSupportedRegions().contains(region)) {
                throw new IllegalArgumentException(
                        "[%s] is no country of telephone numbers: write two capital letters such as [DE]"
                                .formatted(region));
            }
        }
    }

    @Override
    public String kind() {
        return "PHONE";
    }

    @Override
    public List<Span> find(String text) {
        List<Span> spans = new ArrayList<>();
        int digits = 0;
        int from = -1;
        int last = 0;
        for (int at = 0; at < text.length(); at++) {
            // Only as code points are digits of the higher planes ones.
            if (!Character.isDigit(text.codePointAt(at))) {
                continue;
            }
            if (++digits > MOST_DIGITS) {
                return List.of(new Span(0, text.length(), kind(), text));
            }
            if (from >= 0 && at - last > 2 * MARGIN) {
                find(text, from, last + MARGIN, spans);
                from = -1;
            }
            if (from < 0) {
                from = Math.max(0, at - MARGIN);
            }
            last = at;
        }
        if (from >= 0) {
            find(text, from, Math.min(text.length(), last + MARGIN), spans);
        }
        return Spans.apart(spans);
    }

    private void find(String text, int from, int to, List<Span> spans) {
        String part = text.substring(from, to);
        for (String region : regions.isEmpty() ? List.of("ZZ") : regions) {
            for (PhoneNumberMatch match :
                    NUMBERS.findNumbers(part, region, PhoneNumberUtil.Leniency.VALID, Long.MAX_VALUE)) {
                String same = NUMBERS.format(match.number(), PhoneNumberUtil.PhoneNumberFormat.E164);
                spans.add(new Span(from + match.start(), from + match.end(), kind(), same));
            }
        }
    }
}
