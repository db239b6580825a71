package dev.hone.advise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.settings.SettingsException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PriceReaderTest {
    private static Prices read(String text) {
        return PriceReader.read("p.yaml", text, PriceReader.committed());
    }

    private static Prices.Stated stated(Prices prices, Input input) {
        return Objects.requireNonNull(prices.inputs().get(input), input.key());
    }

    /** Whatever comes with Hone says when it was so and where it is from, and every round figure that it is one. */
    @Test
    void whatComesWithHoneIsDatedAndSaysWhereItIsFrom() {
        Prices prices = PriceReader.committed();
        prices.models().forEach((name, model) -> {
            LocalDate.parse(model.origin().date());
            assertTrue(model.origin().source().startsWith("https://"), name);
        });
        prices.inputs().forEach((input, stated) -> {
            LocalDate.parse(stated.origin().date());
            assertTrue(stated.origin().assumed() || stated.origin().source().startsWith("docs/results/"), input.key());
        });
        EnumMap<Input, BigDecimal> traced = new EnumMap<>(Input.class);
        for (Input input : Input.values()) {
            if (input.isTraced()) {
                traced.put(input, BigDecimal.ONE);
            }
        }
        assertEquals(Input.values().length, prices.scenario(traced).values().size());
    }

    @Test
    void aFileSaysOnlyWhatIsOther() {
        Prices prices = read("""
                as-of: 2026-11-01
                always-on: false
                models:
                  ours: {input: 0.5, output: 2, source: contract}
                inputs:
                  machine-hour: {value: 0.21, spread: 1, date: 2026-10-31}
                  gain: {value: -0.02, spread: 0}
                  calls: {spread: 3}
                """);
        assertFalse(prices.alwaysOn());
        assertEquals("USD", prices.currency());
        assertEquals(
                new Prices.Origin("2026-10-31", "p.yaml", false),
                stated(prices, Input.MACHINE_HOUR).origin());
        assertEquals(new BigDecimal("0.21"), stated(prices, Input.MACHINE_HOUR).value());
        assertNull(stated(prices, Input.MACHINE_HOUR).spread());
        assertEquals(new BigDecimal("-0.02"), stated(prices, Input.GAIN).value());
        assertNull(stated(prices, Input.GAIN).spread());
        assertEquals(3.0, stated(prices, Input.CALLS).spread());
        assertEquals(
                PriceReader.committed().inputs().get(Input.EXPERT_HOUR),
                prices.inputs().get(Input.EXPERT_HOUR));
        assertEquals(
                "contract", prices.model("server/ours").orElseThrow().origin().source());
    }

    @Test
    void aModelIsFoundWhateverItsServerAndDate() {
        Prices prices = PriceReader.committed();
        for (String name : new String[] {"gpt-4.1-mini", "openai/gpt-4.1-mini", "gpt-4.1-mini-2025-04-14"}) {
            assertEquals(
                    new BigDecimal("0.40"), prices.model(name).orElseThrow().input(), name);
        }
        assertTrue(prices.model("gpt-4.1-micro").isEmpty());
        assertTrue(prices.model("").isEmpty());
        assertEquals(
                0,
                new BigDecimal("0.000240")
                        .compareTo(Prices.call(
                                prices.model("gpt-4.1-mini").orElseThrow(),
                                BigDecimal.valueOf(400),
                                BigDecimal.valueOf(50))));
    }

    @Test
    void anotherCurrencyTakesItsAmounts() {
        String message = assertThrows(SettingsException.class, () -> read("as-of: 2026-11-01\ncurrency: EUR\n"))
                .getMessage();
        assertTrue(message.contains("[machine-hour]") && message.contains("[USD]"), message);
        Prices euros = read("""
                as-of: 2026-11-01
                currency: EUR
                inputs: {machine-hour: {value: 1}, expert-hour: {value: 1}, engineer-hour: {value: 1}, wrong-answer: {value: 0}}
                """);
        assertEquals("EUR", euros.currency());
        assertEquals(Map.of(), euros.models());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "currency: USD | Key [as-of] is missing",
                "as-of: yesterday | [as-of] is [yesterday] in [p.yaml] line 1; write the day",
                "as-of: 2026-02-30 | [as-of] is [2026-02-30]",
                "{as-of: 2026-01-01, prices: 1} | Unknown key [prices]",
                "{as-of: 2026-01-01, currency: dollars} | write three capitals",
                "{as-of: 2026-01-01, inputs: {machine: {value: 1}}} | Unknown input [machine]",
                "{as-of: 2026-01-01, inputs: {machine-hour: {value: -1}}} | [value] is no amount but [-1]",
                "{as-of: 2026-01-01, inputs: {machine-hour: {value: cheap}}} | [value] is no amount but [cheap]",
                "{as-of: 2026-01-01, inputs: {machine-hour: {price: 1}}} | Unknown key [price]",
                "{as-of: 2026-01-01, inputs: {tokens-per-second: {value: 0}}} | [value] of [tokens-per-second] is [0]",
                "{as-of: 2026-01-01, inputs: {busy: {value: 1.5}}} | give a share up to 1",
                "{as-of: 2026-01-01, inputs: {calls: {value: 7}}} | [value] of [calls] is what traces say",
                "{as-of: 2026-01-01, inputs: {rows: {spread: 0.5}}} | give a factor from 1 to 100",
                "{as-of: 2026-01-01, inputs: {rows: {value: 1, date: 3}}} | [date] is no text but [3]",
                "{as-of: 2026-01-01, models: {m: {output: 1}}} | Key [input] is missing",
                "{as-of: 2026-01-01, models: 3} | [models] is not keys with values"
            })
    void whatCannotBeFollowedIsNamed(String text, String message) {
        String said = assertThrows(SettingsException.class, () -> read(text)).getMessage();
        assertTrue(String.valueOf(said).contains(message), said);
    }
}
