package dev.hone.improve;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a look at production found. Made by {@link Drift}; kept by the store; shown by {@code hone watch} and the page.
 *
 * @param reference how many calls it has
 * @param since how many came after it
 * @param window how many of these are of the window
 * @param level how probable a false alarm may be, as long as the reference lasts
 * @param regions what is asked, then and now
 * @param novelty how much of it is like nothing of the reference
 * @param newNames what answers are called that none of the reference was
 * @param newTools names of tools that were offered and never were before
 * @param few what nobody looks at, since its reference has too few values; what was stored before anybody told says none of it
 */
public record Look(
        int reference,
        int since,
        int window,
        double level,
        List<Finding> findings,
        List<Region> regions,
        Novelty novelty,
        List<String> newNames,
        List<String> newTools,
        @Nullable List<String> few) {
    public Look {
        findings = List.copyOf(findings);
        regions = List.copyOf(regions);
        newNames = List.copyOf(newNames);
        newTools = List.copyOf(newTools);
        few = few == null ? List.of() : List.copyOf(few);
    }

    @Override
    public List<String> few() {
        return few == null ? List.of() : few;
    }

    /**
     * A cluster.
     *
     * @param typical the call nearest to its centre
     * @param then calls of the reference that it was not made of
     * @param now calls of the window
     */
    public record Region(UUID typical, int then, int now) {}

    /**
     * Calls that are farther from every cluster than all but some of the reference's.
     *
     * @param radius that far
     * @param expected share of the calls without a change
     * @param found of the window
     * @param newest some of them
     */
    public record Novelty(double radius, double expected, int found, List<UUID> newest) {
        public Novelty {
            newest = List.copyOf(newest);
        }
    }

    /** Whether anything has drifted. */
    public boolean drifted() {
        return findings.stream().anyMatch(Finding::drifted);
    }

    /** What has, in words. */
    public List<String> changes() {
        return findings.stream()
                .filter(Finding::drifted)
                .map(finding -> "%s (%s)".formatted(finding.of(), finding.change()))
                .toList();
    }

    /** What has changed for the better and not drifted, in words. */
    public List<String> improvements() {
        return findings.stream()
                .filter(finding -> !finding.drifted() && finding.better() != null)
                .map(finding -> "%s (%s)".formatted(finding.of(), finding.better()))
                .toList();
    }
}
