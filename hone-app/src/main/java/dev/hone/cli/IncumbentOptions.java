package dev.hone.cli;

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
            description = "Price of a million tokens read and written, for the cost of a request (default: not known).")
    private @Nullable List<Double> price;

    @Option(
            names = "--incumbent-timeout",
            paramLabel = "SECONDS",
            description = "Patience with one request (default 60).")
    private @Nullable Integer seconds;

    /** What was given; null when nothing was. */
    @Nullable
    Incumbent chosen() {
        return chosen(System.getenv());
    }

    @Nullable
    Incumbent chosen(Map<String, String> environment) {
        if (url == null) {
            if (model != null || price != null || seconds != null) {
                throw new IllegalArgumentException(
                        "--incumbent-… describe the model behind --incumbent: give its URL too");
            }
            return null;
        }
        if (price != null && price.size() != 2) {
            throw new IllegalArgumentException(
                    "--incumbent-price is two numbers, of a million tokens read and written, for instance 2.5,10");
        }
        int patience = seconds == null ? 60 : seconds;
        if (patience < 1 || patience > 3600) {
            throw new IllegalArgumentException("--incumbent-timeout must be 1 to 3600, not [" + patience + "]");
        }
        return new Incumbent(
                uri(url),
                model == null ? "" : model,
                environment.get(KEY),
                price == null ? new Pricing.Unknown() : new Pricing.Tokens(price.get(0), price.get(1)),
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
