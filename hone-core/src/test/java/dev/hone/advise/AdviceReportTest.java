package dev.hone.advise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.advise.Advice.Choice;
import dev.hone.advise.LiveModel.Pointed;
import dev.hone.advise.SampledCall.Signal;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Verdicts and what stands around them. */
final class AdviceReportTest {
    private static final String JOB = "Write a short and friendly reply to the message of a customer of our shop.";

    /** What differs between cases. */
    static final class Case {
        int calls = 60;
        double weight = 1;

        @Nullable
        String cost = "0.0021";

        @Nullable
        BigDecimal price;

        @Nullable
        String useCase = "support";

        boolean labels;
        boolean rows;
        IntFunction<Signal> signal = i -> judged(true);
        long demonstrations;
        long cameWith;

        @Nullable
        Pointed live;

        List<SampledCall> others = List.of();

        @Nullable
        Evaluated evaluated;

        Map<String, Map<Input, BigDecimal>> measured = Map.of();

        Prices prices = PriceReader.committed();

        AdviceReport report() {
            List<SampledCall> seen = new ArrayList<>(others);
            IntStream.range(0, calls).mapToObj(this::call).forEach(seen::add);
            return AdviceReport.of(
                    new UseCaseFinder(20, 7, (done, of) -> {}).find(seen, WordTopics::new),
                    new AdviceReport.Facts(
                            "default",
                            Instant.parse("2026-11-27T00:00:00Z"),
                            30,
                            30,
                            Math.round(seen.size() * weight),
                            seen.size(),
                            "words",
                            Map.of("support", new RightAnswers(demonstrations, cameWith)),
                            evaluated == null ? Map.of() : Map.of("support", evaluated),
                            measured,
                            live == null ? Map.of() : Map.of("support", live),
                            price),
                    prices);
        }

        SampledCall call(int i) {
            SampledCall call = SampleCalls.call(
                    SampleCalls.chat(JOB, "Where is my parcel number " + i + "? It was sent " + i + " days ago."),
                    SampleCalls.said(labels ? "queue_" + i % 4 : "Dear customer, it was sent on day " + i + "."),
                    cost,
                    useCase,
                    signal.apply(i));
            return rows ? SampleCalls.row(call) : call;
        }

        UseCaseAdvice only() {
            AdviceReport report = report();
            assertEquals(1, report.useCases().size(), report.toString());
            return report.useCases().getFirst();
        }

        Choice choice() {
            return only().advice().choice();
        }
    }

    static Signal judged(boolean good) {
        return new Signal(1, good, false, false, false);
    }

    @Test
    void whatPaysIsPostTrained() {
        Case one = new Case();
        one.weight = 5_000;
        one.demonstrations = 500;
        UseCaseAdvice advice = one.only();
        assertEquals(Choice.POST_TRAIN, advice.advice().choice());
        assertEquals("support", advice.name());
        assertEquals(500, advice.rightAnswers().all());
        assertEquals(
                0,
                new BigDecimal("0.126").compareTo(advice.measures().spend().getOrDefault("USD", BigDecimal.ZERO)),
                "60 calls of 0.0021");
        assertEquals(0, new BigDecimal("0.0021").compareTo(advice.scenario().get(Input.PRICE)));
        assertEquals(60 * 5_000 * 365.0 / 12 / 30, advice.measures().perMonth(), 1e-6);
        assertTrue(advice.fixed() > 0.3 && advice.fixed() < 0.9, "fixed: " + advice.fixed());
        assertTrue(
                advice.advice().sentence().startsWith("Post-train: it pays for itself in "),
                advice.advice().sentence());
    }

    /** The number that is named is the one where the verdict turns: with it, half of the draws pay, or nearly so. */
    @Test
    void littleVolumeStaysAndTheNamedNumberTurnsIt() {
        Case one = new Case();
        one.demonstrations = 500;
        UseCaseAdvice advice = one.only();
        assertEquals(Choice.STAY, advice.advice().choice());
        Advice.Change calls = advice.advice().changes().getFirst();
        assertEquals("calls a month", calls.what());
        assertEquals(Choice.POST_TRAIN, calls.then());
        double needed = Double.parseDouble(calls.needed().replaceAll("[^0-9]", ""));
        one.weight = needed * 1.4 / advice.measures().perMonth();
        assertEquals(Choice.POST_TRAIN, one.choice());
        one.weight = needed * 0.6 / advice.measures().perMonth();
        assertEquals(Choice.STAY, one.choice());
    }

