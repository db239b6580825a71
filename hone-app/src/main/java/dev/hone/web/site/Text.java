package dev.hone.web.site;

/** Text that others wrote, of any length: its beginning is shown, and the rest where it is asked for. */
public record Text(String whole) {
    private static final int SHOWN = 4_000;
    private static final int FOLDED = 64_000;

    /** What is seen at once. */
    public String head() {
        return whole.substring(0, cut(SHOWN));
    }

    /** What is folded away; empty when all is seen at once. */
    public String rest() {
        return whole.substring(cut(SHOWN), cut(FOLDED));
    }

    /** Whether even unfolded it ends before its end. */
    public boolean isCut() {
        return whole.length() > FOLDED;
    }

    public boolean isEmpty() {
        return whole.isEmpty();
    }

    public String length() {
        return Figures.count(whole.length());
    }

    /** Never in the middle of a letter that takes two places. */
    private int cut(int most) {
        if (whole.length() <= most) {
            return whole.length();
        }
        return Character.isHighSurrogate(whole.charAt(most - 1)) ? most - 1 : most;
    }
}
