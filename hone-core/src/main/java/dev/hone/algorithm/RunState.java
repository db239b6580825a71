package dev.hone.algorithm;

import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Where a run stands. Everything else (epoch, position in it, learning rate, order of the rows) follows from the step,
 * because batches are a pure function of it. Written beside each checkpoint, read when a run is resumed.
 *
 * @param step optimiser steps taken
 * @param settings what decides the result: hyper-parameters, model and data hashes, by name
 */
public record RunState(long step, Map<String, String> settings) {
    public RunState {
        settings = Map.copyOf(settings);
    }

    /** Refuses to go on with other settings: the result would be neither the old run nor a new one. */
    void requireSame(Map<String, String> now) {
        TreeSet<String> names = new TreeSet<>(settings.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            String before = settings.get(name);
            String after = now.get(name);
            if (!Objects.equals(before, after)) {
                throw new IllegalArgumentException(
                        "Cannot resume: [%s] was [%s] and is now [%s]. Give the same options, or another --out"
                                .formatted(name, before, after));
            }
        }
    }
}
