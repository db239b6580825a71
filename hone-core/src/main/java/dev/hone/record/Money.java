package dev.hone.record;

import java.math.BigDecimal;

/**
 * An exact amount.
 *
 * @param currency its name, such as {@code USD}
 */
public record Money(BigDecimal amount, String currency) {
    public Money {
        if (amount.signum() < 0) {
            throw new IllegalArgumentException("A cost is 0 or more, not [%s]".formatted(amount));
        }
    }
}
