package dev.hone.capture.gateway;

import java.time.Duration;

/**
 * Bounds of the gateway, and when it lets an answer go.
 *
 * @param mostRequestBytes of a body
 * @param mostAnswerBytes of a body
 * @param strict whether an answer waits until its trace survives a power failure, and not the process alone
 * @param heartbeat how long a client that streams hears nothing before it is told that somebody is at work
 */
public record GatewayOptions(int mostRequestBytes, int mostAnswerBytes, boolean strict, Duration heartbeat) {}
