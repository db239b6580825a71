package dev.hone.run;

import dev.hone.advise.Evaluated;
import dev.hone.advise.Input;
import dev.hone.advise.Prices;
import dev.hone.store.Database;
import dev.hone.store.EvaluationList;
import dev.hone.store.EvaluationList.Listed;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What stored evaluations say to whoever advises: their verdicts, and how fast models of one's own were. */
final class StoredEvaluations {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** How reports that train and judge at once call what they trained. */
    private static final String TRAINED = "fine-tuned";

    private final EvaluationList evaluations;

    StoredEvaluations(Database database) {
        this.evaluations = new EvaluationList(database);
    }

    /** The newest verdict of each use case of a project; where it has reports alone that have none, the newest of these. */
    Map<String, Evaluated> verdicts(UUID project) {
        Map<String, Evaluated> verdicts = new HashMap<>();
        evaluations.newest(project).forEach(listed -> verdicts.put(listed.useCase(), evaluated(project, listed)));
        evaluations
                .newestWithVerdict(project)
                .forEach(listed -> verdicts.put(listed.useCase(), evaluated(project, listed)));
        return verdicts;
    }

    private Evaluated evaluated(UUID project, Listed listed) {
        return new Evaluated(
                listed.choice(),
                report(project, listed).path("verdict").path("sentence").asString(""),
                listed.created().atOffset(ZoneOffset.UTC).toLocalDate().toString());
    }

    private JsonNode report(UUID project, Listed listed) {
        try {
            return evaluations
                    .find(project, listed.id())
                    .map(judged -> JSON.readTree(judged.evaluation().report()))
                    .orElseGet(JSON::createObjectNode);
        } catch (JacksonException e) {
            return JSON.createObjectNode();
        }
    }

    /** What the newest evaluation of each use case measured of its own model, in place of what prices say of any; not what somebody gave. */
    Map<String, Map<Input, BigDecimal>> measured(UUID project, Prices prices) {
        Map<String, Map<Input, BigDecimal>> measured = new HashMap<>();
        for (Listed listed : evaluations.newest(project)) {
            JsonNode report = report(project, listed);
            Map<Input, BigDecimal> speeds = new EnumMap<>(Input.class);
            put(speeds, prices, Input.TOKENS_PER_SECOND, answers(listed, report));
            put(
                    speeds,
                    prices,
                    Input.TRAINING_TOKENS_PER_SECOND,
                    report.path("training").path("tokensPerSecond").asDouble(0));
            measured.put(listed.useCase(), speeds);
        }
        return measured;
    }

    private static void put(Map<Input, BigDecimal> speeds, Prices prices, Input input, double value) {
        Prices.Stated stated = prices.inputs().get(input);
        boolean given = stated != null && stated.origin().source().startsWith(Advising.GIVEN);
        if (!given && value > 0 && Double.isFinite(value)) {
            speeds.put(input, BigDecimal.valueOf(value));
        }
    }

    /** Of the newest version that a report judges, or else of what it calls trained; 0 where it has neither. */
    private static double answers(Listed listed, JsonNode report) {
        String version = listed.versions().isEmpty()
                ? ""
                : listed.useCase() + "/" + listed.versions().getLast();
        double trained = 0;
        for (JsonNode contender : report.path("contenders")) {
            String name = contender.path("name").asString("");
            double speed = contender.path("tokensPerSecond").asDouble(0);
            if (name.equals(version)) {
                return speed;
            }
            if (name.contains(TRAINED)) {
                trained = Math.max(trained, speed);
            }
        }
        return trained;
    }
}
