package dev.hone.capture.gateway;

import dev.hone.capture.Serving;
import dev.hone.capture.route.Retries;
import dev.hone.capture.route.Route;
import dev.hone.capture.route.Variant;
import dev.hone.capture.upstream.Price;
import dev.hone.capture.upstream.Upstream;
import dev.hone.record.ApiKey;
import dev.hone.record.CallUsage;
import dev.hone.record.Money;
import dev.hone.record.Project;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the gateway's files say. A call keeps to the one that it began with. */
public final class Configuration {
    /** What stands before the name of a use case where a model's name is expected. */
    public static final String USE_CASE = "use-case/";

    private static final int LONGEST_SHOWN = 200;

    private final GatewayOptions options;
    private final String currency;
    private final String hash;
    private final Map<String, Upstream> upstreams;
    private final Map<String, Serving> servings;

    /**
     * @param currency of all prices
     * @param servings of the use cases
     * @param hash SHA-256 of the files
     * @throws IllegalArgumentException when a use case is served by a server that there is not
     */
    public Configuration(
            GatewayOptions options, String currency, List<Upstream> upstreams, List<Serving> servings, String hash) {
        this.options = options;
        this.currency = currency;
        this.hash = hash;
        this.upstreams = upstreams.stream().collect(Collectors.toMap(Upstream::name, Function.identity()));
        this.servings = servings.stream()
                .collect(Collectors.toMap(serving -> serving.route().name(), Function.identity()));
        for (Serving serving : servings) {
            for (Variant variant : serving.route().variants()) {
                if (!this.upstreams.containsKey(variant.upstream())) {
                    throw new IllegalArgumentException(
                            "Variant [%s] of [%s] is served by [%s], which is no upstream: there are %s"
                                    .formatted(
                                            variant.name(),
                                            serving.route().name(),
                                            variant.upstream(),
                                            this.upstreams.keySet().stream()
                                                    .sorted()
                                                    .toList()));
                }
            }
        }
    }

    /**
     * The same with more servers, and with some use cases served otherwise.
     *
     * @param more called like none that there is
     * @param others of use cases; those that there are not stay away
     */
    public Configuration with(List<Upstream> more, List<Serving> others) {
        Map<String, Serving> changed = new HashMap<>(servings);
        others.forEach(serving -> changed.replace(serving.route().name(), serving));
        List<Upstream> all = new ArrayList<>(upstreams.values());
        all.addAll(more);
        return new Configuration(options, currency, all, List.copyOf(changed.values()), hash);
    }

    public GatewayOptions options() {
        return options;
    }

    public String currency() {
        return currency;
    }

    public String hash() {
        return hash;
    }

    /** How one use case is served, or one server's model that a call names itself. */
    record Way(Serving serving, boolean useCase) {}

    /**
     * The way of a call.
     *
     * @param model as its body names it: a use case, or {@code UPSTREAM/MODEL}, which is passed on as it is
     * @param key of the caller, who sees the use cases of one project; null to see all
     * @throws GatewayRefusal when it is neither, or the key is bound to others
     */
    Way way(String model, @Nullable ApiKey key) {
        Way way = find(model, key);
        String route = way.serving().route().name();
        if (key != null && !key.mayUse(route)) {
            throw GatewayRefusal.at(
                    403,
                    "use_case_not_allowed",
                    "model",
                    "The key [%s] is for [%s], and not for [%s]: name one of these, or make a key by hone keys add NAME%s"
                            .formatted(
                                    key.name(),
                                    key.bounds().useCases().stream()
                                            .sorted()
                                            .map(USE_CASE::concat)
                                            .collect(Collectors.joining("], [")),
                                    shown(model),
                                    way.useCase() ? " --use-case " + shown(route) : ", without --use-case"));
        }
        return way;
    }

    private static String shown(String model) {
        return model.length() <= LONGEST_SHOWN ? model : model.substring(0, LONGEST_SHOWN) + "…";
    }

