package dev.hone.web;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.demo.Story;
import dev.hone.evaluate.Interval;
import dev.hone.evaluate.Report;
import dev.hone.loop.Results;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LoopPageTest {
    private static final List<Results.Figures> FIGURES =
            List.of(new Results.Figures("letters/2", 45, Interval.wilson(43, 45)));
    private static final Story STORY = new Story(
            1,
            "letters",
            "tiny",
            true,
            7,
            List.of("Users are simulated"),
            Map.of("expert", 0.05),
            List.of("a"),
            List.of("b"),
            List.of(
                    new Story.Event(2, "begin", "users ask for <things> & more"),
                    new Story.Event(65, "promote", "100 % of it")),
            List.of(
                    new Story.Line(
                            "old tools",
                            List.of(
                                    new Story.Point(5, 30, new Interval(0.9, 0.8, 0.95)),
                                    new Story.Point(50, 30, new Interval(0.85, 0.7, 0.9)))),
                    new Story.Line("new tools", List.of())),
            List.of(new Story.Share("old tools, before", 100, 90, Interval.wilson(90, 100))),
            List.of(new Story.Difference("after", "before", new Interval(0.3, 0.2, 0.4))),
            new Story.Began("hone serve", "production has drifted: feedback <low>", true),
            new Results.Evaluated(
                    FIGURES,
                    FIGURES,
                    List.of(),
                    List.of(new Results.Comparison(
                            "fresh", new Report.Comparison("letters/2", "letters/1", 0.4, 0.3, 0.5, 0.01, 0.01)))),
            List.of(new Story.Kind(
                    "new tools, not judged by before",
                    20,
                    "letters/2",
                    19,
                    "letters/1",
                    2,
                    new Interval(0.85, 0.6, 0.95))),
            new Story.Rolled("letters/2", "promoted", 120, 60, List.of("promote: by no measure is it worse")),
            new Story.Rolled("letters/3", "rolled-back", 40, 20, List.of("roll-back: by feedback it is worse")),
            200,
            130,
            Map.of("hone", "0"));

    @Test
    void thePageStandsAloneAndHidesNothing() {
        String html = LoopPage.html(STORY);
        assertTrue(html.contains("users ask for &lt;things&gt; &amp; more"), html);
        assertFalse(html.contains("<things>"));
        for (String said : List.of(
                "+30.0 points (+20.0 to +40.0)",
                "90.0 % (82.6 to 94.5)",
                "letters/3",
                "rolled-back after 40 calls",
                "Mistakes of expert: 5 %",
                "seed 7",
                "100 % of it",
                "1:05",
                "hone serve, without a person: production has drifted: feedback &lt;low&gt;.",
                "prefers-color-scheme: dark",
                "<td>not judged by before, whatever they ask</td><td>letters/2 less letters/1</td>",
                "<td>new tools, not judged by before</td><td class=\"number\">20</td><td class=\"number\">2</td><td class=\"number\">19</td><td class=\"number\">+85.0 (+60.0 to +95.0)</td>",
                "aria-label=")) {
            assertTrue(html.contains(said), said + " is missing of " + html);
        }
        assertFalse(html.contains("<script") || html.contains("href=") || html.contains("src="));
        assertTrue(html.indexOf("<svg") < html.indexOf("What happened"), "the plot comes first");
    }
}
