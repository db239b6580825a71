/**
 * Spans of model calls, as OpenTelemetry's exporters send them: read from protobuf or JSON with bounds, and told as the calls that they
 * describe. Reads bytes; writes {@link dev.hone.record.CapturedCall}.
 */
@NullMarked
package dev.hone.capture.otlp;

import org.jspecify.annotations.NullMarked;
