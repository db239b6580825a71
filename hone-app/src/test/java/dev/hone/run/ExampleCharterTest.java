package dev.hone.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hone.charter.Charter;
import dev.hone.charter.Charter.Constraints;
import dev.hone.charter.CharterReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExampleCharterTest {
    /** Whoever reads the file reads what the demo judges by. */
    @ParameterizedTest
    @ValueSource(strings = {CallUseCase.ASSISTANT_ACTIONS, LabelUseCase.VULNERABILITY_TRIAGE})
    void isTheRepositorysFile(String useCase) throws IOException {
        Charter charter = ExampleCharter.of(useCase);
        assertEquals(
                CharterReader.read(Path.of("../use-cases", useCase + CharterReader.END))
                        .text(),
                charter.text());
        assertEquals(useCase, charter.name());
    }

    @Test
    void constrainsPriceAndTime() {
        assertEquals(
                new Constraints(0.05, Duration.ofSeconds(2)),
                ExampleCharter.of(CallUseCase.ASSISTANT_ACTIONS).constraints());
    }

    @Test
    void thereIsNoneOfOthers() {
        assertTrue(assertThrows(IllegalStateException.class, () -> ExampleCharter.of("support"))
                .getMessage()
                .contains("use-cases/support.yaml"));
    }
}
