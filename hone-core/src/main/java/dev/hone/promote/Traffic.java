package dev.hone.promote;

import dev.hone.capture.Serving;
import dev.hone.capture.route.Canary;
import dev.hone.capture.route.Route;
import dev.hone.capture.route.Variant;
import dev.hone.store.Rollouts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Who answers a use case's calls: a function of what its charter declares, of where its versions are, and of which of them answer. As long as none is live, it is
 * who the charter says; else the live version, and if that does not answer, those of the charter that have a weight, in their order, and its fallback.
 */
public final class Traffic {
    /** The variant of the version that has the calls. */
    public static final String LIVE = Rollouts.LIVE;

    /** The variant of the version that is being rolled out. */
    public static final String CANDIDATE = Rollouts.CANDIDATE;

    static final List<String> RESERVED = List.of(LIVE, CANDIDATE);

    private Traffic() {}

    /** @param answers whether a version's server is open */
    public static Serving serving(Serving declared, TrafficState state, Predicate<Served> answers) {
        Route route = declared.route();
        List<Variant> variants = new ArrayList<>();
        List<String> fallback = new ArrayList<>(route.fallback());
        List<String> shadows = new ArrayList<>(route.shadows());
        boolean redacted = !declared.redaction().isEmpty();
        Served live = state.live();
        boolean served = live != null && !state.halted() && answers.test(live);
        Set<String> declaredChain = new LinkedHashSet<>();
        route.variants().stream()
                .filter(variant -> variant.weight() > 0)
                .map(Variant::name)
                .forEach(declaredChain::add);
        declaredChain.addAll(route.fallback());
        if (live != null && served) {
            variants.add(variant(LIVE, live, 1, redacted));
            route.variants().forEach(variant -> variants.add(weightless(variant)));
            fallback = new ArrayList<>(declaredChain);
        } else {
            variants.addAll(route.variants());
        }
        Rollout rollout = state.rollout();
        Canary canary = null;
        if (rollout != null && !state.halted() && mayBeAsked(rollout) && answers.test(rollout.candidate())) {
            variants.add(variant(CANDIDATE, rollout.candidate(), 0, redacted));
            List<String> chain = new ArrayList<>();
            if (served) {
                chain.add(LIVE);
            }
            chain.addAll(declaredChain);
            canary = new Canary(CANDIDATE, rollout.share(), rollout.id().toString(), chain);
            if (rollout.phase() instanceof Phase.Shadow) {
                shadows.add(CANDIDATE);
            }
        }
        return variants.equals(route.variants()) && canary == null
                ? declared
                : new Serving(
                        new Route(route.name(), variants, fallback, shadows, route.retries(), canary),
                        declared.redaction(),
                        declared.project(),
                        declared.shadowShare());
    }

    private static boolean mayBeAsked(Rollout rollout) {
        return rollout.phase() instanceof Phase.Shadow || rollout.phase().hasUsers();
    }

    private static Variant variant(String name, Served version, double weight, boolean redacted) {
        return new Variant(name, version.reference(), version.reference(), weight, redacted);
    }

    private static Variant weightless(Variant variant) {
        return new Variant(variant.name(), variant.upstream(), variant.model(), 0, variant.redacted());
    }
}
