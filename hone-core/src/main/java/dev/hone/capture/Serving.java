package dev.hone.capture;

import dev.hone.capture.redact.Redaction;
import dev.hone.capture.route.Route;

/**
 * How a use case's calls are served. Read from its charter by {@link ServingReader}; carried out by the gateway.
 *
 * @param route who answers
 * @param redaction what is not stored
 */
public record Serving(Route route, Redaction redaction) {}
