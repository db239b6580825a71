package dev.hone.advise;

import static dev.hone.advise.AdviceReportTest.judged;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.advise.Advice.Choice;
import dev.hone.advise.AdviceReportTest.Case;
import dev.hone.advise.SampledCall.Signal;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Where too little is known there is no verdict, but what is missing, and what brings it. */
final class UnknownAdviceTest {
    private static IntFunction<Signal> first(int judged, int good) {
        return i -> i < judged ? judged(i < good) : Signal.NONE;
    }

    @Test
    void fewerThanTwentyJudgmentsAreNoVerdict() {
        Case one = new Case();
        one.weight = 5_000;
        one.demonstrations = 500;
        one.signal = first(19, 19);
        Advice advice = one.only().advice();
        assertEquals(Choice.UNKNOWN, advice.choice());
        assertTrue(
                advice.sentence()
                        .matches(
                                "Not known: nobody knows how good answers are now\\. By costs alone, a model of its own pays for itself in [0-9.]+ months \\(nine of ten: .*\\), were it as good\\."),
                advice.sentence());
        assertTrue(
                advice.unknown()
                        .contains(
                                "how good answers are now: 19 calls were judged, 20 are needed (POST /v1/feedback, of the kind boolean)"),
                advice.toString());
        one.signal = first(20, 20);
        assertEquals(Choice.POST_TRAIN, one.choice());
        one.weight = 1;
        one.signal = i -> Signal.NONE;
        Advice little = one.only().advice();
        assertEquals(Choice.UNKNOWN, little.choice());
        assertTrue(little.sentence().contains("By costs alone, nothing else pays"), little.sentence());
    }

    /** With so many of twenty good the verdict is what is named, and with one fewer it is another. */
    @Test
    void howManyMustBeGoodIsTheNumberThatTurnsIt() {
        Case one = new Case();
        one.signal = first(3, 1);
        List<Advice.Change> changes = one.only().advice().changes();
        assertEquals(
                List.of(new Advice.Change("good answers among the judged", "1 of 3", "at least 13 of 20", Choice.STAY)),
                changes);
        one.signal = first(20, 13);
        assertEquals(Choice.STAY, one.choice());
        one.signal = first(20, 12);
        assertEquals(Choice.PROMPT, one.choice());
    }

    /** Thirty rows of a file that happen to have labels: nothing says that a classic model is the thing to have. */
    @Test
    void labelsOfAFileAloneAreNoVerdict() {
        Case one = new Case();
        one.calls = 30;
        one.cost = null;
        one.labels = true;
        one.rows = true;
        one.cameWith = 30;
        one.signal = i -> new Signal(0, null, false, true, false);
        UseCaseAdvice only = one.only();
        assertTrue(only.closed());
        assertEquals(Choice.UNKNOWN, only.advice().choice());
        assertEquals(
                "Not known: nobody knows how good answers are now, how often it is called and what a call costs.",
                only.advice().sentence());
        assertTrue(
                only.advice()
                        .reasons()
                        .contains("30 right answers are there, of 500 to learn from: all came with imported rows"),
                only.advice().toString());
        assertEquals(List.of(), only.advice().changes());
        one.demonstrations = 5;
        assertTrue(
                one.only()
                        .advice()
                        .reasons()
                        .contains(
                                "35 right answers are there, of 500 to learn from: 5 given by experts, 30 came with imported rows"),
                one.only().advice().toString());
    }

    /** What is poor and has nothing to learn from wants a better prompt whatever a call costs; what has rows may pay. */
    @Test
    void poorAnswersNeedNoPrice() {
        Case one = new Case();
        one.cost = null;
        one.prices = new Prices("USD", true, java.util.Map.of(), one.prices.inputs());
        one.signal = i -> judged(false);
        assertEquals(Choice.PROMPT, one.choice());
        one.demonstrations = 500;
        assertEquals(Choice.UNKNOWN, one.choice());
    }

    @Test
    void anEvaluationWithoutAVerdictSaysNothing() {
        Case one = new Case();
        one.evaluated = new Evaluated(null, "", "2026-11-20");
        Advice advice = one.only().advice();
        assertFalse(advice.reasons().toString().contains("nothing"), advice.toString());
        assertTrue(
                advice.unknown()
                        .contains(
                                "how well a tuned and a classic model do it: the evaluation of 2026-11-20 has no verdict (hone demo --data)"),
                advice.toString());
    }

    @Test
    void pricesHaveThreeDigits() {
        Case one = new Case();
        one.cost = "0.0000006760994263862333";
        Advice.Change price = one.only().advice().changes().stream()
                .filter(change -> change.what().equals("price of a call now"))
                .findFirst()
                .orElseThrow();
        assertEquals("0.000000676 USD", price.now());
        assertTrue(
                price.needed().matches("at least [0-9]\\.?[0-9]{0,2} USD|at least [1-9][0-9.]{0,3} USD"),
                price.needed());
    }
}
