package dev.hone.capture.gateway;

import dev.hone.capture.route.Variant;
import dev.hone.record.CapturedCall;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which models of servers have figures of their own, where callers name them as they like: those that the files name, and the first others
 * that each server answered to. What else is named is counted together, a row for each server. Threads share it.
 */
final class NamedModels {
    static final int MOST = 200;

    private static final String OTHERS = "/*";

    private final Map<String, Set<String>> answered = new HashMap<>();

    /** Under which name a call of a server's model is counted. */
    String counted(Configuration configuration, Variant variant, CapturedCall.End end) {
        String name = variant.upstream() + "/" + variant.model();
        boolean own = configuration.names(variant) || isKnown(variant, end == CapturedCall.End.ANSWERED);
        return own ? name : variant.upstream() + OTHERS;
    }

    private synchronized boolean isKnown(Variant variant, boolean exists) {
        Set<String> known = answered.computeIfAbsent(variant.upstream(), name -> new HashSet<>());
        return known.contains(variant.model()) || exists && known.size() < MOST && known.add(variant.model());
    }
}