    @Test
    void labelsAreForAClassicModel() {
        Case one = new Case();
        one.weight = 5_000;
        one.labels = true;
        UseCaseAdvice advice = one.only();
        assertEquals(Choice.CLASSIC, advice.advice().choice());
        assertTrue(advice.closed());
        assertEquals(4, advice.distinct());
        assertTrue(
                advice.advice().reasons().toString().contains("4 different ones in 60"),
                advice.advice().toString());
        one.weight = 1;
        assertEquals(Choice.STAY, one.choice(), "sixty calls a month pay for no engineer");
    }

    @Test
    void poorAnswersWantABetterPromptFirst() {
        Case one = new Case();
        one.signal = i -> judged(false);
        assertEquals(Choice.PROMPT, one.choice());
        one.signal = i -> judged(true);
        assertEquals(Choice.STAY, one.choice());
        one.signal = i -> judged(false);
        one.weight = 5_000;
        assertEquals(Choice.PROMPT, one.choice(), "nothing is there to learn from");
        one.demonstrations = 500;
        assertEquals(Choice.POST_TRAIN, one.choice());
    }

    @Test
    void anEvaluationGoesBefore() {
        Case one = new Case();
        one.weight = 5_000;
        one.labels = true;
        one.evaluated = new Evaluated("post-train", "Take the post-trained model: it is better.", "2026-11-20");
        assertEquals(Choice.POST_TRAIN, one.choice());
        one.evaluated = new Evaluated("stay", "Stay with what you have.", "2026-11-20");
        assertEquals(Choice.STAY, one.choice());
        one.labels = false;
        one.evaluated = new Evaluated("classic", "Use the cheaper classic model.", "2026-11-20");
        assertEquals(Choice.CLASSIC, one.choice());
        assertTrue(one.only().advice().reasons().getFirst().contains("2026-11-20"));
        one.weight = 1;
        one.evaluated = new Evaluated("post-train", "Take it.", "2026-11-20");
        assertEquals(Choice.STAY, one.choice(), "better, and does not pay");
    }

    @Test
    void missingPricesAreSaidAndCanBeGiven() {
        Case one = new Case();
        one.cost = null;
        one.weight = 50_000;
        assertTrue(one.only().priced(), "the model has a price");
        assertEquals(
                0, new BigDecimal("0.000192").compareTo(one.only().scenario().get(Input.PRICE)), "400 and 20 tokens");
        one.prices = new Prices("USD", true, Map.of(), one.prices.inputs());
        UseCaseAdvice unknown = one.only();
        assertFalse(unknown.priced());
        assertEquals(Choice.UNKNOWN, unknown.advice().choice());
        assertEquals(
                "Not known: nobody knows what a call costs.", unknown.advice().sentence());
        assertTrue(
                unknown.advice().unknown().toString().contains("what a call costs"),
                unknown.advice().toString());
        assertTrue(
                unknown.advice().changes().stream()
                        .anyMatch(change -> change.what().equals("price of a call now")),
                "what it would have to cost is known all the same");
        assertTrue(
                one.report().notes().toString().contains("nobody knows what a call costs"),
                one.report().notes().toString());
        one.price = new BigDecimal("0.01");
        assertEquals(Choice.POST_TRAIN, one.choice());
    }

    @Test
    void anotherCurrencyIsNotMixed() {
        Case one = new Case();
        one.prices = new Prices("EUR", true, Map.of(), one.prices.inputs());
        AdviceReport report = one.report();
        assertFalse(report.useCases().getFirst().priced());
        assertTrue(
                report.notes().toString().contains("Calls cost [USD], and prices are in [EUR]"),
                report.notes().toString());
    }

    @Test
    void noTracesAndOneUseCaseAreSaid() {
        Case one = new Case();
        one.calls = 0;
        assertTrue(one.report().notes().getFirst().startsWith("There are no traces of the last 30 days"));
        one.calls = 1;
        assertTrue(one.report().notes().toString().contains("No use case was found"));
        assertEquals(1, one.report().rest());
        one.calls = 60;
        one.weight = 10;
        AdviceReport report = one.report();
        assertNull(report.powerLaw());
        assertTrue(
                report.notes().getFirst().startsWith("60 of 600 traces were looked at"),
                report.notes().toString());
        assertTrue(report.notes().toString().contains("There is one use case"));
    }

