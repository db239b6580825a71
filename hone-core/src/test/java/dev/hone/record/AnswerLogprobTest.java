package dev.hone.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How probable an answer was, as a header says it. */
final class AnswerLogprobTest {
    private static Optional<AnswerLogprob> of(float... logprobs) {
        return AnswerLogprob.of(new Sample(new int[logprobs.length], logprobs, Sample.StopReason.END));
    }

    @Test
    void itIsTheSumOverTheTokens() {
        AnswerLogprob answer =
                of((float) Math.log(0.5), 0, (float) Math.log(0.125)).orElseThrow();
        assertEquals(3, answer.tokens());
        assertEquals(1.0 / 16, answer.whole(), 1e-8);
        assertEquals(Math.cbrt(1.0 / 16), answer.perToken(), 1e-8);
        assertEquals(Optional.empty(), of(), "no token");
        assertEquals(Optional.empty(), of(Float.NEGATIVE_INFINITY));
        assertEquals(Optional.empty(), of(Float.NaN));
        assertEquals("0.0;tokens=2", of(1e-7f, -0f).orElseThrow().text(), "a rounding is no probability above 1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1e-300, -1.25e-9, -0.6931471805599453, -41.5, -123456.789, -1e12})
    void whatIsWrittenIsRead(double sum) {
        AnswerLogprob answer = new AnswerLogprob(sum, 17);
        assertEquals(Optional.of(answer), AnswerLogprob.parse(answer.text()));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "-1",
                "-1;tokens=0",
                "-1;tokens=-1",
                "1;tokens=3",
                "-1e5;tokens=3",
                "NaN;tokens=1",
                "-Infinity;tokens=1",
                "-1;tokens=9999999999",
                "-1 ;tokens=1",
                "-1;tokens=1\n",
                "-9E999;tokens=1",
                "-0x1p3;tokens=1"
            })
    void whatIsNoneIsNone(String text) {
        assertEquals(Optional.empty(), AnswerLogprob.parse(text));
    }

    @Test
    void whatCannotBeIsRefused() {
        for (double sum : new double[] {1e-9, Double.NaN, Double.NEGATIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> new AnswerLogprob(sum, 1));
        }
        assertThrows(IllegalArgumentException.class, () -> new AnswerLogprob(-1, 0));
    }
}
