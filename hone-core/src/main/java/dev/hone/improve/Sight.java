package dev.hone.improve;

import java.util.Set;
import java.util.UUID;

/**
 * What is kept of a call that was watched. Written when it was, by the store; read by {@link Drift} and {@link Queue}.
 *
 * @param position in the order in which calls were watched
 * @param input what was asked, as a vector of length 1
 * @param named what the answer is called
 * @param length of the answer, in characters
 * @param offered names of the tools that were offered
 */
public record Sight(UUID trace, long position, float[] input, String named, int length, Set<String> offered) {
    public Sight {
        offered = Set.copyOf(offered);
    }
}
