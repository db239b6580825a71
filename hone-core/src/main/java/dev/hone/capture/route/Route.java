package dev.hone.capture.route;

import dev.hone.fetch.Hashes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who answers a use case's calls.
 *
 * @param name of the use case
 * @param variants one of them with a weight; none where calls do not pass here, and are only told about
 * @param fallback names of variants that are asked, in this order, when the chosen one does not answer
 * @param shadows names of variants that get a copy, and whose answers nobody but the traces sees
 * @param canary who gets a share of all episodes before any weight counts; null for nobody
 */
public record Route(
        String name,
        List<Variant> variants,
        List<String> fallback,
        List<String> shadows,
        Retries retries,
        @Nullable Canary canary) {
    public Route {
        variants = List.copyOf(variants);
        fallback = List.copyOf(fallback);
        shadows = List.copyOf(shadows);
        Set<String> names = new HashSet<>();
        for (Variant variant : variants) {
            if (!names.add(variant.name())) {
                throw new IllegalArgumentException("[%s] has two variants [%s]".formatted(name, variant.name()));
            }
        }
        if (!variants.isEmpty()
                && variants.stream().mapToDouble(Variant::weight).sum() <= 0) {
            throw new IllegalArgumentException(
                    "[%s] has no variant with a weight above 0: nobody would answer".formatted(name));
        }
        requireKnown(name, "fallback", fallback, names);
        requireKnown(name, "shadow", shadows, names);
        if (canary != null) {
            requireKnown(name, "canary", List.of(canary.variant()), names);
            requireKnown(name, "canary's fallback", canary.fallback(), names);
        }
    }

    /** One in which weights alone decide. */
    public Route(String name, List<Variant> variants, List<String> fallback, List<String> shadows, Retries retries) {
        this(name, variants, fallback, shadows, retries, null);
    }

    private static void requireKnown(String use, String what, List<String> asked, Set<String> names) {
        for (String one : asked) {
            if (!names.contains(one)) {
                throw new IllegalArgumentException("The %s [%s] of [%s] is none of its variants %s"
                        .formatted(what, one, use, names.stream().sorted().toList()));
            }
        }
        if (new HashSet<>(asked).size() < asked.size()) {
            throw new IllegalArgumentException("[%s] names a %s twice: %s".formatted(use, what, asked));
        }
    }

    /**
     * The variant by weight. One key is always served by the same variant while the weights are what they are, and few keys move
     * when they change a little.
     *
     * @param key of the episode, or of the call where it belongs to none
     */
    public Variant choose(String key) {
        return canary != null && canary.takes(key, Route::share) ? variant(canary.variant()) : chooseByWeight(key);
    }

    /** The variant by weight alone, whatever share another has. */
    public Variant chooseByWeight(String key) {
        double total = variants.stream().mapToDouble(Variant::weight).sum();
        double at = share(name + "\0" + key) * total;
        Variant last = null;
        for (Variant variant : variants) {
            if (variant.weight() > 0) {
                last = variant;
                if (at < variant.weight()) {
                    return variant;
                }
                at -= variant.weight();
            }
        }
        if (last == null) {
            throw new IllegalStateException("[%s] has no variant with a weight".formatted(name));
        }
        return last;
    }

    /** Whether a key is among a share of all, always the same ones, and more when the share grows. */
    public boolean isWithin(String key, double share) {
        return share(name + "\0shadow\0" + key) < share;
    }

    /** In [0, 1), evenly over texts. */
    private static double share(String text) {
        byte[] digest = Hashes.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return (ByteBuffer.wrap(digest).getLong() >>> 11) * 0x1p-53;
    }

    /** Who is asked, in this order. */
    List<Variant> chain(Variant chosen) {
        List<Variant> chain = new ArrayList<>(List.of(chosen));
        List<String> others = canary != null && canary.variant().equals(chosen.name()) ? canary.fallback() : fallback;
        for (String one : others) {
            if (!one.equals(chosen.name())) {
                chain.add(variant(one));
            }
        }
        return chain;
    }

    /** @throws IllegalArgumentException when there is none of that name */
    public Variant variant(String wanted) {
        return variants.stream()
                .filter(variant -> variant.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("[%s] has no variant [%s]".formatted(name, wanted)));
    }
}
