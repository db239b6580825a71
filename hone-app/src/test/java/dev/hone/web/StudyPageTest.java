package dev.hone.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.run.KnownStudy;
import dev.hone.run.StudyReport;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

final class StudyPageTest {
    private static StudyPage page(Set<Integer> chosenBy) {
        return new StudyPage(KnownStudy.outcome(chosenBy));
    }

    private static String html() {
        return page(Set.of(0)).html();
    }

    /** As HTML has it. */
    private static String written(String text) {
        return text.replace("<", "&lt;");
    }

    @Test
    void theAnswerComesFirstWithItsNumbers() {
        StudyReport study = page(Set.of()).study();
        String html = html();
        int verdict = html.indexOf(written(study.verdict().sentence()));
        assertTrue(verdict > 0 && verdict < html.indexOf("<h2>"), html.substring(0, 4000));
        assertTrue(html.contains(written(study.compute().sentence())));
        assertTrue(html.contains("+30.0 points") && html.contains("shown to be better from"));
    }

    @Test
    void everyTrainingAndRatioHasItsRow() {
        String html = html();
        for (StudyReport.Time time : page(Set.of()).study().times()) {
            assertTrue(
                    html.contains(
                            "<tr><td>%s</td><td>%d</td><td>%d</td>".formatted(time.arm(), time.fold(), time.seed())),
                    time.toString());
        }
        assertEquals(
                8,
                Pattern.compile("× [0-9.]+</td></tr>").matcher(html).results().count());
    }

    /** A point a cell that judged a contender, a ring where the seed is another, within the frame. */
    @Test
    void everyCellIsAPoint() throws Exception {
        CellPlot plot = page(Set.of()).cells();
        assertEquals(
                List.of("fold 0", "fold 1", "fold 0, seed 2"),
                plot.cells().stream().map(CellPlot.Cell::name).toList());
        var svg = Pattern.compile("<svg[^>]*Right answers in every cell.*?</svg>", Pattern.DOTALL)
                .matcher(html());
        assertTrue(svg.find());
        var circles = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.group().getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("circle");
        int rings = 0;
        for (int i = 0; i < circles.getLength(); i++) {
            Element circle = (Element) circles.item(i);
            double x = Double.parseDouble(circle.getAttribute("cx"));
            double y = Double.parseDouble(circle.getAttribute("cy"));
            assertTrue(x >= plot.x().from() && x <= plot.x().to(), circle.getAttribute("cx"));
            assertTrue(y > 0 && y < plot.height(), circle.getAttribute("cy"));
            rings += circle.getAttribute("fill-opacity").equals("0") ? 1 : 0;
        }
        assertEquals(6 + 6 + 5, circles.getLength());
        assertEquals(5, rings);
    }

    @Test
    void seedsAreSpreadAndFoldsThatChoseNothingStandBeside() {
        String html = html();
        assertTrue(html.contains("<td>2</td><td>85.0</td><td>70.0 to 100.0</td>"), "14 and 20 of 20");
        assertTrue(
                html.contains("<td>then what it found</td><td>65.0 (49.5 to 77.9)</td><td>60.0 (38.7 to 78.1)</td>"));
        assertTrue(page(Set.of()).sides().isEmpty());
        assertFalse(page(Set.of()).html().contains("chose nothing"));
    }

    @Test
    void nothingIsFetchedAndNothingRuns() {
        assertFalse(Pattern.compile("(src|href)=|url\\(|@import|<script")
                .matcher(html())
                .find());
    }
}
