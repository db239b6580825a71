package dev.hone.cli;

import dev.hone.evaluate.PriceList;
import dev.hone.evaluate.Pricing;
import dev.hone.run.Incumbent;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Today's model, where it can be asked. */
final class IncumbentOptions {
    static final String KEY = "HONE_INCUMBENT_KEY";

    private static final int MOST_TOKENS = 16_384;
    private static final int PATIENCE = 300;

    @Option(
            names = "--incumbent",
            paramLabel = "URL",
            description = "OpenAI-compatible API of today's model, which becomes a contender; its key in " + KEY + ".")
    private @Nullable String url;

    @Option(names = "--incumbent-model", paramLabel = "NAME", description = "The model's name there.")
    private @Nullable String model;

    @Option(
            names = "--incumbent-price",
            paramLabel = "IN,OUT",
            split = ",",
            description =
                    "Price of a million tokens read and written, for the cost of a request (default: of --prices, where the model"
                            + " is there; else not known).")
    private @Nullable List<Double> price;

    @Option(
            names = "--incumbent-max-tokens",
            paramLabel = "N",
            description = "Most tokens of an answer, those of its reasoning among them (default " + MOST_TOKENS
                    + "): the report counts answers that are cut.")
    private @Nullable Integer maxTokens;

    @Option(
            names = "--incumbent-timeout",
            paramLabel = "SECONDS",
            description = "Patience with one request (default " + PATIENCE + ").")
    private @Nullable Integer seconds;

    /** What was given; null when nothing was. */
    @Nullable
    Incumbent chosen(DemoPrices prices) {
        return chosen(prices, System.getenv());
    }

    /** The price of its tokens as it was given, or else as it is listed; null where nobody knows, or there is no incumbent. */
    PriceList.@Nullable Tokens tokens(DemoPrices prices) {
        return price == null
                ? model == null ? null : prices.tokens(model)
                : new PriceList.Tokens(price.get(0), price.get(1), DemoPrices.given("incumbent-price"));
    }

    @Nullable
    Incumbent chosen(DemoPrices prices, Map<String, String> environment) {
        if (url == null) {
            if (model != null || price != null || maxTokens != null || seconds != null) {
                throw new IllegalArgumentException(
                        "--incumbent-… describe the model behind --incumbent: give its URL too");
            }
            return null;
        }
        if (price != null && price.size() != 2) {
            throw new IllegalArgumentException(
                    "--incumbent-price is two numbers, of a million tokens read and written, for instance 2.5,10");
        }
        int most = maxTokens == null ? MOST_TOKENS : maxTokens;
        if (most < 1 || most > 1_000_000) {
            throw new IllegalArgumentException("--incumbent-max-tokens must be 1 to 1000000, not [" + most + "]");
        }
        int patience = seconds == null ? PATIENCE : seconds;
        if (patience < 1 || patience > 3600) {
            throw new IllegalArgumentException("--incumbent-timeout must be 1 to 3600, not [" + patience + "]");
        }
        PriceList.Tokens tokens = tokens(prices);
        return new Incumbent(
                uri(url),
                model == null ? "" : model,
                environment.get(KEY),
                most,
                tokens == null ? new Pricing.Unknown() : tokens.pricing(),
                Duration.ofSeconds(patience));
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "--incumbent is no URL: %s at character [%d]".formatted(e.getReason(), e.getIndex()), e);
        }
    }
}
