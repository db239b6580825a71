package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.evaluate.PriceList;
import dev.hone.evaluate.PriceList.Amount;
import dev.hone.evaluate.PriceList.Origin;
import dev.hone.evaluate.PriceList.Tokens;
import dev.hone.evaluate.Pricing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class DemoPricesTest {
    private static final List<String> ENDPOINT =
            List.of("--incumbent", "https://api.example.com/v1", "--incumbent-model", "gpt-4.1-mini");

    @TempDir
    Path folder;

    private static IncumbentOptions incumbent(String... more) {
        IncumbentOptions options = new IncumbentOptions();
        new CommandLine(options)
                .parseArgs(Stream.concat(ENDPOINT.stream(), Stream.of(more)).toArray(String[]::new));
        return options;
    }

    private static Pricing pricing(IncumbentOptions options, DemoPrices prices) {
        var chosen = options.chosen(prices, Map.of());
        assertNotNull(chosen);
        return chosen.pricing();
    }

    /** Both figures are those of prices.yaml, with its dates. */
    @Test
    void areThoseThatComeWithHone() throws IOException {
        DemoPrices prices = new DemoPrices(null);
        PriceList list = prices.list(null, incumbent().tokens(prices));
        assertEquals("USD", list.currency());
        assertEquals(
                new Amount(0.05, new Origin("2026-11-27", "a rented machine of two cores", true)), list.coreHour());
        assertEquals(
                new Tokens(0.4, 1.6, new Origin("2025-04-14", "https://openai.com/index/gpt-4-1/", false)),
                list.incumbent());
        assertEquals(new Pricing.Tokens(0.4, 1.6), pricing(incumbent(), prices));
        assertEquals(
                "0.05 USD a core-hour (2026-11-27, assumed: a rented machine of two cores)",
                list.said().getFirst());
        assertTrue(
                list.said().get(1).startsWith("0.4 and 1.6 USD a million tokens"),
                list.said().get(1));
    }

    @Test
    void aFileGoesBefore() throws IOException {
        Path file = Files.writeString(folder.resolve("prices.yaml"), """
                as-of: 2026-10-31
                models:
                  gpt-4.1-mini: {input: 0.3, output: 1.2, source: contract of March}
                inputs:
                  machine-hour: {value: 0.21, source: invoice of October}
                """);
        DemoPrices prices = new DemoPrices(file);
        assertEquals(
                new PriceList(
                        "USD",
                        new Amount(0.105, new Origin("2026-10-31", "invoice of October", false)),
                        new Tokens(0.3, 1.2, new Origin("2026-10-31", "contract of March", false))),
                prices.list(null, incumbent().tokens(prices)));
    }

    @Test
    void anOptionGoesBeforeBothAndIsOfToday() throws IOException {
        DemoPrices prices = new DemoPrices(null);
        IncumbentOptions given = incumbent("--incumbent-price", "2,8");
        PriceList list = prices.list(0.2, given.tokens(prices));
        String today = LocalDate.now(ZoneOffset.UTC).toString();
        assertEquals(new Amount(0.2, new Origin(today, "--price", false)), list.coreHour());
        assertEquals(new Tokens(2, 8, new Origin(today, "--incumbent-price", false)), list.incumbent());
        assertEquals(new Pricing.Tokens(2, 8), pricing(given, prices));
    }

    @Test
    void whatNobodyListsIsNotKnown() throws IOException {
        DemoPrices prices = new DemoPrices(null);
        IncumbentOptions other = new IncumbentOptions();
        new CommandLine(other).parseArgs("--incumbent", "https://api.example.com/v1", "--incumbent-model", "big-1");
        assertNull(other.tokens(prices));
        assertEquals(new Pricing.Unknown(), pricing(other, prices));
    }
}
