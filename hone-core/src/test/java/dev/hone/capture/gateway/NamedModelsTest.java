package dev.hone.capture.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hone.capture.upstream.Price;
import dev.hone.record.CapturedCall;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** However many models callers make up, the figures of a day have few rows. */
final class NamedModelsTest extends GatewayFixture {
    private List<String> routes() throws Exception {
        return calls().stream()
                .map(CapturedCall::facts)
                .map(facts -> facts.route() + " " + facts.variant())
                .toList();
    }

    @Test
    void namesThatNoServerAnswersToAreCountedTogether() throws Exception {
        prices = Map.of("priced", new Price(BigDecimal.ONE, BigDecimal.ONE, BigDecimal.ONE));
        String url = gateway(server("one", asked -> {
            String model = asked.json().path("model").asString();
            asked.say(model.equals("real") ? 200 : 404, "application/json", ANSWER);
        }));
        for (String model : List.of("made-up-1", "made-up-2", "priced", "model-of-one", "real", "*")) {
            post(url, "{\"model\":\"one/%s\"}".formatted(model));
        }
        post(url, "{\"model\":\"use-case/job\"}");
        assertEquals(
                List.of(
                        "one/* one/*",
                        "one/* one/*",
                        "one/priced one/priced",
                        "one/model-of-one one/model-of-one",
                        "one/real one/real",
                        "one/* one/*",
                        "job v-one"),
                routes());
        assertEquals("one/made-up-1", calls().getFirst().facts().model(), "the trace has the name");
        assertEquals(
                "made-up-1", calls().getFirst().facts().attempts().getFirst().model());
    }

    /** Some servers answer whatever they are called. */
    @Test
    void ofServersThatAnswerToAnyNameTheFirstAreToldApart() throws Exception {
        String url = gateway(server("one", asked -> asked.say(200, "application/json", ANSWER)));
        for (int i = 0; i < NamedModels.MOST + 20; i++) {
            post(url, "{\"model\":\"one/m%d\"}".formatted(i));
        }
        post(url, "{\"model\":\"one/m7\"}");
        assertEquals("one/m7 one/m7", routes().getLast());
        Set<String> rows = new HashSet<>(routes());
        assertEquals(NamedModels.MOST + 1, rows.size());
    }
}
