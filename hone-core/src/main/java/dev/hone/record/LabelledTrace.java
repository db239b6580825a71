package dev.hone.record;

/**
 * A trace with an expert's right answer to it.
 *
 * @param demonstration an assistant's message, as JSON in OpenAI's form
 */
public record LabelledTrace(Trace trace, String demonstration) {}
