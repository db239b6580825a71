package dev.hone.task;

/**
 * A line that cannot be read, and why.
 *
 * @param number from 1
 */
public record LineFault(int number, String reason) implements LabelledFile.Line, CompletionFile.Line, TraceFile.Line {}
