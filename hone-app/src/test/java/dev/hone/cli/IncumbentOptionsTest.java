package dev.hone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.run.Incumbent;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class IncumbentOptionsTest {
    private static IncumbentOptions given(String... arguments) {
        return CommandLine.populateCommand(new IncumbentOptions(), arguments);
    }

    private static Incumbent chosen(String... more) throws IOException {
        String[] arguments = new String[4 + more.length];
        System.arraycopy(
                new String[] {"--incumbent", "http://127.0.0.1:1/v1", "--incumbent-model", "big"}, 0, arguments, 0, 4);
        System.arraycopy(more, 0, arguments, 4, more.length);
        return Objects.requireNonNull(given(arguments).chosen(new DemoPrices(null), Map.of()));
    }

    @Test
    void anAnswerHasRoomUnlessSomebodySaysOtherwise() throws IOException {
        assertEquals(16_384, chosen().maxTokens());
        assertEquals(Duration.ofSeconds(300), chosen().patience());
        assertEquals(4000, chosen("--incumbent-max-tokens", "4000").maxTokens());
        assertNull(given().chosen(new DemoPrices(null), Map.of()));
    }

    @Test
    void whatCannotBeIsRefusedByItsOption() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> chosen("--incumbent-max-tokens", "0"))
                .getMessage()
                .contains("--incumbent-max-tokens must be 1 to 1000000, not [0]"));
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> given("--incumbent-max-tokens", "5").chosen(new DemoPrices(null), Map.of()))
                .getMessage()
                .contains("give its URL too"));
    }
}
