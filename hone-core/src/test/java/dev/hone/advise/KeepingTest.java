package dev.hone.advise;

import static dev.hone.advise.AdviceReportTest.judged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.advise.Advice.Choice;
import dev.hone.advise.AdviceReportTest.Case;
import dev.hone.advise.SampledCall.Signal;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a model of one's own answers says nothing of the general model, and a use case that has one is asked whether to keep it. */
final class KeepingTest {
    private static final Instant LIVE = Instant.parse("2026-11-20T08:15:00Z");

    /** Forty calls of the general model, half of them good; sixty of the second version since it is live, and thirty of a bad one before. */
    private static Case mixed() {
        Case one = new Case();
        one.calls = 40;
        one.signal = i -> judged(i % 2 == 0);
        List<SampledCall> others = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            others.add(SampleCalls.by("support/3", LIVE.minusSeconds(60 + i), answered(one, i, judged(false))));
        }
        for (int i = 0; i < 60; i++) {
            others.add(SampleCalls.by("support/2", LIVE.plusSeconds(i), answered(one, i, judged(true))));
        }
        one.others = others;
        return one;
    }

    private static SampledCall answered(Case one, int i, Signal signal) {
        SampledCall call = one.call(i);
        return new SampledCall(call.id(), call.useCase(), call.said(), call.figures(), signal);
    }

    private static Case live() {
        Case one = mixed();
        one.live = new LiveModel.Pointed("support/2", LIVE);
        return one;
    }

    @Test
    void theGeneralModelsFiguresAreItsOwn() {
        UseCaseAdvice advice = mixed().only();
        Measures measures = advice.measures();
        assertEquals(130, measures.calls());
        assertEquals(90, measures.own());
        assertEquals(40, advice.answers(), "how answers look is seen in the general model's");
        assertEquals(List.of(40L, 20L), List.of(measures.judged(), measures.good()));
        assertEquals(40, measures.priced());
        assertEquals(0, new BigDecimal("0.0021").compareTo(advice.scenario().get(Input.PRICE)));
        assertEquals("openai/gpt-4.1-mini-2025-04-14", measures.model());
        assertEquals(400, Objects.requireNonNull(measures.promptTokens()), 0);
        assertEquals(800, Objects.requireNonNull(measures.median()), 0);
        assertEquals(130 * 365.0 / 12 / 30, measures.perMonth(), 1e-9, "volume is of all calls");
        assertEquals(Choice.PROMPT, advice.advice().choice(), "half of its answers are good, whatever others' are");
        assertTrue(
                advice.advice()
                        .reasons()
                        .toString()
                        .contains("90 of 130 calls that were looked at were answered by models of its own"),
                advice.advice().toString());
    }

    @Test
    void callsThatCostNothingAreNoPrice() {
        Case one = new Case();
        one.cost = "0";
        one.prices = new Prices("USD", true, Map.of(), one.prices.inputs());
        UseCaseAdvice advice = one.only();
        assertFalse(advice.priced());
        assertEquals(Choice.UNKNOWN, advice.advice().choice());
        assertTrue(
                advice.advice().unknown().toString().contains("what a call costs: 60 cost 0, which is no price;"),
                advice.advice().toString());
        one.others = List.of(SampleCalls.at(LIVE, priced(one, "0.0040")));
        assertEquals(0, new BigDecimal("0.0040").compareTo(one.only().scenario().get(Input.PRICE)));
    }

    private static SampledCall priced(Case one, String cost) {
        one.cost = cost;
        SampledCall call = one.call(0);
        one.cost = "0";
        return call;
    }

    @Test
    void whoHasAModelOfItsOwnIsTold() {
        Case one = live();
        one.weight = 5_000;
        UseCaseAdvice advice = one.only();
        assertEquals(new LiveModel("support/2", LIVE, 60, 60, 60, 60), advice.live());
        assertEquals(Choice.OWN, advice.advice().choice());
        String sentence = advice.advice().sentence();
        assertTrue(
                sentence.startsWith(
                        "It has a model of its own, support/2, live since 2026-11-20 08:15 UTC: it answered 60 of 60 calls that were looked at since then. Keep it: a month costs "),
                sentence);
        assertTrue(sentence.endsWith(" Its answers are better."), sentence);
        assertTrue(
                advice.advice().reasons().contains("100 % of 60 judged answers of support/2 are good (94 % to 100 %)"),
                advice.advice().toString());
        assertFalse(advice.advice().toString().contains("draws pay within"), "it is paid for");
        one.live = new LiveModel.Pointed("support/2", LIVE.minusSeconds(80));
        assertEquals(
                81, Objects.requireNonNull(one.only().live()).calls(), "the bad version's since then are calls, too");
    }

    /** The numbers that are named are those where it turns. */
    @Test
    void theNamedCallsTurnIt() {
        Case one = live();
        one.signal = i -> judged(true);
        one.weight = 5_000;
        UseCaseAdvice much = one.only();
        Advice.Change fewer = much.advice().changes().getFirst();
        assertEquals(List.of("calls a month", Choice.STAY), List.of(fewer.what(), fewer.then()));
        double turns = Double.parseDouble(fewer.needed().replaceAll("[^0-9]", ""));
        one.weight = 5_000 * turns * 0.6 / much.measures().perMonth();
        UseCaseAdvice few = one.only();
        assertTrue(
                few.advice().sentence().contains("By its costs it is not worth keeping"),
                few.advice().sentence());
        assertTrue(
                few.advice().sentence().endsWith("Its answers are not shown to be worse."),
                few.advice().sentence());
        Advice.Change more = few.advice().changes().getFirst();
        assertEquals(Choice.OWN, more.then());
        assertEquals(turns, Double.parseDouble(more.needed().replaceAll("[^0-9]", "")), 1);
        one.weight = 5_000 * turns * 1.4 / much.measures().perMonth();
        assertTrue(
                one.only().advice().sentence().contains(" Keep it: "),
                one.only().advice().sentence());
    }

    @Test
    void whatIsBetterAndCostsMoreIsWorthAWrongAnswersCost() {
        Case one = live();
        UseCaseAdvice advice = one.only();
        assertTrue(
                advice.advice()
                        .sentence()
                        .matches(".* Keep it where a wrong answer costs [0-9.]+ USD or more: it is better, and .*"),
                advice.advice().sentence());
        double named =
                Double.parseDouble(advice.advice().sentence().replaceAll(".*costs ([0-9.]+) USD or more.*", "$1"));
        double lost =
                advice.costs().tuned().doubleValue() - advice.costs().now().doubleValue();
        double calls = advice.scenario().get(Input.CALLS).doubleValue();
        assertEquals(lost / (calls * 0.5), named, 0.01 * named, "half of the answers are better");
    }

    @Test
    void whatIsWorseIsNotKept() {
        Case one = mixed();
        one.weight = 5_000;
        one.live = new LiveModel.Pointed("support/3", LIVE.minusSeconds(3_600));
        Advice advice = one.only().advice();
        assertTrue(
                advice.sentence()
                        .endsWith(
                                "it answered 30 of 90 calls that were looked at since then. Do not keep it: 0 % of its judged answers are good, and 50 % of the general model's (hone canary stop support --live)."),
                advice.sentence());
        assertEquals(Choice.OWN, advice.changes().getFirst().then());
    }

    @Test
    void whatIsNotKnownOfItIsSaid() {
        Case one = live();
        one.cost = null;
        one.prices = new Prices("USD", true, Map.of(), one.prices.inputs());
        one.signal = i -> Signal.NONE;
        Advice advice = one.only().advice();
        assertTrue(
                advice.sentence().endsWith("not known: nobody knows what a call of the general model costs."),
                advice.sentence());
        assertTrue(
                advice.unknown()
                        .contains(
                                "how good the general model's answers are: 0 were judged, 20 are needed (--days looks farther back)"),
                advice.toString());
        one = mixed();
        one.live = new LiveModel.Pointed("support/4", LIVE);
        assertTrue(
                one.only().advice().sentence().endsWith("since it answers none of them: hone canary status support."),
                one.only().advice().sentence());
    }
}