    @Test
    void namesAreOfWordsOrDeclaredAndNeverTwice() {
        List<SampledCall> calls = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            for (String job : List.of("invoices", "parcels")) {
                calls.add(SampleCalls.call(
                        SampleCalls.chat(
                                "Read the text about " + job + " and say in one sentence what the " + job
                                        + " are for and who sent them.",
                                "Text " + i),
                        SampleCalls.said("They are for " + i + ". So it is."),
                        "0.001",
                        i < 10 ? "reading" : null,
                        Signal.NONE));
            }
        }
        AdviceReport report = AdviceReport.of(
                new UseCaseFinder(20, 7, (done, of) -> {}).find(calls, WordTopics::new),
                new AdviceReport.Facts(
                        "default",
                        Instant.EPOCH,
                        30,
                        30,
                        60,
                        60,
                        "words",
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        null),
                PriceReader.committed());
        List<String> names = report.useCases().stream().map(UseCaseAdvice::name).toList();
        assertEquals(2, names.stream().distinct().count(), names.toString());
        assertTrue(names.stream().anyMatch(name -> name.contains("invoices")), names.toString());
        assertEquals(1.0 / 3, report.useCases().getFirst().declared().getOrDefault("reading", 0.0), 1e-9);
        Case one = new Case();
        assertEquals(Map.of("support", 1.0), roundedShares(one.only().declared()));
    }

    /** Right answers and evaluations of a declared use case that is several jobs belong to none of them. */
    @Test
    void aDeclaredUseCaseOfTwoJobsIsSaid() {
        List<SampledCall> calls = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            for (String job : List.of(
                    "Write a short reply to the customer of our shop.",
                    "Translate the text of the letter into plain French.")) {
                calls.add(SampleCalls.call(
                        SampleCalls.chat(job, "Letter " + i),
                        SampleCalls.said("So it is. It is so."),
                        "0.001",
                        "letters",
                        Signal.NONE));
            }
        }
        AdviceReport report = AdviceReport.of(
                new UseCaseFinder(20, 7, (done, of) -> {}).find(calls, WordTopics::new),
                new AdviceReport.Facts(
                        "default",
                        Instant.EPOCH,
                        30,
                        30,
                        60,
                        60,
                        "words",
                        Map.of("letters", new RightAnswers(350, 0)),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        null),
                PriceReader.committed());
        assertEquals(2, report.useCases().size());
        assertTrue(
                report.notes().toString().contains("[letters] is 2 jobs"),
                report.notes().toString());
        for (UseCaseAdvice one : report.useCases()) {
            assertTrue(one.name().startsWith("letters-"), one.name());
            assertEquals(0, one.rightAnswers().all());
        }
    }

    /** The speed of one use case's model says nothing of another's. */
    @Test
    void speedsAreOfTheirUseCase() {
        Case one = new Case();
        BigDecimal any = one.only().scenario().get(Input.TOKENS_PER_SECOND);
        one.measured = Map.of(
                "support", Map.of(Input.TOKENS_PER_SECOND, new BigDecimal("7.5")),
                "other", Map.of(Input.TRAINING_TOKENS_PER_SECOND, BigDecimal.ONE));
        Scenario scenario = one.only().scenario();
        assertEquals(new BigDecimal("7.5"), scenario.get(Input.TOKENS_PER_SECOND));
        assertTrue(scenario.get(Input.TRAINING_TOKENS_PER_SECOND).compareTo(BigDecimal.ONE) > 0, scenario.toString());
        one.measured = Map.of("other", Map.of(Input.TOKENS_PER_SECOND, BigDecimal.ONE));
        assertEquals(any, one.only().scenario().get(Input.TOKENS_PER_SECOND));
    }

    private static Map<String, Double> roundedShares(Map<String, Double> shares) {
        return shares.entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(
                        Map.Entry::getKey, share -> Math.round(1e6 * share.getValue()) / 1e6));
    }

    @Test
    void whatIsKeptIsReadAgain() {
        Case one = new Case();
        one.weight = 5_000;
        one.live = new Pointed("support/2", Instant.parse("2026-11-20T08:00:00Z"));
        AdviceReport report = one.report();
        String json = JsonMapper.shared().writeValueAsString(report);
        assertEquals(report, JsonMapper.shared().readValue(json, AdviceReport.class));
        assertFalse(json.contains("Where is my parcel"), "no texts of calls");
    }
}
