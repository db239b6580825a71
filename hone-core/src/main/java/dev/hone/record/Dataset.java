package dev.hone.record;

import java.time.Instant;
import java.util.UUID;

/**
 * A frozen list of tasks, without the tasks.
 *
 * @param hash SHA-256 over the split and content of every task, in order
 * @param settings how it was made, as a JSON object
 * @param counts what was kept and left out, as a JSON object
 */
public record Dataset(UUID id, String useCase, String hash, String settings, String counts, Instant created) {}
