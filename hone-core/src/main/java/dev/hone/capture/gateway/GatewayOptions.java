package dev.hone.capture.gateway;

import dev.hone.capture.redact.Redaction;
import java.time.Duration;

/**
 * Bounds of the gateway, and when it lets an answer go.
 *
 * @param mostRequestBytes of a body
 * @param mostAnswerBytes of a body
 * @param strict whether an answer waits until its trace survives a power failure, and not the process alone
 * @param heartbeat how long a client that streams hears nothing before it is told that somebody is at work
 * @param redaction what is not stored of calls that no charter speaks of
 */
public record GatewayOptions(
        int mostRequestBytes, int mostAnswerBytes, boolean strict, Duration heartbeat, Redaction redaction) {
    GatewayOptions(int mostRequestBytes, int mostAnswerBytes, boolean strict, Duration heartbeat) {
        this(mostRequestBytes, mostAnswerBytes, strict, heartbeat, Redaction.NOTHING);
    }
}
