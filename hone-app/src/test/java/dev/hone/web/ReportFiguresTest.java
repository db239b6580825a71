package dev.hone.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.Report;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class ReportFiguresTest {
    /** A report of 26 November 2026, when reports had schema version 1. */
    private static Report old() throws IOException {
        try (InputStream in = ReportFiguresTest.class.getResourceAsStream("report-1.json")) {
            assertNotNull(in);
            return JsonMapper.shared().readValue(in, Report.class);
        }
    }

    /** The best of nine is right more often there, and nobody would take it for that. */
    @Test
    void anOldReportIsReadAndHeadedWithWhomItsVerdictTakes() throws IOException {
        Report report = old();
        ReportFigures figures = new ReportFigures(report);
        assertEquals("reinforced, constrained", figures.head().name());
        assertEquals(
                "reinforced, constrained, best of 9",
                ReportFigures.best(report.contenders()).name());
        assertTrue(figures.notTold().contains("reinforced, constrained, best of 9"), "no difference is shown");
        assertEquals(List.of(), figures.better());
        assertEquals(Optional.empty(), figures.served());
        assertEquals(1, report.schemaVersion());
        assertEquals(List.of(), report.verdict().tests());
        assertNull(report.created());
        assertNull(report.prices());
        assertEquals(Map.of(), report.excluded());
        assertEquals("", figures.excluded());
    }
}
