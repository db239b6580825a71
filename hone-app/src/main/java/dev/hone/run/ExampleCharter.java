package dev.hone.run;

import dev.hone.charter.Charter;
import dev.hone.charter.CharterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The charters of the demo's own use cases: the files of {@code use-cases} in Hone's repository, as they were when it was built. */
public final class ExampleCharter {
    private ExampleCharter() {}

    /** @param useCase name of one of the demo's use cases */
    public static Charter of(String useCase) {
        String file = "use-cases/" + useCase + CharterReader.END;
        try (InputStream in = ExampleCharter.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("[%s] is missing in this build".formatted(file));
            }
            return CharterReader.read(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
