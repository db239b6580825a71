package dev.hone.capture.upstream;

import dev.hone.record.CallUsage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a server takes for its model's tokens, by the million. Read from the configuration.
 *
 * @param input of a request
 * @param cached of a request, where the server had them in its cache
 * @param output of an answer
 */
public record Price(BigDecimal input, BigDecimal cached, BigDecimal output) {
    private static final int MILLION = 6;

    public Price {
        if (input.signum() < 0 || cached.signum() < 0 || output.signum() < 0) {
            throw new IllegalArgumentException(
                    "A price is 0 or more, not [%s, %s, %s]".formatted(input, cached, output));
        }
    }

    /** Of a call, exactly; null where the server did not count its tokens. */
    public @Nullable BigDecimal of(CallUsage usage) {
        if (usage.prompt() == null && usage.completion() == null) {
            return null;
        }
        long prompt = usage.prompt() == null ? 0 : usage.prompt();
        long hit = usage.cached() == null ? 0 : Math.min(usage.cached(), prompt);
        long completion = usage.completion() == null ? 0 : usage.completion();
        return input.multiply(BigDecimal.valueOf(prompt - hit))
                .add(cached.multiply(BigDecimal.valueOf(hit)))
                .add(output.multiply(BigDecimal.valueOf(completion)))
                .movePointLeft(MILLION);
    }
}
