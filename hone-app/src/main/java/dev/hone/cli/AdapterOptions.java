package dev.hone.cli;

import dev.hone.train.Adaptation;
import org.jspecify.annotations.Nullable;

/** What {@code --full} and the {@code --lora-…} options mean together. */
final class AdapterOptions {
    static final int RANK = 16;

    private AdapterOptions() {}

    /**
     * @param rank null means {@value #RANK}
     * @param alpha null means twice the rank
     * @param dropout null means 0
     * @throws IllegalArgumentException when an option would do nothing
     */
    static Adaptation adaptation(
            boolean full, @Nullable Integer rank, @Nullable Double alpha, @Nullable Double dropout) {
        if (!full) {
            int resolved = rank == null ? RANK : rank;
            return new Adaptation.Lora(resolved, alpha == null ? 2.0 * resolved : alpha, dropout == null ? 0 : dropout);
        }
        refuse("--lora-rank", rank);
        refuse("--lora-alpha", alpha);
        refuse("--lora-dropout", dropout);
        return new Adaptation.Full();
    }

    private static void refuse(String option, @Nullable Number value) {
        if (value != null) {
            throw new IllegalArgumentException(
                    "%s [%s] does nothing with --full, which trains no adapters: leave one of them out"
                            .formatted(option, value));
        }
    }
}
