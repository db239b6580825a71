package dev.hone.run;

import dev.hone.evaluate.Pricing;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The model that does the job today, behind an OpenAI-compatible endpoint.
 *
 * @param url of its API, such as {@code https://api.example.com/v1}
 * @param model its name there
 * @param key for the {@code Authorization} header; null for none
 * @param maxTokens most tokens of an answer, those of its reasoning among them
 * @param pricing of its tokens
 * @param patience with one request
 */
public record Incumbent(
        URI url, String model, @Nullable String key, int maxTokens, Pricing pricing, Duration patience) {
    public Incumbent {
        String scheme = url.getScheme();
        if (scheme == null
                || !scheme.matches("https?")
                || url.getHost() == null
                || url.getRawUserInfo() != null
                || url.getRawQuery() != null
                || url.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "--incumbent must be a URL such as [https://api.example.com/v1], without a password or a query in it; this one is of the host [%s]"
                            .formatted(url.getHost()));
        }
        if (model.isBlank()) {
            throw new IllegalArgumentException("--incumbent needs --incumbent-model, the model's name there");
        }
        if (key != null && !key.matches("[\\x21-\\x7e]+")) {
            throw new IllegalArgumentException(
                    "The incumbent's key has characters that no header can carry: look for spaces or line ends in it");
        }
    }

    /** Name of the contender. */
    String contender() {
        return "incumbent, " + model;
    }

    URI completions() {
        return URI.create(url.toString().replaceFirst("/+$", "") + "/chat/completions");
    }

    /** Whose answers those of a file are. */
    String identity() {
        return url + " " + model;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return identity();
    }
}
