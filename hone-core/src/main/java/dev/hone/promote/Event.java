package dev.hone.promote;

/** What may move a rollout. */
public sealed interface Event {
    /** The candidate's server answers. @param passed whether its gates said last that it may have calls */
    record Answers(boolean passed) implements Event {}

    /** What has come of calls was judged. */
    record Judged(Decision decision) implements Event {}

    /** The charter gives the step that is going on another share. */
    record Redeclared() implements Event {}

    /** It may have no calls: it did not pass, its files are not what they were or cannot be opened, or what it was compared with is not live any more. */
    record Unfit(String why) implements Event {}

    /** Its server answers calls so badly that they are kept away from it. */
    record Fails(String why) implements Event {}

    /** A person asks for something. */
    record Asked(Command command, String who) implements Event {}
}
