package dev.hone.advise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BreakEvenTest {
    private static double known(@Nullable Double value) {
        return Objects.requireNonNull(value);
    }

    /** With one uncertain input that the months are in proportion to, their distribution is known: log-normal, nine of ten within the factor. */
    @Test
    void intervalsAreThoseOfTheDistribution() throws IOException {
        Scenario scenario = AdviceTableTest.scenario(1)
                .with(Input.ROWS, BigDecimal.valueOf(140))
                .with(Input.FIRST_RUNS, BigDecimal.ZERO);
        BreakEven breakEven = BreakEven.of(scenario, Map.of(Input.SETUP_HOURS, 2.0), 20_000, 3);
        double months = known(breakEven.months());
        assertEquals(months / 2, known(breakEven.ninety().low()), 0.03 * months);
        assertEquals(months * 2, known(breakEven.ninety().high()), 0.06 * months);
        double quarter = Math.exp(Math.log(2) * 0.6744897501960817 / 1.6448536269514722);
        assertEquals(months / quarter, known(breakEven.half().low()), 0.02 * months);
        assertEquals(months * quarter, known(breakEven.half().high()), 0.03 * months);
        assertEquals(1, known(breakEven.levers().getFirst().elasticity()), 1e-3);
        assertEquals(0, breakEven.never());
    }

    @Test
    void whatIsCertainHasNoInterval() throws IOException {
        BreakEven breakEven = BreakEven.of(AdviceTableTest.scenario(0), Map.of(), 100, 1);
        assertEquals(8.426, known(breakEven.months()), 1e-3);
        assertEquals(breakEven.months(), breakEven.ninety().low());
        assertEquals(breakEven.months(), breakEven.ninety().high());
        assertEquals(1, breakEven.within());
    }

    @Test
    void theSameSeedDrawsTheSame() throws IOException {
        Map<Input, Double> spreads = PriceReader.committed().spreads();
        assertEquals(
                BreakEven.of(AdviceTableTest.scenario(0), spreads, 500, 9),
                BreakEven.of(AdviceTableTest.scenario(0), spreads, 500, 9));
        assertTrue(!BreakEven.of(AdviceTableTest.scenario(0), spreads, 500, 9)
                .half()
                .equals(BreakEven.of(AdviceTableTest.scenario(0), spreads, 500, 10)
                        .half()));
    }

    /** What may never pay has an end that is never, and shares that say so. */
    @Test
    void neverIsAnEnd() throws IOException {
        Scenario close = AdviceTableTest.scenario(0).with(Input.PRICE, new BigDecimal("0.0008"));
        BreakEven breakEven = BreakEven.of(close, Map.of(Input.CALLS, 2.0), 2_000, 1);
        assertNull(breakEven.ninety().high());
        assertNotNull(breakEven.ninety().low());
        assertTrue(breakEven.never() > 0.1 && breakEven.never() < 0.9, "never: " + breakEven.never());
        Scenario nothing = close.with(Input.CALLS, BigDecimal.ZERO);
        BreakEven none = BreakEven.of(nothing, Map.of(Input.PRICE, 2.0), 100, 1);
        assertNull(none.months());
        assertEquals(1, none.never());
        assertEquals(0, none.within());
        assertEquals("never", none.words());
        assertEquals(List.of(), none.levers(), "nothing moves what never pays");
        assertTrue(
                breakEven
                        .words()
                        .matches(
                                "[0-9.]+ months \\(nine of ten: [0-9.]+ to never\\)|never \\(nine of ten: [0-9.]+ to never\\)"),
                breakEven.words());
    }

    /** By hand: where setup is most of what is paid once, a percent of it is its share of a percent of the months. */
    @Test
    void elasticitiesAreThoseOfTheFormula() throws IOException {
        Scenario scenario = AdviceTableTest.scenario(0);
        BreakEven breakEven = BreakEven.of(
                scenario, Map.of(Input.SETUP_HOURS, 1.5, Input.PRICE, 1.5, Input.EXPERT_HOUR, 1.5), 100, 1);
        Map<Input, Double> elasticities = breakEven.levers().stream()
                .collect(java.util.stream.Collectors.toMap(BreakEven.Lever::input, lever -> known(lever.elasticity())));
        assertEquals(1280 / 1685.08, known(elasticities.get(Input.SETUP_HOURS)), 1e-3);
        assertEquals(-282 / 199.98, known(elasticities.get(Input.PRICE)), 5e-3);
        assertEquals(405 / 1685.08 + 45 / 199.98, known(elasticities.get(Input.EXPERT_HOUR)), 2e-3);
        assertEquals(
                Input.PRICE,
                breakEven.levers().getFirst().input(),
                breakEven.levers().toString());
    }

    @Test
    void sliderValuesThatCannotBeAreNamed() throws IOException {
        Scenario scenario = AdviceTableTest.scenario(0);
        for (String bad : new String[] {"-1", "1e16"}) {
            String message = assertThrows(
                            IllegalArgumentException.class, () -> scenario.with(Input.CALLS, new BigDecimal(bad)))
                    .getMessage();
            assertTrue(message.contains("[calls]"), message);
        }
        assertThrows(IllegalArgumentException.class, () -> scenario.with(Input.TOKENS_PER_SECOND, BigDecimal.ZERO));
        assertThrows(IllegalArgumentException.class, () -> scenario.with(Input.GAIN, BigDecimal.TWO));
        assertThrows(IllegalArgumentException.class, () -> new Scenario(true, Map.of(Input.CALLS, BigDecimal.ONE)));
    }

    /** At the thresholds it just pays within a year; a little below it does not. */
    @Test
    void thresholdsAreWhereItTurns() throws IOException {
        for (int column = 0; column < 2; column++) {
            Scenario scenario = AdviceTableTest.scenario(column);
            BigDecimal calls = Objects.requireNonNull(Thresholds.calls(scenario));
            assertTrue(Thresholds.pays(scenario.with(Input.CALLS, calls)));
            assertTrue(!Thresholds.pays(scenario.with(Input.CALLS, calls.multiply(new BigDecimal("0.999")))));
            BigDecimal price = Objects.requireNonNull(Thresholds.price(scenario));
            assertTrue(Thresholds.pays(scenario.with(Input.PRICE, price)));
            assertTrue(!Thresholds.pays(scenario.with(Input.PRICE, price.multiply(new BigDecimal("0.99")))));
        }
        Scenario free =
                AdviceTableTest.scenario(1).with(Input.PRICE, BigDecimal.ZERO).with(Input.GAIN, BigDecimal.ZERO);
        assertNull(Thresholds.calls(free));
        assertNull(Thresholds.price(free.with(Input.CALLS, BigDecimal.ZERO)));
    }
}
