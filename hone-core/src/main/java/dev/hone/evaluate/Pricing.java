package dev.hone.evaluate;

import java.util.List;

/** What answers cost, in whatever currency. */
public sealed interface Pricing {
    /** Of a thousand requests; NaN where nobody knows. */
    double perThousand(Answers answers);

    /** A machine's time. */
    record CoreHours(double price, int cores) implements Pricing {
        @Override
        public double perThousand(Answers answers) {
            return answers.seconds() / answers.answers().size() * 1000 / 3600 * cores * price;
        }
    }

    /** A service's tokens, by the million. */
    record Tokens(double prompt, double completion) implements Pricing {
        public Tokens {
            for (double price : List.of(prompt, completion)) {
                if (!(price >= 0 && price < Double.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException("A price of a million tokens is 0 or more, not [" + price + "]");
                }
            }
        }

        @Override
        public double perThousand(Answers answers) {
            double sum = 0;
            for (Answer answer : answers.answers()) {
                sum += prompt * answer.promptTokens() + completion * answer.completionTokens();
            }
            return sum / 1e6 / answers.answers().size() * 1000;
        }
    }

    /** Worked out elsewhere: a thousand requests cost so much. */
    record Fixed(double perThousand) implements Pricing {
        @Override
        public double perThousand(Answers answers) {
            return perThousand;
        }
    }

    /** Not known. */
    record Unknown() implements Pricing {
        @Override
        public double perThousand(Answers answers) {
            return Double.NaN;
        }
    }
}
