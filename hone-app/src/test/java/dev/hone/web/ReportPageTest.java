package dev.hone.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Answer;
import dev.hone.evaluate.Answers;
import dev.hone.evaluate.Confusion;
import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Judged;
import dev.hone.evaluate.PriceList;
import dev.hone.evaluate.Pricing;
import dev.hone.evaluate.Report;
import dev.hone.evaluate.Verdict;
import dev.hone.record.ChatMessage;
import dev.hone.record.Conversation;
import dev.hone.record.Grader;
import dev.hone.record.SamplingMode;
import dev.hone.record.Task;
import dev.hone.run.ReinforcementRun;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

final class ReportPageTest {
    private static final String HOSTILE = "<script>alert(1)</script>\" onload=\"x & ü";
    private static final Grader EXACT =
            (task, output) -> new Grader.Grade(output.equals(task.reference()) ? 1 : 0, Map.of(), output + " is wrong");

    private static final PriceList PRICES = new PriceList(
            "USD",
            new PriceList.Amount(0.05, new PriceList.Origin("2026-11-20", "an offer", false)),
            new PriceList.Tokens(2, 8, new PriceList.Origin("2026-11-21", "a guess", true)));

    private static Judged judged(String name, int right) {
        List<Task> tasks = IntStream.range(0, 20)
                .mapToObj(i -> new Task(
                        "task-" + i,
                        Conversation.of(ChatMessage.of("user", HOSTILE + i)),
                        "right",
                        Map.of("function", i % 2 == 0 ? "even" : "odd")))
                .toList();
        List<Answer> answers = IntStream.range(0, 20)
                .mapToObj(i -> new Answer(i < right ? "right" : HOSTILE, 10, 5))
                .toList();
        return Judged.of(tasks, new Answers(name, answers, 2, new double[] {0.1, 0.2}), EXACT);
    }

    private static ReportPage page() {
        return page(15);
    }

    private static ReportPage page(int strong) {
        Judged weak = judged("weak " + HOSTILE, 4);
        return page(
                List.of(new Judged(weak.tasks(), weak.answers().cutting(3), weak.grades()), judged("strong", strong)));
    }

    private static ReportPage page(List<Judged> judged) {
        return page(judged, null, Map.of());
    }

    private static ReportPage page(List<Judged> judged, @Nullable Verdict verdict, Map<String, Integer> excluded) {
        Report report = new Report(
                Report.SCHEMA_VERSION,
                "some use case",
                "base",
                "00",
                SamplingMode.EXACT,
                1,
                "11",
                new Report.Rows(80, 20),
                judged.stream()
                        .map(one -> Report.contender(one, new Pricing.CoreHours(0.05, 2)))
                        .toList(),
                List.of(Report.comparison(judged.get(1), judged.get(0), 1)),
                Report.slices(judged, "function"),
                new Report.Training(1000, 100, 2, 0.5),
                new Report.Reinforcement(16, 16, 8, 1000, 50, 0.4, 0.6, 0, 30),
                60,
                1 << 20,
                Map.of("hone", "test"),
                verdict,
                excluded,
                new Report.Gold(20, 60, 1, ": [task-3] " + HOSTILE, 2, ": [task-4] because"),
                List.of(new Report.Constraint("strong", "p95", 100, 200, false)),
                null,
                "2026-11-27T17:00:00Z",
                PRICES);
        return new ReportPage(
                report,
                judged,
                List.of(LinePlot.noisy("Loss", "nats", new double[] {3, 2, 1.5, 1.2})),
                new ConfusionPlot(
                        Confusion.of(judged.get(1), task -> task.require("function"), (task, output) -> output)),
                List.of(new ReinforcementRun.Tried("task-1", HOSTILE, 0.25, "almost")));
    }

    @Test
    void rewardsAreMeansOverTenthsOfTheSteps() {
        String html = page().html();
        assertTrue(
                html.contains("mean reward 0.400 over the first tenth of the steps, 0.600 over the last"),
                html.substring(html.indexOf("How it learned")));
    }

    @Test
    void theBestIsNamedWithItsFigures() {
        String html = page().html();
        assertTrue(
                html.contains("<strong>strong</strong> is right in <strong>75.0 %</strong>"), html.substring(0, 4000));
        assertTrue(html.contains("75.0 (53.1 to 88.8)"), "Wilson's interval of 15 of 20");
        assertTrue(html.contains("even (10)") && html.contains("odd (10)"));
        assertTrue(html.contains("refuses 2 of the references under their own schemas"));
        assertTrue(html.contains(": [task-4] because"));
    }

