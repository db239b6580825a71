package dev.hone.advise;

import dev.hone.record.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Words of texts of others, whatever these are: few, and short. */
final class Words {
    private static final int MOST = 600;
    private static final int LONGEST = 48;

    private Words() {}

    /** What stands between spaces, cut, with one sign for the digits of a number. */
    static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int at = 0;
        while (at < text.length() && pieces.size() < MOST) {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            int from = at;
            while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            if (at > from) {
                pieces.add(masked(text.substring(from, Math.min(at, from + LONGEST))));
            }
        }
        return pieces;
    }

    private static String masked(String piece) {
        StringBuilder masked = new StringBuilder();
        boolean digits = false;
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            boolean digit = Character.isDigit(c);
            if (!digit || !digits) {
                masked.append(digit ? '#' : c);
            }
            digits = digit;
        }
        return masked.toString();
    }

    /** Runs of letters, in small ones, of three to 24; what is longer is no word. */
    static List<String> letters(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i <= text.length() && words.size() < MOST; i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            if (Character.isLetter(c) || c == '\'' && !word.isEmpty()) {
                if (word.length() <= LONGEST) {
                    word.append(c);
                }
            } else {
                if (word.length() >= 3 && word.length() <= 24) {
                    words.add(word.toString().toLowerCase(Locale.ROOT));
                }
                word.setLength(0);
            }
        }
        return words;
    }

    /** A number for pieces that follow each other (the finaliser of SplitMix64 over each). */
    static long hash(List<String> pieces, int from, int size) {
        long hash = size;
        for (int i = from; i < from + size; i++) {
            hash = Seeds.mix(hash, pieces.get(i).hashCode());
        }
        return hash;
    }
}
