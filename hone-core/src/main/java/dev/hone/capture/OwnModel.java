package dev.hone.capture;

import dev.hone.record.SamplingMode;

/**
 * A model of Hone's own, served beside the gateway in a process of its own. Read from the gateway's file; to routes it is a server with
 * one model, both called like it.
 *
 * @param version what holds it: {@code USE_CASE@ALIAS}, {@code USE_CASE/NUMBER}, a folder, or the name of a known model
 * @param mode how it is computed
 * @param bestOf answers that are drawn where one without chance is asked for
 * @param rows answers that are computed at once
 */
public record OwnModel(String name, String version, SamplingMode mode, int bestOf, int rows) {
    public OwnModel {
        if (bestOf > rows) {
            throw new IllegalArgumentException(
                    "[best-of] is [%d], and [rows], how many are computed at once, [%d]".formatted(bestOf, rows));
        }
    }
}
