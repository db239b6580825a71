package dev.hone.load;

import dev.hone.loop.RoundStep;
import dev.hone.store.Database;
import dev.hone.store.StoreFixture;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the store says of which versions of one's own had calls, and when they might. */
record VersionTraffic(Database database) {
    private static final String OWN = """
              FROM attempt a JOIN trace t ON t.id = a.trace JOIN use_case u ON u.id = t.use_case
              JOIN model_version v ON v.use_case = u.id AND a.model = u.name || '/' || v.number
            """;

    /** Rollouts that began before their version had passed its gates. */
    List<String> offeredBeforeItPassed() {
        return texts("""
                SELECT u.name || '/' || r.number FROM rollout r JOIN use_case u ON u.id = r.use_case
                 WHERE NOT EXISTS (SELECT FROM gate_verdict g WHERE g.version = r.version AND g.passed AND g.created <= r.created)
                """);
    }

    /** Calls, and copies of calls, that a version was asked before it had passed its gates; or before it was live, had a share of the users or, of copies, was to have these. */
    List<String> askedBeforeItMight() {
        return texts("SELECT a.trace || ' ' || a.model" + OWN + """
                 WHERE NOT EXISTS (SELECT FROM gate_verdict g WHERE g.version = v.id AND g.passed AND least_id(g.created) <= a.trace)
                    OR NOT EXISTS (SELECT FROM alias_change c
                                    WHERE c.use_case = u.id AND c.name = 'live' AND c.number_after = v.number AND least_id(c.changed) <= a.trace)
                   AND NOT EXISTS (SELECT FROM rollout r JOIN rollout_decision d ON d.rollout = r.id
                                    WHERE r.version = v.id AND d.action = CASE WHEN t.shadow_of IS NULL THEN 'canary' ELSE 'shadow' END
                                      AND least_id(d.at) <= a.trace)
                """);
    }

    /** Versions that were ever asked, for users or for copies. */
    List<String> asked() {
        return texts("SELECT DISTINCT a.model" + OWN + " ORDER BY 1");
    }

    /** Of each call of users the variant that answered, and its model. */
    Map<String, String> answered() {
        Map<String, String> answered = new HashMap<>();
        for (String row : texts("""
                SELECT t.id || ' ' || t.variant || ' ' || a.model FROM trace t JOIN attempt a ON a.trace = t.id AND a.variant = t.variant
                 WHERE t.shadow_of IS NULL
                """)) {
            String[] words = row.split(" ", 2);
            answered.put(words[0], words[1]);
        }
        return answered;
    }

    /** Phase and step of the newest rollout of a use case; empty where there is none. */
    String place(String useCase) {
        List<String> places = texts("""
                SELECT r.phase || ' ' || r.step FROM rollout r JOIN use_case u ON u.id = r.use_case WHERE u.name = '%s' ORDER BY r.id
                """.formatted(useCase));
        return places.isEmpty() ? "" : places.getLast();
    }

    /** Whether the store has what a step of the second round makes, as far as it keeps that. */
    boolean made(String useCase, RoundStep step) {
        String rows = switch (step) {
            case DATASET -> "dataset";
            case TRAINING -> "";
            case REGISTRATION -> "model_version";
            case EVALUATION -> "evaluation";
            case GATES -> "gate_verdict";
            case ROLLOUT -> "rollout";
        };
        int before = step == RoundStep.ROLLOUT ? 0 : 1;
        return !rows.isEmpty()
                && Integer.parseInt(texts(
                                        "SELECT count(*)::text FROM %s x JOIN use_case u ON u.id = x.use_case WHERE u.name = '%s'"
                                                .formatted(rows, useCase))
                                .getFirst())
                        > before;
    }

    private List<String> texts(String sql) {
        return StoreFixture.texts(database, sql);
    }
}
