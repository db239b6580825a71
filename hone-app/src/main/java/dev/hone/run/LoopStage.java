package dev.hone.run;

/** What a {@link Loop} does, one after the other; told to its listener. */
public enum LoopStage {
    FETCHING("fetch"),
    PREPARING("split and check"),
    MEASURING("measure"),
    FINE_TUNING("fine-tune"),
    /** Where there is a reward, and time for it. */
    REINFORCING("reinforce"),
    ASKING_OTHERS("judge others"),
    ASKING_TRAINED("judge the trained");

    private final String label;

    LoopStage(String label) {
        this.label = label;
    }

    /** In a word or two. */
    public String label() {
        return label;
    }
}
