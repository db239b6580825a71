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

    /** The sum with another amount of the same currency. */
    public Money plus(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException("[%s] and [%s] have no sum".formatted(currency, other.currency));
        }
        return new Money(amount.add(other.amount), currency);
    }
}
