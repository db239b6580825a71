package dev.hone.advise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The economics equal the worked table of docs/advise.md to the cent. */
final class AdviceTableTest {
    private static final int COLUMNS = 3;

    /** Rows of the table that has a column of this name first, by their first cell. */
    private static Map<String, List<String>> table(String first) throws IOException {
        Path docs = Path.of("..", "docs", "advise.md");
        Map<String, List<String>> rows = new LinkedHashMap<>();
        boolean in = false;
        for (String line : Files.readAllLines(docs)) {
            List<String> cells = Arrays.stream(line.split("\\|"))
                    .map(String::strip)
                    .filter(cell -> !cell.isEmpty())
                    .toList();
            if (!line.startsWith("|")) {
                in = false;
            } else if (cells.getFirst().equals(first)) {
                in = true;
            } else if (in && !cells.getFirst().startsWith("---")) {
                rows.put(cells.getFirst(), cells.subList(1, cells.size()));
            }
        }
        return rows;
    }

    static Scenario scenario(int column) throws IOException {
        Map<String, List<String>> inputs = table("input");
        EnumMap<Input, BigDecimal> values = new EnumMap<>(Input.class);
        for (Input input : Input.values()) {
            values.put(
                    input,
                    new BigDecimal(Objects.requireNonNull(inputs.get(input.key()), input.key())
                            .get(column)));
        }
        assertEquals(Input.values().length + 1, inputs.size());
        return new Scenario(
                Boolean.parseBoolean(
                        Objects.requireNonNull(inputs.get("always-on")).get(column)),
                values);
    }

    @Test
    void everyLineIsAsItStandsThere() throws IOException {
        Map<String, List<String>> lines = table("line");
        assertEquals(13, lines.size(), lines.keySet().toString());
        for (int column = 0; column < COLUMNS; column++) {
            Costs costs = Costs.of(scenario(column));
            Map<String, BigDecimal> worked = new LinkedHashMap<>();
            worked.put("as things are", costs.now());
            worked.put("machine hours", costs.machineHours());
            worked.put("serving", costs.serving());
            worked.put("new right answers", costs.newRows());
            worked.put("training again", costs.retraining());
            worked.put("quality", costs.quality());
            worked.put("tuned", costs.tuned());
            worked.put("saving", costs.saving());
            worked.put("labelling", costs.labelling());
            worked.put("first training", costs.training());
            worked.put("setup", costs.setup());
            worked.put("once", costs.once());
            worked.put("months", Objects.requireNonNull(costs.months()));
            assertEquals(worked.keySet(), lines.keySet());
            for (Map.Entry<String, BigDecimal> line : worked.entrySet()) {
                BigDecimal written = new BigDecimal(
                        Objects.requireNonNull(lines.get(line.getKey())).get(1 + column));
                BigDecimal got = line.getKey().equals("machine hours")
                        ? line.getValue().setScale(written.scale(), RoundingMode.HALF_UP)
                        : line.getValue();
                assertEquals(written, got, line.getKey() + " of column " + column);
            }
        }
    }

    @Test
    void whatSavesNothingNeverPays() throws IOException {
        Costs costs = Costs.of(scenario(0).with(Input.PRICE, BigDecimal.ZERO).with(Input.GAIN, BigDecimal.ZERO));
        assertEquals(null, costs.months());
        assertTrue(costs.saving().signum() < 0);
        Costs free = Costs.of(scenario(0)
                .with(Input.SETUP_HOURS, BigDecimal.ZERO)
                .with(Input.FIRST_RUNS, BigDecimal.ZERO)
                .with(Input.ROWS_THERE, BigDecimal.valueOf(9_999)));
        assertEquals(new BigDecimal("0.00"), free.once());
        assertEquals(new BigDecimal("0.00"), free.months());
    }
}
