package dev.hone.capture.gateway;

import dev.hone.capture.access.Budgets;
import dev.hone.capture.access.KeyRing;
import dev.hone.capture.access.RateLimits;
import dev.hone.capture.journal.Position;
import dev.hone.capture.route.Variant;
import dev.hone.record.ApiKey;
import dev.hone.record.CapturedCall;
import dev.hone.record.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Who is let in: callers with a key that counts, within the bounds of that key. */
public final class Admission {
    private static final String BEARER = "Bearer ";

    /** When keys are read the next time, where they could not be. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final @Nullable KeyRing keys;
    private final Budgets budgets;
    private final RateLimits rates;

    /** @param keys null to let anybody in */
    public Admission(@Nullable KeyRing keys, Budgets budgets, RateLimits rates) {
        this.keys = keys;
        this.budgets = budgets;
        this.rates = rates;
    }

    /**
     * The key of a request.
     *
     * @return null where none is asked for
     * @throws GatewayRefusal when there is none, or it does not allow this, or where none is asked for, somebody else's page may be calling
     */
    public @Nullable ApiKey key(Request request, ApiKey.Scope scope) {
        if (keys == null) {
            requireNoPage(request);
            return null;
        }
        String shown = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (shown == null || !shown.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw GatewayRefusal.of(
                    401, "missing_api_key", "There is no key: send [Authorization: Bearer KEY], made by hone keys add");
        }
        String secret = shown.substring(BEARER.length()).strip();
        ApiKey key = keys.find(secret).orElseThrow(() -> unknown(keys.mayKnow(secret)));
        if (!key.allows(scope)) {
            throw GatewayRefusal.of(
                    403,
                    "insufficient_scope",
                    "The key [%s] has the scopes %s, and this takes [%s]: make one by hone keys add NAME --scope %s"
                            .formatted(
                                    key.name(),
                                    key.scopes().stream()
                                            .sorted()
                                            .map(Admission::word)
                                            .toList(),
                                    word(scope),
                                    word(scope)));
        }
        return key;
    }

    /** @param perhaps whether the store might know it, but does not answer: clients take 401 for final */
    private static GatewayRefusal unknown(boolean perhaps) {
        return perhaps
                ? GatewayRefusal.later(
                        503,
                        "keys_unavailable",
                        "The key is not among those that are known, and keys cannot be read now: send this again in a moment",
                        AGAIN)
                : GatewayRefusal.of(
                        401, "invalid_api_key", "The key is unknown, revoked or has expired; see hone keys list");
    }

    /** A key is what pages of others in a browser of this machine do not have; without one, what browsers say must show them. */
    private static void requireNoPage(Request request) {
        ForeignPage name = ForeignPage.byName(request);
        if (name != null) {
            throw GatewayRefusal.of(
                    403,
                    name.code(),
                    name.reason() + ": call [localhost] or the address, or have keys asked for by [keys: required]");
        }
        ForeignPage page = ForeignPage.byOrigin(request);
        if (page != null) {
            throw GatewayRefusal.of(403, page.code(), page.reason() + ": pages call with a key, by [keys: required]");
        }
    }

    private static String word(ApiKey.Scope scope) {
        return scope.name().toLowerCase(Locale.ROOT);
    }

    /** @throws GatewayRefusal when a key's calls are used up */
    void admit(@Nullable ApiKey key) {
        if (key == null) {
            return;
        }
        Duration wait = rates.take(key);
        if (!wait.isZero()) {
            throw GatewayRefusal.later(
                    429,
                    "rate_limit_exceeded",
                    "The key [%s] may call [%d] times a minute"
                            .formatted(key.name(), key.bounds().callsPerMinute()),
                    wait);
        }
        BigDecimal left = budgets.left(key);
        if (left != null && left.signum() <= 0) {
            throw GatewayRefusal.later(
                    429,
                    "insufficient_quota",
                    "The key [%s] has spent its budget of [%s] for this month"
                            .formatted(key.name(), key.bounds().monthlyBudget()),
                    budgets.untilNextMonth());
        }
    }

    /** @throws GatewayRefusal when a key with a budget would have somebody answer whose price is not known: nothing could keep its budget */
    static void requirePrices(@Nullable ApiKey key, IncomingCall call) {
        if (key == null || key.bounds().monthlyBudget() == null) {
            return;
        }
        List<Variant> unpriced = call.configuration().unpriced(call.serving().route());
        if (!unpriced.isEmpty()) {
            Variant first = unpriced.getFirst();
            throw GatewayRefusal.at(
                    403,
                    "model_without_price",
                    "model",
                    "The key [%s] has a budget, and [%s] of [%s] has no price: write it under [prices] of that server in hone.yaml (0 where it costs nothing)"
                            .formatted(key.name(), first.model(), first.upstream()));
        }
    }

    /** A call has been written down. @param end of its record */
    void book(CapturedCall call, Position end) {
        Money booked = call.facts().booked();
        if (call.facts().origin().key() != null && booked != null) {
            budgets.book(call.facts().origin().key(), booked, end);
        }
    }
}
