package dev.hone.web.site;

import dev.hone.capture.access.Secret;
import dev.hone.record.ApiKey;
import dev.hone.record.Ids;
import dev.hone.store.ApiKeys;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keys of a project's callers. */
public final class KeysPage {
    private static final int LONGEST_NAME = 100;
    private static final int MOST_DAYS = 36_500;

    private final Views views;
    private final ApiKeys keys;
    private final InstantSource clock;

    KeysPage(Views views, ApiKeys keys, InstantSource clock) {
        this.views = views;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * The keys.
     *
     * @param made shown this once; null where none was made
     */
    public record Page(
            Shell shell,
            List<ApiKey> keys,
            Instant now,
            @Nullable String made,
            @Nullable String trouble) {

        /** Whether it counts, and until when. */
        public String state(ApiKey key) {
            return key.revoked() != null
                    ? "revoked " + Figures.time(key.revoked())
                    : key.expires() == null
                            ? "in force"
                            : (key.isValid(now) ? "until " : "expired ") + Figures.time(key.expires());
        }

        /** What it allows. */
        public String scopes(ApiKey key) {
            return String.join(
                    ", ",
                    key.scopes().stream()
                            .sorted()
                            .map(scope -> scope.name().toLowerCase(Locale.ROOT))
                            .toList());
        }

        /** Whose calls it makes. */
        public String useCases(ApiKey key) {
            return key.bounds().useCases().isEmpty()
                    ? "all"
                    : String.join(
                            ", ", key.bounds().useCases().stream().sorted().toList());
        }

        /** How much its holder may ask for. */
        public String bounds(ApiKey key) {
            String budget = key.bounds().monthlyBudget() == null
                    ? ""
                    : Figures.money(key.bounds().monthlyBudget(), null) + " a month";
            String rate =
                    key.bounds().callsPerMinute() == null ? "" : key.bounds().callsPerMinute() + " a minute";
            return budget.isEmpty() && rate.isEmpty()
                    ? "none"
                    : budget + (budget.isEmpty() || rate.isEmpty() ? "" : ", ") + rate;
        }
    }

    List<Route> routes() {
        return List.of(
                SettingsTab.KEYS.get(ask -> show(ask, null, null)),
                SettingsTab.KEYS.post("", this::add),
                SettingsTab.KEYS.post("/{id}/revoke", this::revoke));
    }

    private Answer show(Ask ask, @Nullable String made, @Nullable String trouble) {
        return new Answer.Html(
                trouble == null ? 200 : 422,
                views.html(
                        "keys",
                        new Page(
                                views.shell(ask, "settings", "Keys"),
                                own(ask).reversed(),
                                clock.instant(),
                                made,
                                trouble)));
    }

    private List<ApiKey> own(Ask ask) {
        String project = ask.membership().projectName();
        return keys.all().stream().filter(key -> key.project().equals(project)).toList();
    }

    private Answer add(Ask ask) {
        Secret secret = Secret.random();
        try {
            keys.add(key(ask, secret));
        } catch (IllegalArgumentException e) {
            return show(ask, null, e.getMessage());
        }
        return show(ask, secret.text(), null);
    }

    private ApiKey key(Ask ask, Secret secret) {
        String name = ask.form("name");
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("A key's name has 1 to %d characters".formatted(LONGEST_NAME));
        }
        Set<ApiKey.Scope> scopes = EnumSet.noneOf(ApiKey.Scope.class);
        for (String scope : ask.forms("scope")) {
            scopes.add(Arrays.stream(ApiKey.Scope.values())
                    .filter(one -> one.name().equals(scope))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("[%s] is no scope".formatted(scope))));
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Integer days = whole(ask, "days", MOST_DAYS);
        return new ApiKey(
                Ids.next(),
                name,
                secret.hash(),
                secret.hint(),
                scopes,
                ask.membership().projectName(),
                new ApiKey.Bounds(amount(ask, "budget"), whole(ask, "rate", Integer.MAX_VALUE), useCases(ask)),
                ask.who(),
                now,
                days == null ? null : now.plus(Duration.ofDays(days)),
                null);
    }

    private static Set<String> useCases(Ask ask) {
        return Arrays.stream(ask.form("useCases").split("[,\\s]+"))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    private static @Nullable Integer whole(Ask ask, String field, int most) {
        String text = ask.form(field);
        if (text.isEmpty()) {
            return null;
        }
        if (!text.matches("[1-9]\\d{0,8}") || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException("[%s] is no whole number from 1 to %d".formatted(text, most));
        }
        return Integer.parseInt(text);
    }

    private static @Nullable BigDecimal amount(Ask ask, String field) {
        String text = ask.form(field);
        if (text.isEmpty()) {
            return null;
        }
        if (!text.matches("\\d{1,12}(\\.\\d{1,9})?")) {
            throw new IllegalArgumentException("[%s] is no amount, such as [50] or [0.25]".formatted(text));
        }
        return new BigDecimal(text);
    }

    private Answer revoke(Ask ask) {
        UUID id = ask.id("id");
        ApiKey key =
                own(ask).stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow(PageRefusal::notFound);
        if (key.revoked() == null) {
            keys.revoke(key.name(), key.project(), clock.instant(), ask.who());
        }
        return new Answer.See(ask.below(SettingsTab.KEYS.path()));
    }
}
