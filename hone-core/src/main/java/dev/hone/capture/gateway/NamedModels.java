package dev.hone.capture.gateway;

import dev.hone.capture.route.Variant;
import dev.hone.record.CapturedCall;
import java.util.HashSet;
import java.util.Set;

/**
 * Which models of servers have figures of their own, where callers name them as they like: those that the files name, and the first others
 * that a server answered to. What else is named is counted together, a row for each server. Threads share it.
 */
final class NamedModels {
    static final int MOST = 200;

    private static final String OTHERS = "/*";

    private final Set<String> answered = new HashSet<>();

    /** Under which name a call of a server's model is counted. */
    String counted(Configuration configuration, Variant variant, CapturedCall.End end) {
        String name = variant.upstream() + "/" + variant.model();
        boolean own = configuration.names(variant) || isKnown(name, end == CapturedCall.End.ANSWERED);
        return own ? name : variant.upstream() + OTHERS;
    }

    private synchronized boolean isKnown(String name, boolean exists) {
        return answered.contains(name) || exists && answered.size() < MOST && answered.add(name);
    }
}
