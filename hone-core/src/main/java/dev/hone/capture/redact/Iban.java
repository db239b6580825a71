package dev.hone.capture.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds an IBAN, written together or in groups; what follows it is not taken for a part of it. */
record Iban() implements Finder {
    private static final Pattern CANDIDATE = Pattern.compile("\\b[A-Za-z]{2}\\d{2}(?: ?[A-Za-z0-9]){11,30}");

    /** Characters by country: the registry of SWIFT, release 97. */
    private static final Map<String, Integer> LENGTHS = lengths("""
            AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24
            FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21
            LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22
            RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30""");

    private static Map<String, Integer> lengths(String table) {
        Map<String, Integer> lengths = new HashMap<>();
        for (String entry : table.split("\\s+")) {
            lengths.put(entry.substring(0, 2), Integer.parseInt(entry.substring(2)));
        }
        return Map.copyOf(lengths);
    }

    @Override
    public String kind() {
        return "IBAN";
    }

    @Override
    public List<Span> find(String text) {
        if (!Clues.hasLettersAndDigits(text)) {
            return List.of();
        }
        List<Span> spans = new ArrayList<>();
        Matcher matcher = CANDIDATE.matcher(text);
        int from = 0;
        while (from < text.length() && matcher.find(from)) {
            int start = matcher.start();
            int end = end(text, start, matcher.end());
            if (end > 0) {
                String same = text.substring(start, end).replace(" ", "").toUpperCase(Locale.ROOT);
                if (CheckDigits.isMod97(same)) {
                    spans.add(new Span(start, end, kind(), same));
                    from = end;
                    continue;
                }
            }
            from = start + 1;
        }
        return spans;
    }

    /** Where as many characters as the country's numbers have are over; 0 where there are fewer, or more without a gap. */
    private static int end(String text, int start, int limit) {
        Integer length = LENGTHS.get(text.substring(start, start + 2).toUpperCase(Locale.ROOT));
        if (length == null) {
            return 0;
        }
        int characters = 0;
        for (int at = start; at < limit; at++) {
            characters += text.charAt(at) == ' ' ? 0 : 1;
            if (characters == length) {
                boolean goesOn = at + 1 < text.length() && Character.isLetterOrDigit(text.charAt(at + 1));
                return goesOn ? 0 : at + 1;
            }
        }
        return 0;
    }
}
