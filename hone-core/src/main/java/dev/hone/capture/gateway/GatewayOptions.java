package dev.hone.capture.gateway;

/**
 * Bounds of the gateway, and when it lets an answer go.
 *
 * @param mostRequestBytes of a body
 * @param mostAnswerBytes of a body
 * @param strict whether an answer waits until its trace survives a power failure, and not the process alone
 */
public record GatewayOptions(int mostRequestBytes, int mostAnswerBytes, boolean strict) {}
