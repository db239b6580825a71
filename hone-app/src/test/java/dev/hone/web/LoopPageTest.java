package dev.hone.web;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.demo.Story;
import dev.hone.evaluate.Interval;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LoopPageTest {
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
            null,
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
                "aria-label=")) {
            assertTrue(html.contains(said), said + " is missing of " + html);
        }
        assertFalse(html.contains("<script") || html.contains("href=") || html.contains("src="));
        assertTrue(html.indexOf("<svg") < html.indexOf("What happened"), "the plot comes first");
    }
}
