package dev.hone.advise;

/**
 * What there is to learn from.
 *
 * @param byExperts that experts gave, on calls or rows
 * @param cameWith that came with imported rows; nobody here knows who gave them
 */
public record RightAnswers(long byExperts, long cameWith) {
    public static final RightAnswers NONE = new RightAnswers(0, 0);

    public long all() {
        return byExperts + cameWith;
    }

    /** What there is more of; what was looked at may be more than the store counts. */
    RightAnswers atLeast(RightAnswers other) {
        return all() >= other.all() ? this : other;
    }

    /** Whose they are, in words; empty where there are none. */
    public String whose() {
        if (all() == 0) {
            return "";
        }
        if (cameWith == 0) {
            return "all given by experts";
        }
        return byExperts == 0
                ? "all came with imported rows"
                : "%,d given by experts, %,d came with imported rows".formatted(byExperts, cameWith);
    }
}
