package dev.hone.demo;

import java.time.Duration;

/**
 * How much of everything there is.
 *
 * @param quick whether it is the toy job
 * @param generalErrors share of the general model's answers that are wrong
 * @param expertErrors share of the expert's that are
 * @param userErrors share of the users' words that are
 * @param opening calls while the general model answers
 * @param before calls of old tools by the first version
 * @param patience calls after the shift in which it should have been noticed
 * @param look calls after which the demo asks what was noticed
 * @param labels with which a round begins after drift
 * @param judge share of the watched calls that chance draws for versions to be judged by. A story of half an hour has few calls: with the usual fifth a round was judged by
 *     19 new tasks beside 43 earlier ones, and no difference that a round can make is seen in these
 * @param firstEpochs of the first version
 * @param badTasks that the bad version learns from, with answers shuffled among them
 * @param afterwards calls after the promotion, before the bad version comes
 * @param ending calls after the bad version went
 * @param atOnce users at once
 * @param pause of a user between two conversations
 * @param seldom between two calls of all users while a round is worked on, which has the same processors
 */
public record Plan(
        boolean quick,
        long seed,
        double generalErrors,
        double expertErrors,
        double userErrors,
        int opening,
        int before,
        int patience,
        int look,
        int labels,
        double judge,
        double firstEpochs,
        int badTasks,
        int afterwards,
        int ending,
        int atOnce,
        Duration pause,
        Duration seldom) {
    /** Of sentences and tools. */
    public static Plan standard(long seed) {
        return new Plan(
                false,
                seed,
                0.35,
                0.05,
                0.03,
                40,
                160,
                400,
                60,
                280,
                0.6,
                3,
                120,
                300,
                120,
                8,
                Duration.ofMillis(100),
                Duration.ofSeconds(20));
    }

    /** Of letters and a tiny model. */
    public static Plan quick(long seed) {
        return new Plan(
                true,
                seed,
                0.35,
                0.05,
                0.03,
                40,
                160,
                600,
                60,
                280,
                0.2,
                4,
                200,
                300,
                120,
                8,
                Duration.ofMillis(400),
                Duration.ofSeconds(1));
    }
}