    /** As over two folds of ten rows, where one was asked five of each: at its sixth place is the other fold's first row. */
    @Test
    void answersStandWithWhatTheyAnswer() {
        Judged all = judged("strong", 15);
        Judged few = judged("weak", 20);
        List<Integer> asked =
                IntStream.range(0, 20).filter(i -> i % 10 < 5).boxed().toList();
        Judged some = new Judged(
                asked.stream().map(few.tasks()::get).toList(),
                new Answers(
                        "weak",
                        asked.stream()
                                .map(i -> new Answer("of task-" + i, 10, 5))
                                .toList(),
                        2,
                        new double[] {0.1}),
                asked.stream().map(few.grades()::get).toList());
        List<ReportPage.Sample> samples = page(List.of(some, all)).samples();
        assertEquals(12, samples.size());
        for (int i = 0; i < 12; i++) {
            String own = "of task-" + i;
            assertEquals(
                    i % 10 < 5 ? List.of(own) : List.of(),
                    samples.get(i).said().stream()
                            .filter(said -> said.contender().equals("weak"))
                            .map(ReportPage.Said::output)
                            .toList());
            assertEquals(HOSTILE + i, samples.get(i).question());
        }
    }

    @Test
    void answersThatWereCutAreCountedWhereSomeWere() {
        String html = page().html();
        assertTrue(html.contains("3 of 20 answers of weak"));
        assertFalse(html.contains("answers of strong"));
    }

    @Test
    void aLeadInsideTheNoiseIsCalledNoDifference() {
        assertTrue(page(15).html().contains("20 tasks that it never saw"));
        assertFalse(page(15).html().contains("no difference"));
        assertTrue(page(5).html().contains("It is not shown to be better or worse than weak"), "5 against 4 of 20");
    }

    /** The luckiest of several is not what anybody takes. */
    @Test
    void thePageIsHeadedWithWhomTheVerdictTakes() {
        List<Judged> judged = List.of(judged("today", 4), judged("strong, best of 9", 16), judged("strong", 15));
        Verdict take = Verdict.of(judged.get(2), List.of(judged.get(0)), judged.get(0), 1);
        String html = page(judged, take, Map.of()).html();
        assertTrue(
                html.contains("<strong>strong</strong> is right in <strong>75.0 %</strong>"), html.substring(0, 4000));
        assertTrue(html.contains("It is what was trained, and what is served."));
        assertTrue(html.contains("<td>strong minus today</td><td>20</td><td>55.0</td><td>shown to be better</td>"));
        assertTrue(html.contains("<tr class=\"best\"><td>strong</td>"));
    }

    @Test
    void whatIsNotTakenIsNamedBesideWhatIs() {
        List<Judged> judged = List.of(judged("classic", 15), judged("today", 4), judged("strong", 6));
        Verdict classic = Verdict.of(judged.get(2), List.of(judged.get(0)), judged.get(1), 1);
        String html = page(judged, classic, Map.of()).html();
        assertTrue(html.contains("<strong>classic</strong> is right in <strong>75.0 %</strong>"));
        assertTrue(html.contains(
                "What was trained, and would be served, is <strong>strong</strong>: right in 30.0 % of 20 tasks."));
    }

    @Test
    void whoIsShownToBeBetterThanTheHeadIsSaid() {
        List<Judged> judged = List.of(judged("strong", 4), judged("today", 15));
        Verdict stay = Verdict.of(judged.get(0), List.of(judged.get(0)), judged.get(1), 1);
        assertEquals(Verdict.Choice.STAY, stay.choice());
        assertFalse(page(judged, stay, Map.of()).html().contains("Shown to be better than it"));
        Verdict.Test test = stay.tests().getFirst();
        Verdict weak = new Verdict(
                Verdict.Choice.POST_TRAIN,
                "strong",
                "as told",
                test.a(),
                test.b(),
                test.rows(),
                test.difference(),
                test.p(),
                test.quality(),
                test.needed(),
                null,
                List.of(),
                List.of());
        String html = page(judged, weak, Map.of()).html();
        assertTrue(html.contains("Shown to be better than it: today (p &lt; 0.05 after correction)."));
        assertFalse(html.contains("hat was trained, and"), "an old report does not say");
    }

