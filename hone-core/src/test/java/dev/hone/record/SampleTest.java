package dev.hone.record;

import static org.junit.jupiter.api.Assertions.assertSame;

import dev.hone.record.Sample.StopReason;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SampleTest {
    private static Sample sample(StopReason end, float... logprobs) {
        return new Sample(new int[logprobs.length], logprobs, end);
    }

    @Test
    void theMostProbableIsSoAsAWhole() {
        Sample greedy = sample(StopReason.END, -0.1f, -2f);
        Sample drawn = sample(StopReason.END, -0.9f, -0.2f, -0.1f);
        assertSame(drawn, Sample.mostProbable(List.of(greedy, drawn, sample(StopReason.END, -3f))));
        assertSame(greedy, Sample.mostProbable(List.of(greedy, sample(StopReason.END, -0.1f, -2f))));
    }

    @Test
    void whatWasCutDoesNotCountUnlessAllWere() {
        Sample greedy = sample(StopReason.END, -9f);
        Sample cut = sample(StopReason.LENGTH, -0.1f);
        assertSame(greedy, Sample.mostProbable(List.of(greedy, cut)));
        assertSame(cut, Sample.mostProbable(List.of(cut, sample(StopReason.LENGTH, 0f))));
    }
}