    private Way find(String model, @Nullable ApiKey key) {
        if (model.startsWith(USE_CASE)) {
            Serving serving = servings.get(model.substring(USE_CASE.length()));
            if (serving != null && isVisible(serving, key)) {
                return new Way(serving, true);
            }
        }
        int slash = model.indexOf('/');
        Upstream upstream = slash < 0 ? null : upstreams.get(model.substring(0, slash));
        if (upstream != null && slash + 1 < model.length()) {
            Variant only = new Variant(model, upstream.name(), model.substring(slash + 1), 1, false);
            return new Way(
                    new Serving(
                            new Route(model, List.of(only), List.of(), List.of(), Retries.STANDARD),
                            options.redaction(),
                            key == null ? Project.DEFAULT : key.project(),
                            0),
                    false);
        }
        throw GatewayRefusal.at(
                404,
                "model_not_found",
                "model",
                "There is no model [%s]: name a use case of [%s], or a server's model as [%s/MODEL]"
                        .formatted(
                                shown(model),
                                useCases(key).collect(Collectors.joining(", ")),
                                upstreams.keySet().stream()
                                        .filter(name -> name.indexOf('/') < 0)
                                        .sorted()
                                        .collect(Collectors.joining("|"))));
    }

    private static boolean isVisible(Serving serving, @Nullable ApiKey key) {
        return !serving.route().variants().isEmpty()
                && (key == null || key.project().equals(serving.project()));
    }

    private Stream<String> useCases(@Nullable ApiKey key) {
        return servings.values().stream()
                .filter(serving -> isVisible(serving, key)
                        && (key == null || key.mayUse(serving.route().name())))
                .map(serving -> USE_CASE + serving.route().name())
                .sorted();
    }

    /** What a caller may name as a model, as far as the files name it. */
    List<String> models(@Nullable ApiKey key) {
        List<String> models = new ArrayList<>(useCases(key).toList());
        upstreams.values().stream()
                .filter(upstream -> key == null || key.bounds().useCases().isEmpty())
                // Versions on their way have a name that no call can name.
                .filter(upstream -> upstream.name().indexOf('/') < 0)
                .flatMap(upstream -> upstream.prices().keySet().stream().map(model -> upstream.name() + "/" + model))
                .sorted()
                .forEach(models::add);
        return models;
    }

    /** How a use case is served; null where the files do not say. */
    @Nullable
    Serving serving(String useCase) {
        return servings.get(useCase);
    }

    Collection<Serving> servings() {
        return servings.values();
    }

    Collection<Upstream> upstreams() {
        return upstreams.values();
    }

    /** Whether another one has the same server under a name. */
    boolean hasSame(Configuration other, String upstream) {
        return upstreams.containsKey(upstream) && upstreams.get(upstream).equals(other.upstreams.get(upstream));
    }

    Upstream upstream(String name) {
        Upstream upstream = upstreams.get(name);
        if (upstream == null) {
            throw new IllegalArgumentException("There is no upstream [%s]".formatted(name));
        }
        return upstream;
    }

    /** Those who may answer on a way, and whose price is not known: a budget cannot be kept with them. */
    public List<Variant> unpriced(Route route) {
        return route.variants().stream()
                .filter(variant -> variant.weight() > 0 || route.fallback().contains(variant.name()))
                .filter(variant -> !upstream(variant.upstream()).prices().containsKey(variant.model()))
                .toList();
    }

    /** Whether the files name a server's model: by a price, or by a variant. */
    boolean names(Variant variant) {
        return upstream(variant.upstream()).prices().containsKey(variant.model())
                || servings.values().stream()
                        .flatMap(serving -> serving.route().variants().stream())
                        .anyMatch(one -> one.upstream().equals(variant.upstream())
                                && one.model().equals(variant.model()));
    }

    /** What a call cost; null where it is not known. */
    @Nullable
    Money cost(Variant variant, CallUsage usage) {
        Price price = upstream(variant.upstream()).prices().get(variant.model());
        BigDecimal amount = price == null ? null : price.of(usage);
        return amount == null ? null : new Money(amount, currency);
    }
}