    @Test
    void whatMadeItHasItsDayItsPricesAndWhatWasLeftOut() {
        String html = page(
                        List.of(judged("a", 4), judged("b", 4)), null, Map.of("cannot be read", 3, "said before", 12))
                .html();
        assertTrue(html.contains("<dd>2026-11-27T17:00:00Z</dd>"));
        assertTrue(html.contains("<dd>0.05 USD a core-hour (2026-11-20, an offer)</dd>"));
        assertTrue(html.contains("<dd>2.0 and 8.0 USD a million tokens that the incumbent reads and writes"
                + " (2026-11-21, assumed: a guess)</dd>"));
        assertTrue(html.contains("<dd>3 cannot be read; 12 said before</dd>"));
        assertTrue(html.contains("EXACT; greedy, but where"));
    }

    @Test
    void whatModelsAndUsersSaidStaysText() {
        String html = page().html();
        assertFalse(html.contains("<script"), "no scripts, neither ours nor theirs");
        assertTrue(html.contains("&lt;script&gt;alert(1)"));
        assertFalse(Pattern.compile("<[^>]* onload=").matcher(html).find());
    }

    @Test
    void nothingIsFetched() {
        assertFalse(Pattern.compile("(src|href)=|url\\(|@import")
                .matcher(page().html())
                .find());
    }

    @Test
    void everyPlotIsWellFormedAndStaysInItsFrame() throws Exception {
        var plots = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(page().html());
        int count = 0;
        while (plots.find()) {
            Document plot = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(plots.group().getBytes(StandardCharsets.UTF_8)));
            String[] box = plot.getDocumentElement().getAttribute("viewBox").split(" ");
            var circles = plot.getElementsByTagName("circle");
            for (int i = 0; i < circles.getLength(); i++) {
                Element circle = (Element) circles.item(i);
                double x = Double.parseDouble(circle.getAttribute("cx"));
                double y = Double.parseDouble(circle.getAttribute("cy"));
                assertTrue(x >= 0 && x <= Double.parseDouble(box[2]), circle.getAttribute("cx"));
                assertTrue(y >= 0 && y <= Double.parseDouble(box[3]), circle.getAttribute("cy"));
            }
            count++;
        }
        assertEquals(5, count);
    }

    @Test
    void axesHaveRoundTicks() {
        Scale scale = Scale.around(0, 0.73, 100, 0);
        assertEquals(
                List.of("0.0", "0.2", "0.4", "0.6", "0.8"),
                scale.ticks().stream().map(Scale.Tick::label).toList());
        assertEquals(50, scale.at(0.4), 1e-9);
        Scale ratios = Scale.ratios(0.003, 4, 0, 100);
        assertEquals(
                List.of("0.01", "0.1", "1"),
                ratios.ticks().stream().map(Scale.Tick::label).toList());
    }

    @Test
    void stepsAreWholeAndNamesDoNotOverlap() {
        LinePlot plot = LinePlot.noisy("", "", new double[] {1, 2, 3});
        assertEquals(
                List.of("1", "2", "3"),
                plot.x().ticks().stream().map(Scale.Tick::label).toList());
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            List<ScatterPlot.Point> points = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                String name = "fine-tuned, constrained, best of 9".substring(0, 10 + random.nextInt(24));
                points.add(point(name, 1 + random.nextDouble(), 0.5 + 0.1 * random.nextDouble()));
            }
            List<ScatterPlot.Box> boxes = new ScatterPlot("", "", points)
                    .labels().stream().map(ScatterPlot.Box::of).toList();
            for (int i = 0; i < boxes.size(); i++) {
                for (int j = 0; j < i; j++) {
                    assertFalse(boxes.get(i).overlaps(boxes.get(j)), "seed " + seed + ": " + boxes);
                }
            }
        }
    }

    @Test
    void theFrontSkipsWhoIsBeaten() {
        ScatterPlot plot = new ScatterPlot(
                "", "", List.of(point("dear and good", 10, 0.9), point("beaten", 5, 0.3), point("cheap", 1, 0.5)));
        assertEquals(2, Pattern.compile("V|M").matcher(plot.front()).results().count(), plot.front());
    }

    private static ScatterPlot.Point point(String name, double cost, double quality) {
        return new ScatterPlot.Point(name, 0, cost, new Interval(quality, quality, quality));
    }
}
