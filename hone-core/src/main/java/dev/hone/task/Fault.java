package dev.hone.task;

/** Why something cannot be used, and where it is. */
public interface Fault {
    /** For people, such as {@code line 3}. */
    String place();

    /** It may name a key or a value. */
    String reason();

    /** The reason without what is said of this one alone: by it many are counted. */
    String kind();
}
