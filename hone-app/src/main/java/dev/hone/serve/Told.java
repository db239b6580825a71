package dev.hone.serve;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What was told of each use case, so that it is not told at every look: until nothing of it is left, or it is forgotten. */
final class Told {
    private final Map<String, Set<String>> known = new HashMap<>();

    /** @return whether there is anything that was not told yet; it is, from here on */
    boolean isNews(String useCase, Collection<String> now) {
        if (now.isEmpty()) {
            forget(useCase);
            return false;
        }
        return known.computeIfAbsent(useCase, name -> new HashSet<>()).addAll(now);
    }

    void forget(String useCase) {
        known.remove(useCase);
    }
}
