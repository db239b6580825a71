package dev.hone.train;

import dev.hone.model.ModelConfig;

/**
 * Widths of the linear layers of a transformer's block.
 *
 * @param hidden of the residual stream
 * @param queryWidth of all query heads together
 * @param keyValueWidth of all key heads together
 * @param feedForward of the gated layer
 */
public record BlockShape(int hidden, int queryWidth, int keyValueWidth, int feedForward) {
    /** SmolLM2-135M's. */
    public static final BlockShape SMALL = new BlockShape(576, 576, 192, 1536);

    public static BlockShape of(ModelConfig config) {
        return new BlockShape(config.hidden(), config.queryWidth(), config.keyValueWidth(), config.feedForward());
    }
}
