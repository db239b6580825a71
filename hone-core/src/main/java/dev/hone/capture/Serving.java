package dev.hone.capture;

import dev.hone.capture.redact.Redaction;
import dev.hone.capture.route.Route;

/**
 * How a use case's calls are served. Read from its charter by {@link ServingReader}; carried out by the gateway.
 *
 * @param route who answers
 * @param redaction what is not stored
 * @param project that alone sees the use case and its calls
 * @param shadowShare of the calls that the route's shadows get a copy of, from 0 to 1
 */
public record Serving(Route route, Redaction redaction, String project, double shadowShare) {
    public Serving {
        if (!(shadowShare >= 0 && shadowShare <= 1)) {
            throw new IllegalArgumentException("A share is from 0 to 1, not [%s]".formatted(shadowShare));
        }
    }
}
